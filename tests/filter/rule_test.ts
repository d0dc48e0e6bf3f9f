import fc from "fast-check";
import { encodeName } from "../../lib/bytes/name.ts";
import { buildFilter } from "../../lib/filter/build_filter.ts";
import { formatPlace, formatRule, type Rule, ruleFileName } from "../../lib/filter/rule.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { ruleSteps } from "./rule_arbitrary.ts";

/** Rules without their places, which tell where they were written. */
function rulesOf(lines: readonly string[]): Omit<Rule, "place">[] {
  const { rules } = buildFilter({
    steps: [{ type: "filter", text: ". rules" }],
    readMergeFile: () => encodeName(lines.join("\n")),
  });
  return rules.map(({ place: _, ...rest }) => rest);
}

describe("formatRule()", () => {
  it("writes what means the same", () => {
    fc.assert(
      fc.property(ruleSteps, (steps) => {
        const lines = steps.flatMap(({ type, lines }) => type === "filter" ? lines : []);
        const rules = rulesOf(lines);
        const place = { source: "again" };
        assertEquals(rulesOf(rules.map((rule) => formatRule({ ...rule, place } as Rule))), rules);
      }),
      { numRuns: 300 },
    );
  });

  it("writes a line of a gitignore file as it stands there", () => {
    const rule = { pattern: "/a b/", side: "unsaid", git: true, place: { source: ".gitignore", line: 1 } } as const;
    assertEquals(formatRule({ ...rule, type: "exclude" }), "/a b/");
    assertEquals(formatRule({ ...rule, type: "include" }), "!/a b/");
  });
});

describe("formatPlace()", () => {
  it("writes as much as is known", () => {
    assertEquals(formatPlace({ source: "--filter" }), "--filter");
    assertEquals(formatPlace({ source: "--filter", column: 2 }), "--filter, column 2");
    assertEquals(formatPlace({ source: "a/.r", line: 3 }), "a/.r:3");
    assertEquals(formatPlace({ source: "list", line: 3, column: 7 }), "list:3:7");
  });
});

describe("ruleFileName()", () => {
  it("is the last name of a path", () => {
    assertEquals(["a", "/a", "x/a", "", "x/", ".", "x/..", "a\0"].map(ruleFileName), [
      "a",
      "a",
      "a",
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
