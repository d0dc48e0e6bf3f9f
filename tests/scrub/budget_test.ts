import { budgetOf } from "../../tasks/scrub/budget.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

describe("budgetOf()", () => {
  for (
    const [text, budget] of [
      ["30m", { milliseconds: 1_800_000 }],
      ["1.5h", { milliseconds: 5_400_000 }],
      ["90s", { milliseconds: 90_000 }],
      ["2d", { milliseconds: 172_800_000 }],
      ["100GB", { bytes: 100e9 }],
      ["1gib", { bytes: 2 ** 30 }],
      ["5k", { bytes: 5_120 }],
    ] as const
  ) {
    it(`reads ${text}`, () => assertEquals(budgetOf(text), budget));
  }

  it("takes numbers", () => {
    assertEquals(budgetOf({ milliseconds: 5, bytes: 7 }), { milliseconds: 5, bytes: 7 });
  });

  for (const bad of ["", "30", "-5m", "0m", "m", "1x", "1.2.3m", "2026-01-01", {}, { bytes: 0 }, { bytes: NaN }]) {
    it(`refuses ${JSON.stringify(bad)}`, () => {
      assertThrows(() => budgetOf(bad), RangeError);
    });
  }
});
