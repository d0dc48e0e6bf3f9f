import fc from "fast-check";
import {
  amountProblem,
  type Bounds,
  type ExpectationFacts,
  type Expectations,
  expectationsProblem,
  type Metric,
  METRIC_NAMES,
  METRICS,
  operatorOf,
  unmetError,
  unmetExpectations,
} from "../../lib/plan/expectation.ts";
import { emptySummary, type PlanSummary } from "../../lib/plan/summary.ts";
import { assert, assertEquals, assertStringIncludes, describe, it } from "../support/test_api.ts";

function facts(summary: Partial<PlanSummary> = {}, failures = 0, warnings = 0): ExpectationFacts {
  return { summary: { ...emptySummary(), ...summary }, failures, warnings };
}

function unmet(expectations: Expectations, against: ExpectationFacts): string[] {
  return unmetExpectations(expectations, against).map(({ expected, found }) => `${expected}: ${found}`);
}

describe("unmetExpectations()", () => {
  it("names what does not hold, and what was found instead", () => {
    const some = facts({ deleted: 12, destinationEntries: 48, files: 17, linked: 3, bytes: 1_610_612_736 });
    assertEquals(
      unmet(
        {
          linked: { atLeast: "90%" },
          bytes: { below: "1GB", above: "1MB" },
          deletions: { atMost: 10, not: 12, equal: "25%" },
          failures: { equal: 0 },
        },
        some,
      ),
      [
        "deletions<=10: 12",
        "deletions!=12: 12",
        "bytes<1GB: 1.5 GiB (1,610,612,736 bytes)",
        "linked>=90%: 15% (3 of 20 files written or linked)",
      ],
    );
  });

  it("never rounds a share up to what was expected", () => {
    assertEquals(unmet({ linked: { atLeast: "90%" } }, facts({ linked: 89_999, files: 10_001 })), [
      "linked>=90%: 89.9% (89,999 of 100,000 files written or linked)",
    ]);
    assertEquals(unmet({ linked: { atLeast: "90%" } }, facts({ linked: 90, files: 10 })), []);
    assertEquals(unmet({ linked: { atLeast: "33.3%" } }, facts({ linked: 333, files: 667 })), []);
  });

  it("lets every share of nothing hold", () => {
    for (const operator of ["atMost", "atLeast", "below", "above", "equal", "not"] as const) {
      for (const amount of ["0%", "50%", "100%"]) {
        const of = (metric: Metric): Expectations => ({ [metric]: { [operator]: amount } });
        for (const metric of METRIC_NAMES) {
          if ("whole" in METRICS[metric]) {
            assertEquals(unmet(of(metric), facts()), [], `${metric} ${operator} ${amount}`);
          }
        }
      }
    }
  });

  it("counts each metric from its own number", () => {
    const numbers = {
      deleted: 1,
      created: 2,
      updated: 3,
      metadata: 4,
      files: 5,
      bytes: 6,
      linked: 3,
      basisLinked: 4,
      moved: 11,
    };
    const all = facts({ ...numbers, sourceEntries: 10, destinationEntries: 20 }, 8, 9);
    const found = METRIC_NAMES.map((metric) => METRICS[metric].part(all));
    assertEquals(found, [1, 2, 3, 4, 5, 6, 7, 11, 8, 9, 10]);
    const wholes = METRIC_NAMES.map((metric) => METRICS[metric].whole?.(all));
    assertEquals(wholes, [20, 10, 10, 10, 10, undefined, 12, 10, 10, 10, 20]);
  });

  it("compares as numbers are compared", () => {
    const signs: Readonly<Record<keyof Bounds, (a: number, b: number) => boolean>> = {
      atMost: (a, b) => a <= b,
      atLeast: (a, b) => a >= b,
      below: (a, b) => a < b,
      above: (a, b) => a > b,
      equal: (a, b) => a === b,
      not: (a, b) => a !== b,
    };
    const operators = fc.constantFrom(...Object.keys(signs) as (keyof Bounds)[]);
    const counts = fc.nat(20);
    fc.assert(fc.property(operators, counts, counts, fc.boolean(), (operator, found, bound, isText) => {
      const amount = isText ? `${bound}` : bound;
      const holds = unmet({ deletions: { [operator]: amount } }, facts({ deleted: found })).length === 0;
      assertEquals(holds, signs[operator](found, bound));
    }));
  });

  it("reads units of 1000 and of 1024", () => {
    const exact = { B: 1, kB: 1000, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 1024, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };
    for (const [unit, bytes] of Object.entries(exact)) {
      assertEquals(unmet({ bytes: { equal: `2${unit}` } }, facts({ bytes: 2 * bytes })), [], unit);
      assertEquals(unmet({ bytes: { equal: `1.5 ${unit}` } }, facts({ bytes: 1.5 * bytes })), [], unit);
    }
  });
});

