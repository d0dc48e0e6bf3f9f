import fc from "fast-check";
import { encodeName } from "../../lib/bytes/name.ts";
import { SyncError } from "../../lib/errors.ts";
import { listedPath, parsePathList } from "../../lib/filter/parse_path_list.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

describe("listedPath()", () => {
  const cases: Readonly<Record<string, string>> = {
    "a": "a",
    "a/b": "a/b",
    "/a": "a",
    "//a//b": "a/b",
    "./a/./b": "a/b",
    "../a": "a",
    "../../a/../b": "b",
    "a/../../b": "b",
    "a/": "a, with contents",
    "a/.": "a, with contents",
    "a/b/..": "a, with contents",
    ".": ", with contents",
    "/": ", with contents",
    "..": ", with contents",
    "..a": "..a",
    "a..": "a..",
    " a ": " a ",
  };
  for (const [text, wanted] of Object.entries(cases)) {
    it(`reads "${text}" as "${wanted}"`, () => {
      const { path, contents } = listedPath(text);
      assertEquals(`${path}${contents ? ", with contents" : ""}`, wanted);
    });
  }

  it("stays below the source, whatever is written", () => {
    const parts = fc.array(fc.constantFrom("..", ".", "", "a", "b\udcff"), { maxLength: 8 });
    fc.assert(fc.property(parts, (of) => parseRelPath(listedPath(of.join("/")).path) !== undefined));
  });
});

describe("parsePathList()", () => {
  const paths = (text: string, atNul = false) =>
    parsePathList(encodeName(text), atNul, "list").map(({ path, line }) => `${line}:${path}`);

  it("leaves out comments and blank lines, and takes any end of a line", () => {
    assertEquals(paths("a\n\n# b\n;c\r\nd\re"), ["1:a", "5:d", "6:e"]);
  });

  it("ends items with NUL when asked to", () => {
    assertEquals(paths("a\nb\0\0#c\0d\udcff", true), ["1:a\nb", "4:d\udcff"]);
    assertEquals(
      assertThrows(() => paths("x\na\0b"), SyncError).message,
      'Cannot use the rules of "list": line 2 holds NUL, its items may end with it (--from0)',
    );
  });
});
