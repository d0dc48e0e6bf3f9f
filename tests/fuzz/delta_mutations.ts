/**
 * Mutated signatures and deltas: each is refused with the error for that, or read as something else. Whatever else comes
 * of one is a defect, and is thrown with the seed that makes it again.
 *
 * A signature that is read is matched against; a delta that is read must stay within the old file.
 */
import { DeltaDecoder } from "../../lib/delta/delta_decoder.ts";
import { SyncError } from "../../lib/errors.ts";
import { deltaFileOf, FORMATS, instructionsFor, readSignature, signatureFileOf } from "../delta/engine.ts";
import { noise } from "../kernels/kernels.ts";

const OLD = noise(3000);
const NEW = Uint8Array.of(...OLD.subarray(755, 2600), ...noise(500, 3), ...OLD.subarray(0, 900));
const LENGTHS = { blockLength: 100, strongLength: 8 } as const;
/** A matcher takes the memory that its signature asks for, up to the limit of the format; not here, a million times. */
const MOST_BLOCK_LENGTH = 2 ** 20;

const SIGNATURES = FORMATS.map((sums) => signatureFileOf(OLD, { ...sums, ...LENGTHS }));
const DELTAS = SIGNATURES.map((file) => deltaFileOf(instructionsFor(readSignature(file), NEW)));

/** What came of a mutant. */
export type Fate = "refused" | "read" | "too large";

/** What is mutated. */
export const KINDS = ["signature", "delta"] as const;

/** One of them. */
export type Kind = (typeof KINDS)[number];

/**
 * Makes a mutant and reads it.
 *
 * @param kind What is mutated.
 * @param seed Which mutant.
 * @returns What came of it.
 * @throws {Error} when it is neither refused nor read as it should be.
 */
export function tryMutant(kind: Kind, seed: number): Fate {
  const files = kind === "signature" ? SIGNATURES : DELTAS;
  const mutant = mutated(files[seed % files.length]!, seed);
  try {
    return kind === "signature" ? readAsSignature(mutant) : readAsDelta(mutant);
  } catch (thrown) {
    if (thrown instanceof SyncError && thrown.code === "delta-damaged" && /at byte \d/.test(thrown.message)) {
      return "refused";
    }
    throw new Error(`Cannot read mutant ${seed} of a ${kind} as it should be: ${thrown}`, { cause: thrown });
  }
}

function readAsSignature(mutant: Uint8Array): Fate {
  const signature = readSignature(mutant);
  if (signature.blockLength > MOST_BLOCK_LENGTH) return "too large";
  let made = 0;
  for (const each of instructionsFor(signature, NEW)) made += each.kind === "copy" ? each.length : each.bytes.length;
  if (made !== NEW.length) throw new Error(`its instructions make ${made} bytes of ${NEW.length}`);
  return "read";
}

function readAsDelta(mutant: Uint8Array): Fate {
  const decoder = new DeltaDecoder(OLD.length);
  let literal = 0;
  for (const each of decoder.push(mutant)) {
    if (each.kind === "literal") literal += each.bytes.length;
    else if (each.start < 0 || each.length < 1 || each.start + each.length > OLD.length) {
      throw new Error(`it copies ${each.length} bytes from ${each.start} on`);
    }
  }
  decoder.finish();
  if (literal >= mutant.length) throw new Error(`it gives ${literal} literal bytes`);
  return "read";
}

/** Changes some bytes, mostly to values that are at an edge, and sometimes cuts, repeats or lengthens. */
function mutated(bytes: Uint8Array, seed: number): Uint8Array {
  const roll = dice(seed);
  const copy = bytes.slice();
  for (let left = 1 + roll(4); left > 0; left--) {
    // The head and the commands are at the front more often than not.
    const at = roll(2) === 0 ? roll(Math.min(copy.length, 24)) : roll(copy.length);
    copy[at] = [0, 1, 0x40, 0x41, 0x44, 0x45, 0x54, 0x55, 0x7f, 0x80, 0xff, roll(256)][roll(12)] ?? 0;
  }
  if (roll(4) === 0) return copy.subarray(0, roll(copy.length));
  if (roll(8) === 0) return Uint8Array.of(...copy, ...copy.subarray(roll(copy.length)));
  return copy;
}

/** Numbers from a seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return ((state ^ state >>> 13) >>> 0) % sides;
  };
}
