/**
 * Single patterns: what the manual says of each kind, and what was seen of rsync where it says nothing. The property
 * tests against rsync and git are in tests/interop.
 */
import fc from "fast-check";
import { buildFilter } from "../../lib/filter/build_filter.ts";
import { Filter } from "../../lib/filter/filter.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

/** Which of some paths match a pattern; those that end with `/` are directories. */
function matched(pattern: string, paths: string): string {
  const filter = new Filter(buildFilter({ steps: [{ type: "filter", text: `P ${pattern}` }] }));
  return paths.split(" ").filter((path) => {
    const kind = path.endsWith("/") ? "directory" : "file";
    const { verdict, ancestor } = filter.decide(path.replace(/\/$/, ""), kind, { side: "receiver" });
    return verdict === "exclude" && ancestor === undefined;
  }).join(" ");
}

describe("a pattern", () => {
  const cases: readonly (readonly [pattern: string, paths: string, matches: string])[] = [
    ["foo", "foo a/foo a/b/foo foobar", "foo a/foo a/b/foo"],
    ["/foo", "foo a/foo", "foo"],
    ["foo/", "foo foo/ a/foo/", "foo/ a/foo/"],
    ["a/foo", "foo a/foo b/a/foo ba/foo", "a/foo b/a/foo"],
    ["/a/foo", "a/foo b/a/foo", "a/foo"],
    ["*.o", "a.o .o a.oo d/b.o", "a.o .o d/b.o"],
    ["f*", "f fo d/foo gf", "f fo d/foo"],
    ["f*o", "fo foo fxo f/o", "fo foo fxo"],
    ["*", "a b/c", "a"],
    ["/*", "a b/c", "a"],
    ["a/*", "a/b b/a/c", "a/b b/a/c"],
    ["a/*/c", "a/c a/b/c a/b/b/c", "a/b/c"],
    ["a/**/c", "a/c a/b/c a/b/b/c", "a/b/c a/b/b/c"],
    ["a**c", "ac abc a/c a/b/c b/ac bac", "ac abc a/c a/b/c b/ac"],
    ["**/c", "c a/c a/b/c", "c a/c a/b/c"],
    ["/**/c", "c a/c a/b/c", "a/c a/b/c"],
    ["**c", "c a/c ac b/ac", "c a/c ac b/ac"],
    ["a/**", "a/ a/b b/a/c", "a/b b/a/c"],
    ["a/***", "a a/ b/a/", "a/ b/a/"],
    ["a\\/***", "a a/ b/a/", "a/ b/a/"],
    ["a/\\***", "a/ a/* a/*b", "a/* a/*b"],
    ["a/****", "a a/ b/a/", "a/ b/a/"],
    ["a***", "a a/ ab/", "a a/ ab/"],
    ["a?c", "abc ac a/c aéc", "abc"],
    ["a??c", "aéc abbc", "aéc abbc"],
    ["[ab]c", "ac bc cc", "ac bc"],
    ["[!ab]c", "ac cc", "cc"],
    ["[^ab]c", "ac cc", "cc"],
    ["[a-c]", "a b c d", "a b c"],
    ["[]a]", "] a b", "] a"],
    ["[!]a]", "] a b", "b"],
    ["[a-]", "a - b", "a -"],
    ["[c-a]", "a b c", "c"],
    ["[[:digit:]x]", "1 x a", "1 x"],
    ["[[:nope:]]", "n :]", ""],
    ["[a\\]]", "a ] \\", "a ]"],
    ["[a", "[a a", ""],
    ["a\\b", "a\\b ab", "a\\b"],
    ["a\\b*", "a\\b ab", "ab"],
    ["a\\\\b*", "a\\b ab", "a\\b"],
    ["a\\*", "a* ab", "a*"],
    ["a*\\", "a a\\", ""],
    ["//a", "a b/a", ""],
    ["./a", "a", ""],
  ];
  for (const [pattern, paths, matches] of cases) {
    it(`${pattern} matches ${matches === "" ? "nothing" : matches} of ${paths}`, () => {
      assertEquals(matched(pattern, paths), matches);
    });
  }

  it("matches bytes that are not UTF-8", () => {
    assertEquals(matched("a?", "a\udcff a\udcc3\udca9"), "a\udcff");
    assertEquals(matched("[\udc80-\udcff]", "\udcff a"), "\udcff");
  });

  it("takes no longer for many stars than its length times that of the name", () => {
    const many = "*a".repeat(1_000);
    assertEquals(matched(`${many}b`, "a".repeat(4_000)), "");
    assertEquals(matched(`/${"**a".repeat(500)}b/c`, `${"a".repeat(1_000)}/c`), "");
    assertEquals(matched(many, "a".repeat(4_000)), "a".repeat(4_000));
  });

  it("matches what its own text is, when nothing in it is special", () => {
    const names = fc.array(fc.stringMatching(/^[^*?[\\/\0\s_.]+$/), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(names, (of) => {
      const path = of.join("/");
      return path.includes(" ") || matched(`/${path}`, path) === path;
    }));
  });
});
