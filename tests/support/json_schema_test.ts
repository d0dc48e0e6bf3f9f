import { schemaBreaches } from "./json_schema.ts";
import { assertEquals, assertThrows, describe, it } from "./test_api.ts";

const SCHEMA = {
  oneOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }],
  $defs: {
    a: {
      type: "object",
      properties: {
        t: { const: "a" },
        n: { type: "integer", minimum: 0 },
        l: { type: "array", items: { enum: [1, 2] } },
      },
      required: ["t", "n"],
    },
    b: {
      type: "object",
      properties: { t: { const: "b" }, m: { type: "object", additionalProperties: { pattern: "^x" } } },
    },
  },
};

describe("schemaBreaches()", () => {
  it("accepts what fits", () => {
    assertEquals(schemaBreaches(SCHEMA, { t: "a", n: 1, l: [1, 2] }), []);
    assertEquals(schemaBreaches(SCHEMA, { t: "b", m: { any: "xy" } }), []);
  });

  it("finds each way not to fit", () => {
    for (
      const value of [
        { t: "a" },
        { t: "a", n: -1 },
        { t: "a", n: 1.5 },
        { t: "a", n: 1, more: 1 },
        { t: "a", n: 1, l: [3] },
        { t: "b", m: { any: "y" } },
        { t: "c" },
      ]
    ) assertEquals(schemaBreaches(SCHEMA, value).length > 0, true, JSON.stringify(value));
  });

  it("refuses a schema that it cannot read", () => {
    assertThrows(() => schemaBreaches({ minLength: 3 }, ""), Error, "minLength");
    assertThrows(() => schemaBreaches({ $ref: "#/$defs/x", $defs: {} }, ""), Error, "there is no");
  });
});
