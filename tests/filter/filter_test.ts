import { buildFilter, type FilterInput } from "../../lib/filter/build_filter.ts";
import type { FilterEntry } from "../../lib/filter/decision.ts";
import { type DecideOptions, Filter } from "../../lib/filter/filter.ts";
import { formatPlace, formatRule } from "../../lib/filter/rule.ts";
import type { Kind } from "../../lib/model/entry.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

function filterOf(rules: readonly string[], input: FilterInput = {}): Filter {
  return new Filter(buildFilter({ ...input, steps: rules.map((text) => ({ type: "filter", text })) }));
}

/** What decided, in short: the verdict, and the rule with its place. */
function decided(
  filter: Filter,
  path: string,
  entry: Kind | FilterEntry = "file",
  options: DecideOptions = {},
): string {
  const { verdict, cause, rule, ancestor } = filter.decide(path, entry, options);
  const by = rule === undefined ? cause : `${formatRule(rule)} (${formatPlace(rule.place)})`;
  return `${verdict} by ${by}${ancestor === undefined ? "" : ` at ${ancestor}`}`;
}

describe("Filter.decide()", () => {
  it("names the first rule that matches", () => {
    const filter = filterOf(["+ keep.o", "- *.o", "- /build/"]);
    assertEquals(decided(filter, "a/b.o"), "exclude by - *.o (--filter)");
    assertEquals(decided(filter, "a/keep.o"), "include by + keep.o (--filter)");
    assertEquals(decided(filter, "a/b.c"), "include by default");
    assertEquals(decided(filter, "build"), "include by default");
  });

  it("names the directory above that is excluded", () => {
    assertEquals(decided(filterOf(["- /build/"]), "build/a/b"), "exclude by - /build/ (--filter) at build");
  });

  it("reads rule files, and names their lines", () => {
    const filter = filterOf([": .rules", "- *.tmp"]);
    const files: Record<string, string> = { ".rules": "# first\n- /x\n", "a/.rules": "+ *.tmp\n" };
    const options = { read: (path: string) => files[path] };
    assertEquals(decided(filter, "x", "file", options), "exclude by - /x (.rules:2)");
    assertEquals(decided(filter, "a/x", "file", options), "include by default");
    assertEquals(decided(filter, "a/b/c.tmp", "file", options), "include by + *.tmp (a/.rules:1)");
    assertEquals(decided(filter, "b.tmp", "file", options), "exclude by - *.tmp (--filter)");
  });

  it("tells the sides apart", () => {
    const filter = filterOf(["H hidden", "P protected", "- both"]);
    const verdicts = (path: string) =>
      (["sender", "receiver"] as const).map((side) => filter.decide(path, "file", { side }).verdict);
    assertEquals(verdicts("hidden"), ["exclude", "include"]);
    assertEquals(verdicts("protected"), ["include", "exclude"]);
    assertEquals(verdicts("both"), ["exclude", "exclude"]);
  });
});
