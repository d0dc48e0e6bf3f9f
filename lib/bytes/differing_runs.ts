/**
 * Finds the blocks in which two buffers differ.
 *
 * @module
 */

/** Bytes that are written as a whole when one of them differs: a page, and a block of most file systems. */
export const BLOCK_BYTES = 4096;

/**
 * Calls for each run of neighbouring blocks that differ. Nothing is allocated.
 *
 * @param length How many bytes there are.
 * @param same Whether a block is the same on both sides.
 * @param differs Takes a run: where it starts and ends.
 */
export function eachDifferingRun(
  length: number,
  same: (at: number, length: number) => boolean,
  differs: (start: number, end: number) => void,
): void {
  let start = -1;
  for (let at = 0; at < length; at += BLOCK_BYTES) {
    if (!same(at, Math.min(BLOCK_BYTES, length - at))) {
      if (start < 0) start = at;
    } else if (start >= 0) {
      differs(start, at);
      start = -1;
    }
  }
  if (start >= 0) differs(start, length);
}
