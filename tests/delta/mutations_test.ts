/**
 * Mutated signatures and deltas: refused with the error for that, or read as something else, but never a crash, a hang
 * or memory without bound. `MUTATIONS=1000000` makes the run long.
 */
import { env } from "node:process";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import { DeltaDecoder } from "../../lib/delta/delta_decoder.ts";
import { SyncError } from "../../lib/errors.ts";
import { noise } from "../kernels/kernels.ts";
import { deltaFileOf, FORMATS, instructionsFor, outline, readSignature, signatureFileOf } from "./engine.ts";

const RUNS = Number(env["MUTATIONS"] ?? 4000);
const OLD = noise(3000);
const NEW = Uint8Array.of(...OLD.subarray(755, 2600), ...noise(500, 3), ...OLD.subarray(0, 900));

/** Numbers from a seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return ((state ^ state >>> 13) >>> 0) % sides;
  };
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

/** Runs something that may find damage; whatever else it throws is a defect. */
function tolerateDamage(run: () => void): void {
  try {
    run();
  } catch (error) {
    assert(error instanceof SyncError && error.code === "delta-damaged", `${error}`);
  }
}

describe("mutated files", () => {
  it("of signatures are refused or matched against", { timeout: 3_600_000 }, () => {
    const files = FORMATS.map((sums) => signatureFileOf(OLD, { ...sums, blockLength: 100, strongLength: 8 }));
    for (let seed = 1; seed <= RUNS; seed++) {
      const file = mutated(files[seed % files.length] ?? OLD, seed);
      tolerateDamage(() => {
        const signature = readSignature(file);
        if (signature.blockLength > 2 ** 20) return; // takes as much memory as it says, up to the limit
        const made = instructionsFor(signature, NEW);
        assertEquals(
          made.reduce((sum, each) => sum + (each.kind === "copy" ? each.length : each.bytes.length), 0),
          NEW.length,
        );
      });
    }
  });

  it("of deltas are refused or stay within the old file", { timeout: 3_600_000 }, () => {
    const signature = readSignature(
      signatureFileOf(OLD, { ...FORMATS[0] ?? never(), blockLength: 100, strongLength: 8 }),
    );
    const instructions = instructionsFor(signature, NEW);
    assertEquals(outline(instructions).split(" ").length > 3, true);
    const file = deltaFileOf(instructions);
    for (let seed = 1; seed <= RUNS; seed++) {
      const bytes = mutated(file, seed);
      tolerateDamage(() => {
        const decoder = new DeltaDecoder(OLD.length);
        for (const each of decoder.push(bytes)) {
          if (each.kind === "copy") {
            assert(each.start >= 0 && each.length > 0 && each.start + each.length <= OLD.length);
          } else assert(each.bytes.length <= bytes.length);
        }
        decoder.finish();
      });
    }
  });
});

function never(): never {
  throw new Error("there are formats");
}
