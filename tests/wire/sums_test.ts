import fc from "fast-check";
import { basisSize, readSumHead, sumHeadOf, usualBlockLength, usualStrongLength } from "../../lib/wire/sums.ts";
import { writeSumHead } from "../../lib/wire/sums.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import { breachOf, hex, inputOf, readWhole, written } from "./wire.ts";

/** Sizes, with the length of blocks and of strong sums that rsync takes for them. */
const USUAL: readonly (readonly [number, number, number])[] = [
  [0, 700, 2],
  [490_000, 700, 2],
  [500_000, 704, 2],
  [1_000_000, 1000, 2],
  [2_097_152, 1448, 2],
  [10_000_000, 3160, 2],
  [33_554_432, 5792, 3],
  [67_108_864, 8192, 3],
  [300_000_000, 17_320, 3],
  [2 ** 40, 131_072, 6],
];

describe("blocks", () => {
  for (const [size, blockLength, strongLength] of USUAL) {
    it(`of a file of ${size} bytes are as long as others make them`, () => {
      assertEquals(usualBlockLength(size), blockLength);
      assertEquals(usualStrongLength(size, blockLength, 16), strongLength);
      assertEquals(usualStrongLength(size, blockLength, 1), 1);
    });
  }

  it("have a length that grows with the file", () => {
    fc.assert(fc.property(fc.nat({ max: 2 ** 45 }), (size) => {
      const length = usualBlockLength(size);
      assert(length >= 700 && length <= 131_072);
      assert(length === 700 || length * length <= size);
      assert(length % 8 === 0 || length === 700);
    }));
  });
});

describe("heads of sums", () => {
  it("are read as they were written, and say the size", () => {
    fc.assert(fc.property(fc.nat({ max: 2 ** 31 }), fc.integer({ min: 700, max: 131_072 }), (size, blockLength) => {
      const head = sumHeadOf(size, blockLength, 16);
      assertEquals(readWhole(written((output) => writeSumHead(output, head)), (from) => readSumHead(from, 16)), head);
      assertEquals(basisSize(head), size);
    }));
  });

  const refused = {
    "too many blocks": "01000002 bc020000 02000000 00000000",
    "a negative number of blocks": "ffffffff bc020000 02000000 00000000",
    "blocks that are too long": "01000000 01000200 02000000 00000000",
    "strong sums that are longer than the digest": "01000000 bc020000 11000000 00000000",
    "a last block that is longer than the others": "01000000 bc020000 02000000 bd020000",
    "blocks of nothing": "01000000 00000000 02000000 00000000",
  };
  for (const [what, bytes] of Object.entries(refused)) {
    it(`are refused with ${what}`, () => {
      breachOf(() => inputOf(hex(bytes)).attempt((from) => readSumHead(from, 16)));
    });
  }
});
