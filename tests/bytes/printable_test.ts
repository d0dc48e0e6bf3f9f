/** Names that are shown can neither move a cursor nor be taken for others. */
import fc from "fast-check";
import { assert, assertEquals, assertMatch, describe, it } from "../support/test_api.ts";
import { decodeName, encodeName } from "../../lib/bytes/name.ts";
import { jsonPath, printable } from "../../lib/bytes/printable.ts";

const anyName = fc.oneof(
  fc.uint8Array({ maxLength: 30 }).map((bytes) => decodeName(bytes)),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ unit: fc.constantFrom("\\", "n", "x", "1", "b", "{", "\n", "\x1b", "\udc80", "u", "}", "\u202e") }),
);

/** What a terminal or a reader of lines acts on. */
const DANGEROUS_REGEXP = /\p{Cc}|\p{Cs}|[\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/u;

describe("printable()", () => {
  it("never gives a control character", () => {
    fc.assert(fc.property(anyName, (name) => assert(!DANGEROUS_REGEXP.test(printable(name)))), { numRuns: 2000 });
  });

  it("gives different texts for different names", () => {
    fc.assert(
      fc.property(anyName, anyName, (a, b) => assertEquals(printable(a) === printable(b), a === b)),
      { numRuns: 2000 },
    );
  });

  it("leaves ordinary text alone", () => {
    for (const name of ["a b.txt", "\u00e4\u6f22\u{1f600}", "'\"$`;"]) assertEquals(printable(name), name);
  });

  it("escapes what a terminal acts on", () => {
    assertEquals(printable("\x1b[2J\n\t\r\\\x7f"), "\\x1b[2J\\n\\t\\r\\\\\\x7f");
    assertEquals(printable("\u0085\u202e\ufeff"), "\\u{85}\\u{202e}\\u{feff}");
    assertEquals(printable("f\udcfcr"), "f\\xfcr");
  });
});

describe("jsonPath()", () => {
  it("gives the text alone when it is UTF-8", () => {
    assertEquals(jsonPath("a\n\\"), { path: "a\n\\" });
  });

  it("gives the bytes too when it is not", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const { path, pathBytes } = jsonPath(decodeName(bytes));
      const back = pathBytes === undefined ? encodeName(path) : Uint8Array.fromBase64(pathBytes);
      assertEquals(back, bytes);
    }));
    assertMatch(jsonPath("\udcff").path, /^\\xff$/);
  });
});