describe("amountProblem()", () => {
  it("takes what can be compared", () => {
    for (const amount of [0, 10, "0", "10", "90%", "33.3%", "100 %"]) {
      assertEquals(amountProblem("linked", amount), undefined, `${amount}`);
    }
    for (const amount of [0, 1.5, "1.5GB", "200MiB", "7 kB"]) {
      assertEquals(amountProblem("bytes", amount), undefined, `${amount}`);
    }
  });

  it("says what is wrong with anything else", () => {
    const problems: readonly (readonly [Metric, unknown, string])[] = [
      ["deletions", "", "a number from 0"],
      ["deletions", "-1", "a number from 0"],
      ["deletions", -1, "a number from 0"],
      ["deletions", NaN, "a number from 0"],
      ["deletions", Infinity, "a number from 0"],
      ["deletions", "1e3", "a number from 0"],
      ["deletions", "ten", "a number from 0"],
      ["deletions", null, "a number from 0"],
      ["deletions", [1], "a number from 0"],
      ["deletions", "10MB", "deletions has no unit"],
      ["deletions", "1.5", "a whole number"],
      ["deletions", 1.5, "a whole number"],
      ["bytes", "50%", "no whole to be a share of"],
      ["bytes", "1gb", '"gb" is no unit; units are B, kB, MB'],
      ["bytes", "1constructor", "is no unit"],
      ["bytes", "9".repeat(400), "a number from 0"],
    ];
    for (const [metric, amount, expected] of problems) {
      assertStringIncludes(amountProblem(metric, amount) ?? "nothing", expected, `${amount}`);
    }
  });
});

describe("expectationsProblem()", () => {
  it("checks what comes from outside, down to the amounts", () => {
    assertEquals(expectationsProblem({}), undefined);
    assertEquals(expectationsProblem({ deletions: { atMost: 1, not: "5%" }, bytes: {} }), undefined);
    const wrong = [null, [], "x", { deletion: {} }, { deletions: 5 }, { deletions: { atmost: 5 } }];
    for (const each of [...wrong, { deletions: { atMost: "x" } }, { constructor: {} }, { bytes: { toString: 1 } }]) {
      assert(expectationsProblem(each) !== undefined, JSON.stringify(each));
    }
  });
});

describe("operatorOf() and unmetError()", () => {
  it("know each comparison by its sign", () => {
    assertEquals(["<=", ">=", "<", ">", "=", "!=", "==", "=<", ""].map(operatorOf), [
      ...["atMost", "atLeast", "below", "above", "equal", "not", undefined, undefined, undefined] as const,
    ]);
  });

  it("list everything, and tell a plan from an outcome", () => {
    const two = [{ expected: "deletions<=1", found: "2" }, { expected: "files=0", found: "7" }];
    const error = unmetError(two, "plan");
    assertEquals(error.code, "expectation-failed");
    assertEquals(
      error.message,
      "Cannot go on: the plan is not as expected: deletions<=1, but it is 2; files=0, but it is 7",
    );
    assertStringIncludes(error.hint ?? "", "--expect");
    assertStringIncludes(unmetError(two, "outcome").message, "The outcome is not as expected");
  });
});
