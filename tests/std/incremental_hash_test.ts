import fc from "fast-check";
import { ALGORITHM_NAMES, ALGORITHMS } from "../../lib/manifest/algorithm.ts";
import { hashOf, OF_ABC } from "../manifest/hashes.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const ABC = new TextEncoder().encode("abc");

describe("createIncrementalHash()", () => {
  for (const name of ALGORITHM_NAMES) {
    const hash = hashOf(name);

    const digest = (...pieces: Uint8Array[]): string => {
      hash.begin();
      for (const piece of pieces) hash.update(piece);
      return hash.digest().toHex();
    };

    it(`computes ${name}, once and again`, () => {
      assertEquals(hash.algorithm, name);
      assertEquals(digest(ABC), OF_ABC[name]);
      assertEquals(digest().length, ALGORITHMS[name].bytes * 2);
      assertEquals(digest(ABC), OF_ABC[name]);
    });

    it(`computes the same ${name} however the bytes come, from a buffer that is used again`, () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (pieces) => {
          const whole = digest(new Uint8Array(pieces.flatMap((piece) => [...piece])));
          const buffer = new Uint8Array(300);
          hash.begin();
          for (const piece of pieces) {
            buffer.set(piece);
            hash.update(buffer.subarray(0, piece.length));
            buffer.fill(0xaa);
          }
          assertEquals(hash.digest().toHex(), whole);
        }),
        { numRuns: 30 },
      );
    });

    it(`forgets a ${name} that was not finished, and keeps none that was`, () => {
      hash.begin();
      hash.update(ABC);
      hash.begin();
      hash.update(ABC);
      const kept = hash.digest();
      digest();
      assertEquals(kept.toHex(), OF_ABC[name]);
    });
  }
});
