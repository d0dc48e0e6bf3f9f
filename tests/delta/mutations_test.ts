/**
 * Mutated signatures and deltas: refused with the error for that, or read as something else, but never a crash, a hang
 * or memory without bound. `deno task fuzz` makes a million of each and keeps what came of them.
 */
import { KINDS, tryMutant } from "../fuzz/delta_mutations.ts";
import { assertGreater, describe, it } from "../support/test_api.ts";

const RUNS = 4000;

describe("mutated files", () => {
  for (const kind of KINDS) {
    it(`of a ${kind} are refused, or read and stay within their bounds`, () => {
      const fates = { refused: 0, read: 0, "too large": 0 };
      for (let seed = 1; seed <= RUNS; seed++) fates[tryMutant(kind, seed)]++;
      assertGreater(fates.refused, RUNS / 20);
      assertGreater(fates.read, RUNS / 20);
    });
  }
});
