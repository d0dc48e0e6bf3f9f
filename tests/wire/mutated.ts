/** Bytes that were changed here and there, the same for a seed in every run. */

/** Numbers from a seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return ((state ^ state >>> 13) >>> 0) % sides;
  };
}

const EDGES = [0, 1, 2, 0x07, 0x2e, 0x2f, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xf0, 0xfe, 0xff];

/** Changes some bytes, mostly to values that are at an edge, and sometimes cuts, moves or repeats. */
export function mutated(bytes: Uint8Array, seed: number): Uint8Array {
  const roll = dice(seed);
  const copy = bytes.slice();
  for (let left = 1 + roll(4); left > 0; left--) {
    // Lists are at the front, and what they hold has most meaning.
    const at = roll(2) === 0 ? roll(Math.min(copy.length, 400)) : roll(copy.length);
    copy[at] = roll(3) === 0 ? roll(256) : EDGES[roll(EDGES.length)] ?? 0;
  }
  const [at, length] = [roll(copy.length), roll(20)];
  if (roll(6) === 0) return copy.subarray(0, at);
  if (roll(6) === 0) return Uint8Array.of(...copy.subarray(0, at), ...copy.subarray(at + length));
  if (roll(6) === 0) return Uint8Array.of(...copy.subarray(0, at + length), ...copy.subarray(at));
  return copy;
}
