/** A matcher that is told what others have found out gives the same instructions as one that is not. */
import fc from "fast-check";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { type Foresight, ForesightRecorder } from "../../lib/delta/foresight.ts";
import type { Instruction } from "../../lib/delta/instruction.ts";
import { Matcher } from "../../lib/delta/matcher.ts";
import type { Signature } from "../../lib/delta/signature.ts";
import { SyncError } from "../../lib/errors.ts";
import { weakSumOf } from "../../lib/kernels/weak_sums.ts";
import { KERNELS, noise } from "../kernels/kernels.ts";
import {
  counting,
  cut,
  deltaFileOf,
  FORMATS,
  instructionsFor,
  joined,
  outline,
  type Pieces,
  readSignature,
  reusing,
  signatureFileOf,
} from "./engine.ts";

const LONG = { weak: "rabinkarp", strong: "blake2b", strongLength: 32 } as const;
const [FOR_SCOUTS, FOR_MATCHER] = [reusing(KERNELS.wasm), reusing(KERNELS.wasm)];

/** Explores a new file from cut to cut. */
function explored(signature: Signature, bytes: Uint8Array, cuts: readonly number[]): Foresight[] {
  const scout = new Matcher(signature, FOR_SCOUTS);
  return cuts.map((from, index) => {
    const recorder = new ForesightRecorder();
    scout.restart(from, recorder);
    const end = (cuts[index + 1] ?? Infinity) + signature.blockLength - 1;
    for (const _ of scout.push(bytes.subarray(from, end)));
    return recorder.finish(from, scout.explore());
  });
}

/** The instructions with foresight, which is told no earlier than it must be. */
function foreseen(
  signature: Signature,
  bytes: Uint8Array,
  stretches: readonly Foresight[],
  pieces: Pieces,
  create = FOR_MATCHER,
): Instruction[] {
  const matcher = new Matcher(signature, create);
  const found: Instruction[] = [];
  const keep = (instructions: Iterable<Instruction>) => {
    for (const each of instructions) {
      found.push(each.kind === "copy" ? each : { kind: "literal", bytes: each.bytes.slice() });
    }
  };
  let position = 0;
  const waiting = [...stretches];
  for (const piece of cut(bytes, pieces)) {
    position += piece.length;
    while (waiting[0] !== undefined && waiting[0].from < position) matcher.foresee(waiting.shift() ?? waiting[0]);
    keep(matcher.push(piece));
  }
  keep(matcher.finish());
  return found;
}

function cutsOf(places: readonly number[], size: number): number[] {
  return [...new Set([0, ...places.map((place) => place % (size + 1))])].sort((a, b) => a - b);
}

describe("a matcher with foresight", () => {
  it("finds the same in small files, wherever they are cut", () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 300, max: 1 }), fc.uint8Array({ maxLength: 300 }));
    const edits = fc.array(fc.tuple(fc.nat(300), fc.nat(150), fc.uint8Array({ maxLength: 9 })), { maxLength: 6 });
    const places = fc.array(fc.nat(1000), { maxLength: 5 });
    const arbitrary = [bytes, edits, fc.integer({ min: 1, max: 30 }), places, fc.constantFrom(...FORMATS)] as const;
    fc.assert(
      fc.property(...arbitrary, (old, script, blockLength, at, sums) => {
        const fresh = joined(script.flatMap(([from, length, more]) => [old.subarray(from, from + length), more]));
        const signature = readSignature(signatureFileOf(old, { ...sums, blockLength, strongLength: 8 }, FOR_SCOUTS));
        const expected = deltaFileOf(instructionsFor(signature, fresh, FOR_MATCHER));
        const stretches = explored(signature, fresh, cutsOf(at, fresh.length));
        assertEquals(deltaFileOf(foreseen(signature, fresh, stretches, "whole")), expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("finds the same in large files", () => {
    const old = noise(700_000, 1);
    const fresh = old.slice();
    for (let at = 3000; at < fresh.length; at += 41_111) fresh.set(noise(13, at), at);
    const bytes = joined([fresh.subarray(250_000), noise(99_999, 5), fresh.subarray(1, 400_000)]);
    for (const sums of FORMATS) {
      for (const blockLength of [333, 4096]) {
        const signature = readSignature(signatureFileOf(old, { ...sums, blockLength, strongLength: 16 }, FOR_SCOUTS));
        const expected = deltaFileOf(instructionsFor(signature, bytes, FOR_MATCHER));
        const stretches = explored(signature, bytes, [0, 100_000, 100_001, 350_000, 700_777]);
        for (const pieces of ["whole", [4095], [70_000, 1]] satisfies Pieces[]) {
          assertEquals(deltaFileOf(foreseen(signature, bytes, stretches, pieces)), expected);
          assertEquals(deltaFileOf(foreseen(signature, bytes, stretches.slice(1, 3), pieces)), expected);
        }
      }
    }
  });

  it("is refused what is beyond 2^53, and exact up to there", () => {
    const old = noise(5000, 1);
    const signature = readSignature(signatureFileOf(old, { ...LONG, blockLength: 1000 }));
    const matcher = new Matcher(signature, FOR_SCOUTS);
    const recorder = new ForesightRecorder();
    const from = Number.MAX_SAFE_INTEGER - 5000;
    matcher.restart(from, recorder);
    for (const _ of matcher.push(old));
    const { positions } = recorder.finish(from, matcher.explore());
    assertEquals([...positions].map((each) => each - from), [0, 1000, 2000, 3000, 4000]);
    const error = assertThrows(() => [...matcher.push(Uint8Array.of(1))], SyncError);
    assertEquals(error.code, "file-too-large");
  });

  it("hashes nothing that is known", () => {
    const old = noise(300_000, 1);
    const signature = readSignature(signatureFileOf(old, { ...LONG, blockLength: 1000 }));
    const counter = counting();
    const stretches = explored(signature, old, [0, 100_000, 200_000]);
    assertEquals(outline(foreseen(signature, old, stretches, "whole", counter.create)), "c0+300000");
    assertEquals(counter.hashed, 0);
  });

  it("finds the same when scouts stop believing the sums", () => {
    const bytes = new Uint8Array(60_000);
    const blockLength = 512;
    const signature: Signature = {
      ...{ weak: "rabinkarp", strong: "md4", blockLength, strongLength: 8 },
      weakSums: new Uint32Array(2000).fill(weakSumOf("rabinkarp", bytes.subarray(0, blockLength))),
      strongSums: new Uint8Array(16_000),
    };
    const expected = deltaFileOf(instructionsFor(signature, bytes, FOR_MATCHER));
    const stretches = explored(signature, bytes, [0, 20_000, 40_000]);
    assertEquals(stretches.some(({ from, to }) => to < from + 20_000), true, "some scout stopped early");
    assertEquals(deltaFileOf(foreseen(signature, bytes, stretches, "whole")), expected);
  });
});
