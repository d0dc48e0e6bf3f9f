/** Names as strings keep their bytes and their order. */
import fc from "fast-check";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import {
  compareBytes,
  compareNames,
  decodeName,
  encodeName,
  encodeNameInto,
  isUnicodeName,
} from "../../lib/bytes/name.ts";

/** Bytes that are often nearly UTF-8: characters of every length, some of them cut or damaged. */
const nameBytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 4 }).map((text) => new TextEncoder().encode(text)),
      fc.uint8Array({ minLength: 1, maxLength: 3 }),
      fc.constantFrom(
        [0xf0, 0x9f, 0x98],
        [0xed, 0xa0, 0x80],
        [0xed, 0xb2, 0x80],
        [0xef, 0xbb, 0xbf],
        [0xef, 0xbf, 0xbd],
        [0xc0, 0xaf],
        [0xf4, 0x90, 0x80, 0x80],
        [0xe0, 0x80, 0x80],
      ).map((bytes) => Uint8Array.from(bytes)),
    ),
    { maxLength: 8 },
  ).map((parts) => Uint8Array.from(parts.flatMap((part) => [...part]))),
);

describe("decodeName()", () => {
  it("gives text that encodeName() turns back when the bytes are any", () => {
    fc.assert(fc.property(nameBytes, (bytes) => assertEquals(encodeName(decodeName(bytes)), bytes)), { numRuns: 2000 });
  });

  it("gives the same text as a decoder of UTF-8 when the bytes are UTF-8", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      assertEquals(decodeName(new TextEncoder().encode(text)), text);
      assert(isUnicodeName(text));
    }));
  });

  it("gives different texts when the bytes differ", () => {
    fc.assert(fc.property(nameBytes, nameBytes, (a, b) => {
      assertEquals(decodeName(a) === decodeName(b), compareBytes(a, b) === 0);
    }));
  });

  it("carries each byte that is not UTF-8 as one lone surrogate", () => {
    assertEquals(decodeName(Uint8Array.of(0x61, 0xff, 0x62)), "a\udcffb");
    assertEquals(decodeName(Uint8Array.of(0xf0, 0x9f, 0x98)), "\udcf0\udc9f\udc98");
    assertEquals(decodeName(Uint8Array.of(0xed, 0xb2, 0x80)), "\udced\udcb2\udc80", "an encoded surrogate");
    assertEquals(decodeName(Uint8Array.of(0xc0, 0xaf)), "\udcc0\udcaf", "an overlong slash");
    assert(!isUnicodeName("a\udcff"));
  });

  it("keeps a byte order mark", () => {
    assertEquals(decodeName(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), "\ufeffa");
  });

  it("reads only its part of the buffer", () => {
    const buffer = Uint8Array.of(0x2f, 0xc3, 0xa4, 0x62, 0xff);
    assertEquals(decodeName(buffer, 1, 4), "\u00e4b");
    assertEquals(decodeName(buffer, 2, 2), "");
  });
});

describe("encodeNameInto()", () => {
  it("writes at an offset and returns the end", () => {
    const into = new Uint8Array(12).fill(1);
    assertEquals(encodeNameInto("a\u00e4\udcff", into, 2), 6);
    assertEquals([...into.subarray(0, 8)], [1, 1, 0x61, 0xc3, 0xa4, 0xff, 1, 1]);
  });
});

describe("compareNames()", () => {
  it("is the order of the bytes", () => {
    fc.assert(
      fc.property(nameBytes, nameBytes, (a, b) => {
        assertEquals(Math.sign(compareNames(decodeName(a), decodeName(b))), Math.sign(compareBytes(a, b)));
      }),
      { numRuns: 2000 },
    );
  });

  it("puts a character beyond U+FFFF after one below, unlike the order of strings", () => {
    assert(compareNames("\uffee", "\u{1f600}") < 0);
    assert("\uffee" > "\u{1f600}");
  });

  it("is zero only when the names are equal, and the shorter of two comes first", () => {
    assertEquals(compareNames("abc", "abc"), 0);
    assert(compareNames("ab", "abc") < 0);
    assert(compareNames("", "\udc80") < 0);
  });
});
