/**
 * The weak sums of a signature, laid out in a kernel's memory for the search: a filter, a compact table behind
 * it, and groups of blocks that share a sum.
 *
 * Sums become keys (`keyOf`), the different keys are sorted, and an index over their upper bits says where to look;
 * within such a range the search halves. So no choice of sums, however crafted, makes a lookup slower than the
 * logarithm of their number, and a million equal sums are one key.
 *
 * @module
 */
import type { Kernel, Layout, WeakSum } from "./kernel.ts";
import { keyOf } from "./weak_sums.ts";

/** The filter has this many bytes per block, rounded up to a power of two; in two of them, two bits are set for a key. */
const FILTER_BYTES_PER_BLOCK = 4;
const LEAST_FILTER_BYTES = 2 ** 14;
/** Beyond this the filter leaves the caches, and costs more than it saves. */
const MOST_FILTER_BYTES = 2 ** 25;
/** Which two bits of a byte are set, by four bits of a key: bits 0 to 3 for its first byte, 8 to 11 for the one behind. */
export const FILTER_PATTERNS = Uint8Array.of(
  ...[0x03, 0x06, 0x0c, 0x18, 0x30, 0x60, 0xc0, 0x81],
  ...[0x05, 0x0a, 0x14, 0x28, 0x50, 0xa0, 0x41, 0x82],
);

/** Words of the table's head, as the kernels read them. */
export const HEAD = { filter: 0, filterShift: 1, starts: 2, startsShift: 3, keys: 4, group: 5 } as const;
const HEAD_BYTES = 32;

/** Weak sums of blocks, in a kernel's memory. */
export class BlockTable {
  /** Offset of the table's head, for `Kernel.search`. */
  readonly at: number;
  readonly #weak: WeakSum;
  readonly #count: number;
  /** Bits of a place in the filter, and in the index. */
  readonly #filterBits: number;
  readonly #startsBits: number;
  readonly #filter: number;
  readonly #starts: number;
  readonly #keys: number;
  /** Where each group begins in {@linkcode #order}; one more than there are groups. */
  #groups = new Uint32Array(1);
  /** Numbers of blocks, those of one group together and in order. */
  #order = new Uint32Array(0);
  #head = new Uint32Array(0);

  /** Takes the memory for a table of `count` blocks. */
  constructor(layout: Layout, weak: WeakSum, count: number) {
    this.#weak = weak;
    this.#count = count;
    this.#filterBits = bitsFor(
      Math.min(MOST_FILTER_BYTES, Math.max(LEAST_FILTER_BYTES, count * FILTER_BYTES_PER_BLOCK)),
    );
    this.#startsBits = Math.min(28, Math.max(1, bitsFor(count)));
    this.at = layout.take(HEAD_BYTES);
    this.#filter = layout.take(2 ** this.#filterBits + 1);
    this.#starts = layout.take((2 ** this.#startsBits + 1) * 4);
    this.#keys = layout.take(count * 4);
  }

  /**
   * Fills the table.
   *
   * @param kernel A kernel that was made for the layout.
   * @param sums The weak sum of each block.
   */
  fill(kernel: Kernel, sums: Uint32Array): void {
    const words = (at: number, length: number) => new Uint32Array(kernel.memory.buffer, at, length);
    this.#head = words(this.at, HEAD_BYTES / 4);
    this.#head[HEAD.filter] = this.#filter;
    this.#head[HEAD.filterShift] = 32 - this.#filterBits;
    this.#head[HEAD.starts] = this.#starts;
    this.#head[HEAD.startsShift] = 32 - this.#startsBits;
    this.#head[HEAD.keys] = this.#keys;
    const keys = words(this.#keys, this.#count);
    const groups = this.#group(sums, keys);
    const filter = kernel.memory.subarray(this.#filter, this.#filter + 2 ** this.#filterBits + 1);
    fillFilter(filter, keys.subarray(0, groups), 32 - this.#filterBits);
    fillStarts(words(this.#starts, 2 ** this.#startsBits + 1), keys.subarray(0, groups), 32 - this.#startsBits);
  }

  /** Sorts blocks by key and number, writes the different keys, and returns how many there are. */
  #group(sums: Uint32Array, keys: Uint32Array): number {
    const pairs = new BigUint64Array(sums.length); // sorted as numbers, without a function per comparison
    const halves = new Uint32Array(pairs.buffer);
    for (let block = 0; block < sums.length; block++) {
      halves[2 * block] = block;
      halves[2 * block + 1] = keyOf(this.#weak, sums[block] ?? 0);
    }
    pairs.sort();
    this.#order = new Uint32Array(sums.length);
    const begins = new Uint32Array(sums.length + 1);
    let count = 0;
    for (let at = 0; at < sums.length; at++) {
      const key = halves[2 * at + 1] ?? 0;
      this.#order[at] = halves[2 * at] ?? 0;
      if (at === 0 || key !== keys[count - 1]) {
        keys[count] = key;
        begins[count++] = at;
      }
    }
    begins[count] = sums.length;
    this.#groups = begins.slice(0, count + 1);
    return count;
  }

  /**
   * The blocks with the weak sum that the last search found.
   *
   * @returns Their numbers, in order.
   */
  found(): Uint32Array {
    const group = this.#head[HEAD.group] ?? 0;
    return this.#order.subarray(this.#groups[group], this.#groups[group + 1]);
  }
}

/** How many bits a power of two has that is not below `count`. */
function bitsFor(count: number): number {
  return Math.ceil(Math.log2(Math.max(1, count)));
}

function fillFilter(filter: Uint8Array, keys: Uint32Array, shift: number): void {
  filter.fill(0);
  for (const key of keys) {
    const at = key >>> shift;
    filter[at] = (filter[at] ?? 0) | (FILTER_PATTERNS[key & 15] ?? 0);
    filter[at + 1] = (filter[at + 1] ?? 0) | (FILTER_PATTERNS[key >>> 8 & 15] ?? 0);
  }
}

function fillStarts(starts: Uint32Array, keys: Uint32Array, shift: number): void {
  let next = 0;
  for (let at = 0; at < keys.length; at++) {
    const prefix = (keys[at] ?? 0) >>> shift;
    while (next <= prefix) starts[next++] = at;
  }
  while (next < starts.length) starts[next++] = keys.length;
}
