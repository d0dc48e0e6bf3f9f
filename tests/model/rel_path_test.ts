/** Paths below a root. */
import fc from "fast-check";
import { assert, assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { compareBytes, encodeName } from "../../lib/bytes/name.ts";
import { SyncError } from "../../lib/errors.ts";
import { baseName, childPath, comparePaths, parentPath, parseRelPath, ROOT } from "../../lib/model/rel_path.ts";

const name = fc.string({
  unit: fc.constantFrom("a", "b", ".", "-", "\u00e4", "\udcff", "\n"),
  minLength: 1,
  maxLength: 3,
})
  .filter((text) => text !== "." && text !== "..");
const path = fc.array(name, { maxLength: 4 }).map((names) => names.join("/"));

describe("parseRelPath()", () => {
  it("returns the same text when every component is a single name", () => {
    fc.assert(fc.property(path, (text) => assertEquals<string>(parseRelPath(text), text)));
    for (const text of ["", "...", ".a", "a..", "a\\b", " "]) assertEquals<string>(parseRelPath(text), text);
  });

  for (const text of ["/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b", "a\0", "\0/a", "//"]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      const error = assertThrows(() => parseRelPath(text), SyncError);
      assertEquals([error.code, error.path], ["path-escape", text]);
      assert(!error.message.includes("\0"));
    });
  }
});

describe("childPath()", () => {
  it("joins what parentPath() and baseName() take apart", () => {
    fc.assert(fc.property(path, name, (directory, child) => {
      const joined = childPath(parseRelPath(directory), child);
      assertEquals<string>(parentPath(joined), directory);
      assertEquals(baseName(joined), child);
      assertEquals<string>(parseRelPath(joined), joined);
    }));
    assertEquals([parentPath(ROOT), baseName(ROOT)], [ROOT, ""]);
  });

  for (const text of ["", ".", "..", "a/b", "/", "a\0"]) {
    it(`refuses the name ${JSON.stringify(text)}`, () => {
      assertEquals(assertThrows(() => childPath(ROOT, text), SyncError).code, "path-escape");
    });
  }
});

describe("comparePaths()", () => {
  it("is the order of the bytes when the slash comes before everything", () => {
    const key = (text: string) => encodeName(text.replaceAll("/", "\0"));
    fc.assert(
      fc.property(path, path, (a, b) => {
        assertEquals(Math.sign(comparePaths(a, b)), Math.sign(compareBytes(key(a), key(b))));
      }),
      { numRuns: 2000 },
    );
  });

  it("puts a directory directly before what is in it", () => {
    const sorted = ["a-b", "a/b", "a", "a/b/c", "a.b", "b"].sort(comparePaths);
    assertEquals(sorted, ["a", "a/b", "a/b/c", "a-b", "a.b", "b"]);
  });
});
