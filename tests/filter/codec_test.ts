import fc from "fast-check";
import { encodeName } from "../../lib/bytes/name.ts";
import { SyncError } from "../../lib/errors.ts";
import { buildFilter } from "../../lib/filter/build_filter.ts";
import { decodeFilter, encodeFilter } from "../../lib/filter/codec.ts";
import type { FilterSpec } from "../../lib/filter/spec.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { type RuleStep, ruleSteps } from "./rule_arbitrary.ts";

function specOf(steps: readonly RuleStep[]): FilterSpec {
  const contentOf = (index: number) => encodeName(steps[index]!.lines.join("\n"));
  return buildFilter({
    steps: steps.map(({ type }, index) => {
      return type === "filter" ? { type, text: `. ${index}` } : { type, file: "list", content: contentOf(index) };
    }),
    readMergeFile: (index) => contentOf(Number(index)),
  });
}

/** What a plan file does to a filter. */
function throughJson(spec: FilterSpec): FilterSpec {
  return decodeFilter(
    JSON.parse(new TextDecoder().decode(new TextEncoder().encode(JSON.stringify(encodeFilter(spec))))),
  );
}

const FULL: FilterSpec = {
  ...buildFilter({ steps: [{ type: "filter", text: ":e-s .r" }, { type: "filter", text: "-!/px a\udcff" }] }),
  gitignore: true,
  deleteExcluded: true,
  from0: true,
  recursive: true,
  limits: { maxSize: 1, minSize: 0, newerThan: -1.5, olderThan: 2 },
  paths: [{ path: "" }, { path: "a/\udc80", contents: true }],
  roots: { sender: "/a", receiver: "/b\udcff" },
};

describe("decodeFilter()", () => {
  it("gives back what was encoded, through JSON and UTF-8", () => {
    assertEquals(throughJson(FULL), FULL);
    fc.assert(fc.property(ruleSteps, (steps) => assertEquals(throughJson(specOf(steps)), specOf(steps))), {
      numRuns: 200,
    });
  });

  it("gives plain data that can be cloned", () => {
    assertEquals(structuredClone(FULL), FULL);
  });

  const json = () => JSON.parse(JSON.stringify(encodeFilter(FULL)));
  const damages: Readonly<Record<string, (filter: ReturnType<typeof json>) => unknown>> = {
    '"filter" is no object': () => [],
    '"filter.rules" is missing, it must be a list of at most 100000': (filter) => delete filter.rules,
    '"filter.gitignore" is something else, it must be true or false': (filter) => filter.gitignore = 1,
    '"filter" has the unknown field "more"': (filter) => filter.more = 1,
    '"filter.rules[1].type" is something else, it must be one of include, exclude, per-directory': (filter) =>
      filter.rules[1].type = "x",
    '"filter.rules[2].pattern" is something else, it must be a text': (filter) => filter.rules[2].pattern = 1,
    '"filter.rules[2].pattern" is something else, it must be a text or base64': (filter) =>
      filter.rules[2].pattern = { base64: "?" },
    '"filter.rules[2].negated" is something else, it must be true': (filter) => filter.rules[2].negated = false,
    '"filter.rules[2].place" has the unknown field "x"': (filter) => filter.rules[2].place.x = 1,
    '"filter.rules[1].format.side" is missing, it must be one of unsaid, sender, receiver, both': (filter) =>
      delete filter.rules[1].format.side,
    '"x/.." in a rule is no file of a directory': (filter) => filter.rules[1].file = "x/..",
    '"filter.limits.maxSize" is something else, it must be a number': (filter) => filter.limits.maxSize = "1",
    '"filter.paths[1].contents" is something else, it must be true': (filter) => filter.paths[1].contents = 1,
    '"../x" in its list is no path below the source': (filter) => filter.paths[1].path = "../x",
    '"/x" in its list is no path below the source': (filter) => filter.paths[1].path = "/x",
  };
  for (const [why, damage] of Object.entries(damages)) {
    it(`says that ${why}`, () => {
      const filter = json();
      const damaged = damage(filter);
      const error = assertThrows(() => decodeFilter(Array.isArray(damaged) ? damaged : filter), SyncError);
      assertEquals([error.code, error.message], ["plan-damaged", `Cannot read the filter of the plan: ${why}`]);
    });
  }
});
