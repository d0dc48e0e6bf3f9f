/** For any edits: the patched old file is the new one, however the bytes arrive, and both kernels find the same. */
import fc from "fast-check";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { noise } from "../kernels/kernels.ts";
import {
  deltaFileOf,
  FORMATS,
  instructionsFor,
  joined,
  patched,
  type Pieces,
  readSignature,
  REUSED,
  signatureFileOf,
} from "./engine.ts";

/** A range of the old file, by numbers that are taken modulo its size, or new bytes. */
type Edit = { readonly from: number; readonly length: number } | Uint8Array;

/** What a new file is made of. */
function edited(old: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return joined(edits.map((edit) => {
    if (edit instanceof Uint8Array) return edit;
    const from = edit.from % (old.length + 1);
    return old.subarray(from, from + edit.length);
  }));
}

/** Old files: random, of few different bytes, and of one that repeats. */
const oldFile = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.uint8Array({ maxLength: 400, max: 1 }),
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.integer({ min: 0, max: 60 })).map(([bytes, times]) =>
    Uint8Array.from(Array.from({ length: times }, () => [...bytes]).flat())
  ),
);

const edits = fc.array(
  fc.oneof(
    fc.record({ from: fc.nat(400), length: fc.integer({ min: 0, max: 200 }) }),
    fc.uint8Array({ maxLength: 20 }),
  ),
  { maxLength: 8 },
);

const format = fc.record({
  sums: fc.constantFrom(...FORMATS),
  blockLength: fc.integer({ min: 1, max: 40 }),
  strongLength: fc.integer({ min: 8, max: 16 }),
}).map(({ sums, ...lengths }) => ({ ...sums, ...lengths }));

function piecesAround(block: number): Pieces[] {
  return ["whole", [0, 1, 2, 3], [1], [2], [3], [Math.max(1, block - 1)], [block], [block + 1]];
}

describe("patch(old, delta(signature(old), new))", () => {
  it("is new for ten thousand edit scripts, with the same instructions from both kernels", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(oldFile, edits, format, fc.nat(7), (old, script, made, choice) => {
        const pieces = piecesAround(made.blockLength)[choice] ?? "whole";
        const fresh = edited(old, script);
        const signature = signatureFileOf(old, made, REUSED.wasm, pieces);
        assertEquals(signatureFileOf(old, made, REUSED.reference), signature);
        const instructions = instructionsFor(readSignature(signature, pieces), fresh, REUSED.wasm, pieces);
        const delta = deltaFileOf(instructions);
        assertEquals(deltaFileOf(instructionsFor(readSignature(signature), fresh, REUSED.reference)), delta);
        assertEquals(patched(old, delta, pieces), fresh);
      }),
      { numRuns: 10_000 },
    );
  });

  it("is new for files of many blocks, whatever their pieces", () => {
    const old = noise(400_000, 1);
    for (const sums of FORMATS) {
      for (const blockLength of [256, 1000, 100_000]) {
        const made = { ...sums, blockLength, strongLength: 16 };
        const fresh = manyEdits(old);
        const signature = readSignature(signatureFileOf(old, made));
        const expected = deltaFileOf(instructionsFor(signature, fresh));
        assertEquals(patched(old, expected), fresh);
        for (const size of [251, blockLength - 1, blockLength, blockLength + 1, 65_537]) {
          assertEquals(deltaFileOf(instructionsFor(signature, fresh, REUSED.wasm, [size])), expected, `${size}`);
        }
      }
    }
  });

  it("is the same from the reference for files of many blocks", () => {
    const old = noise(150_000, 1);
    for (const sums of FORMATS) {
      const signature = readSignature(signatureFileOf(old, { ...sums, blockLength: 700, strongLength: 8 }));
      const fresh = manyEdits(old);
      const [one, other] = [REUSED.wasm, REUSED.reference].map((create) =>
        deltaFileOf(instructionsFor(signature, fresh, create))
      );
      assertEquals(one, other);
    }
  });
});

/** Changed bytes here and there, a part that moved, one that is new and long, one that is gone. */
function manyEdits(old: Uint8Array): Uint8Array {
  const fresh = old.slice();
  for (let at = 5000; at < old.length; at += 31_111) fresh.set(noise(17, at), at);
  const third = Math.floor(old.length / 3);
  return joined([
    fresh.subarray(third, 2 * third),
    noise(150_000, 8),
    fresh.subarray(0, third - 1),
    fresh.subarray(2 * third + 77),
  ]);
}
