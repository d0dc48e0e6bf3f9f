/** Signatures and deltas that cannot be: each is refused where it goes wrong, with the position. */
import { assertEquals, assertMatch, assertThrows, describe, it } from "../support/test_api.ts";
import { DeltaDecoder } from "../../lib/delta/delta_decoder.ts";
import { SignatureWriter } from "../../lib/delta/signature_writer.ts";
import { SyncError } from "../../lib/errors.ts";
import { noise } from "../kernels/kernels.ts";
import { deltaFileOf, patched, readSignature, signatureFileOf } from "./engine.ts";

const FORMAT = { weak: "rollsum", strong: "md4", blockLength: 16, strongLength: 8 } as const;
const GOOD = signatureFileOf(noise(40), FORMAT);
const HEAD = [0x72, 0x73, 0x02, 0x36];

function expectDamage(message: RegExp, run: () => unknown): void {
  const error = assertThrows(run, SyncError);
  assertEquals(error.code, "delta-damaged");
  assertMatch(error.message, message);
}

function withBytes(at: number, ...bytes: number[]): Uint8Array {
  const copy = GOOD.slice();
  copy.set(bytes, at);
  return copy;
}

describe("SignatureReader", () => {
  it("reads what was written", () => {
    const { weakSums, strongSums, ...format } = readSignature(GOOD, [1]);
    assertEquals(format, FORMAT);
    assertEquals([weakSums.length, strongSums.length], [3, 24]);
  });

  it("refuses another magic number", () => {
    expectDamage(/^Cannot read the signature: at byte 0 .* 0x72730138$/, () => readSignature(withBytes(3, 0x38)));
    expectDamage(/0x72730236/, () => readSignature(Uint8Array.of(...HEAD, ...new Uint8Array(8))));
  });

  it("refuses lengths that cannot be", () => {
    expectDamage(/at byte 4 the block length is 0,/, () => readSignature(withBytes(4, 0, 0, 0, 0)));
    expectDamage(/at byte 4 the block length is 4294967295,/, () => readSignature(withBytes(4, 255, 255, 255, 255)));
    expectDamage(/at byte 8 the strong sums have 0 bytes/, () => readSignature(withBytes(8, 0, 0, 0, 0)));
    expectDamage(/at byte 8 the strong sums have 17 bytes/, () => readSignature(withBytes(8, 0, 0, 0, 17)));
  });

  it("refuses an end within the head or within a block", () => {
    for (let length = 0; length < GOOD.length; length++) {
      const isWhole = length >= 12 && (length - 12) % 12 === 0;
      if (isWhole) assertEquals(readSignature(GOOD.subarray(0, length)).weakSums.length, (length - 12) / 12);
      else expectDamage(new RegExp(`at byte ${length} it ends`), () => readSignature(GOOD.subarray(0, length)));
    }
  });
});

describe("SignatureWriter", () => {
  it("refuses lengths beyond the limits, and sums that have no format", () => {
    for (const blockLength of [0, -1, 1.5, NaN, 2 ** 27 + 1]) {
      assertThrows(() => new SignatureWriter({ ...FORMAT, blockLength }), RangeError, "blockLength");
    }
    for (const strongLength of [0, 17]) {
      assertThrows(() => new SignatureWriter({ ...FORMAT, strongLength }), RangeError, "strongLength");
    }
    assertThrows(() => new SignatureWriter({ ...FORMAT, weak: "rsync" }), RangeError, "rsync");
  });
});

describe("DeltaDecoder", () => {
  const old = noise(100);
  const apply = (...bytes: number[]) => patched(old, Uint8Array.of(...HEAD, ...bytes));

  it("refuses another magic number", () => {
    expectDamage(/^Cannot read the delta: at byte 0 there is no/, () => patched(old, GOOD));
  });

  it("refuses commands that do not exist", () => {
    for (const command of [0x55, 0x80, 0xff]) expectDamage(/at byte 4 is the unknown command/, () => apply(command));
  });

  it("refuses literals and copies of no bytes", () => {
    expectDamage(/at byte 4 is a literal of no bytes/, () => apply(0x41, 0));
    expectDamage(/at byte 6 it copies 0 bytes/, () => apply(1, 7, 0x45, 0, 0, 0));
  });

  it("refuses copies beyond the old file, however large the numbers", () => {
    expectDamage(/at byte 4 it copies 101 bytes from byte 0 on of an old file of 100/, () => apply(0x45, 0, 101));
    expectDamage(/it copies 1 bytes from byte 100 on/, () => apply(0x45, 100, 1));
    const most = Array.from({ length: 8 }, () => 0xff);
    expectDamage(/it copies/, () => apply(0x54, ...most, ...most));
    expectDamage(/it copies/, () => apply(0x48, 1, ...most));
    expectDamage(/it copies/, () => apply(0x51, ...most, 1));
  });

  it("refuses a new file beyond 2^53", () => {
    expectDamage(/at byte 4 the new file becomes larger/, () => apply(0x44, 0x7f, ...new Uint8Array(7)));
    const decoder = new DeltaDecoder(Number.MAX_SAFE_INTEGER);
    const copyAll = [0x54, ...new Uint8Array(8), 0, 0x1f, 255, 255, 255, 255, 255, 255];
    expectDamage(/at byte 21 the new file becomes larger/, () => [
      ...decoder.push(Uint8Array.of(...HEAD, ...copyAll, ...copyAll)),
    ]);
  });

  it("refuses an end that comes too early, and anything behind the end", () => {
    const delta = deltaFileOf([{ kind: "copy", start: 0, length: 70 }, { kind: "literal", bytes: noise(70) }]);
    for (let length = 0; length < delta.length; length++) {
      expectDamage(new RegExp(`at byte ${length} it ends`), () => patched(old, delta.subarray(0, length), [1]));
    }
    expectDamage(/there is more behind its end/, () => patched(old, Uint8Array.of(...delta, 0)));
  });

  it("reads numbers of every size", () => {
    const zeros = (count: number) => new Uint8Array(count);
    assertEquals(apply(0x54, ...zeros(7), 3, ...zeros(7), 2, 0), old.slice(3, 5));
    assertEquals(apply(0x4f, ...zeros(3), 3, ...zeros(3), 2, 0), old.slice(3, 5));
    assertEquals(apply(0x4a, 0, 3, 0, 2, 0), old.slice(3, 5));
    assertEquals(apply(0x44, ...zeros(7), 1, 9, 0), Uint8Array.of(9));
    assertEquals(apply(0x43, ...zeros(3), 1, 9, 0), Uint8Array.of(9));
    assertEquals(apply(0x42, 0, 1, 9, 0), Uint8Array.of(9));
  });
});
