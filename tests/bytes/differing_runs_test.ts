/** Runs of blocks that differ, against looking at every byte. */
import fc from "fast-check";
import { BLOCK_BYTES, eachDifferingRun } from "../../lib/bytes/differing_runs.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

/** All runs, given which blocks differ. */
function runsOf(length: number, differing: ReadonlySet<number>): [number, number][] {
  const runs: [number, number][] = [];
  eachDifferingRun(length, (at) => !differing.has(at / BLOCK_BYTES), (start, end) => void runs.push([start, end]));
  return runs;
}

describe("eachDifferingRun()", () => {
  it("joins neighbours, and ends with the buffer", () => {
    assertEquals(runsOf(0, new Set()), []);
    assertEquals(runsOf(10, new Set([0])), [[0, 10]]);
    assertEquals(runsOf(5 * BLOCK_BYTES + 1, new Set([0, 2, 3, 5])), [
      [0, BLOCK_BYTES],
      [2 * BLOCK_BYTES, 4 * BLOCK_BYTES],
      [5 * BLOCK_BYTES, 5 * BLOCK_BYTES + 1],
    ]);
  });

  it("covers exactly the blocks that differ", () => {
    fc.assert(fc.property(
      fc.integer({ min: 0, max: 20 * BLOCK_BYTES }),
      fc.uniqueArray(fc.nat(19)),
      (length, list) => {
        const covered = new Set<number>();
        let last = -1;
        for (const [start, end] of runsOf(length, new Set(list))) {
          if (start <= last) throw new Error("runs touch");
          for (let at = start; at < end; at += BLOCK_BYTES) covered.add(at / BLOCK_BYTES);
          last = end;
        }
        const blocks = Math.ceil(length / BLOCK_BYTES);
        assertEquals([...covered], list.filter((block) => block < blocks).sort((a, b) => a - b));
      },
    ));
  });
});
