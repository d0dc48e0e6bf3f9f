/** The definition of the weak sums: what they are, that they roll, and that ends are found by them. */
import fc from "fast-check";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { endsWithSum, keyOf, RollingSum, weakSumOf } from "../../lib/kernels/weak_sums.ts";
import { WEAK_SUMS } from "./kernels.ts";

const weakSum = fc.constantFrom(...WEAK_SUMS);

describe("weakSumOf()", () => {
  it("gives the sums that rdiff writes for blocks of one and two bytes", () => {
    assertEquals(weakSumOf("rabinkarp", Uint8Array.of(0)), 0x08104225);
    assertEquals(weakSumOf("rabinkarp", Uint8Array.of(1)), 0x08104226);
    assertEquals(weakSumOf("rabinkarp", Uint8Array.of(0, 0)), Number(0x08104225n ** 2n % (1n << 32n)));
    assertEquals(weakSumOf("rollsum", Uint8Array.of(0)), 0x001f001f);
    assertEquals(weakSumOf("rollsum", Uint8Array.of(0xff)), 0x011e011e);
    assertEquals(weakSumOf("rollsum", Uint8Array.of(0, 0)), 0x005d003e);
  });

  it("takes rsync's bytes as signed", () => {
    assertEquals(weakSumOf("rsync", Uint8Array.of(1, 2, 3)), 6 | 10 << 16);
    assertEquals(weakSumOf("rsync", Uint8Array.of(0xff)), 0xffffffff);
    assertEquals(weakSumOf("rsync", Uint8Array.of(0x80, 0x80)), (0xff00 | 0xfe80 << 16) >>> 0);
  });

  it("is that of nothing for nothing", () => {
    assertEquals(WEAK_SUMS.map((weak) => weakSumOf(weak, new Uint8Array(0))), [0, 0, 1]);
  });
});

describe("RollingSum", () => {
  it("has the sum of its window wherever it is", () => {
    fc.assert(
      fc.property(weakSum, fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), (weak, bytes, choice) => {
        const length = 1 + choice % bytes.length;
        const rolling = new RollingSum(weak, length, weakSumOf(weak, bytes.subarray(0, length)));
        for (let at = 0; at + length < bytes.length; at++) {
          assertEquals(rolling.sum, weakSumOf(weak, bytes.subarray(at, at + length)));
          rolling.roll(bytes[at] ?? 0, bytes[at + length] ?? 0);
        }
        assertEquals(rolling.sum, weakSumOf(weak, bytes.subarray(bytes.length - length)));
      }),
      { numRuns: 200 },
    );
  });
});

describe("endsWithSum()", () => {
  it("gives the lengths of all ends with the sum, the longest first", () => {
    fc.assert(
      fc.property(weakSum, fc.uint8Array({ minLength: 1, maxLength: 60, max: 1 }), fc.nat(), (weak, bytes, at) => {
        const sum = weakSumOf(weak, bytes.subarray(at % bytes.length));
        const expected: number[] = [];
        for (let from = 0; from < bytes.length; from++) {
          if (weakSumOf(weak, bytes.subarray(from)) === sum) expected.push(bytes.length - from);
        }
        assertEquals(endsWithSum(weak, bytes, sum), expected);
      }),
    );
  });
});

describe("keyOf()", () => {
  it("can be turned back, so that different sums have different keys", () => {
    let inverse = 1; // of the odd factor, by Newton's iteration modulo 2^32
    for (let round = 0; round < 5; round++) inverse = Math.imul(inverse, 2 - Math.imul(keyOf("rsync", 1), inverse));
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (sum) => {
      assertEquals(Math.imul(keyOf("rsync", sum), inverse) >>> 0, sum);
      assertEquals(keyOf("rabinkarp", sum), sum);
    }));
  });
});
