/**
 * The kernel in plain TypeScript, with strong sums from a library: what the kernels mean. It is slow, and the tests
 * hold the fast one against it.
 *
 * @module
 */
import { createBLAKE2b, createMD4, type IHasher } from "hash-wasm";
import { FILTER_PATTERNS, HEAD } from "./block_table.ts";
import { type CreateKernel, type Kernel, STRONG_BYTES, type StrongSum, WEAK_BYTES, type WeakSum } from "./kernel.ts";
import { keyOf, RollingSum, weakSumOf } from "./weak_sums.ts";

/**
 * Loads what kernels need.
 *
 * @returns What makes kernels.
 */
export async function loadReferenceKernels(): Promise<CreateKernel> {
  const [md4, blake2b] = await Promise.all([createMD4(), createBLAKE2b(STRONG_BYTES.blake2b * 8)]);
  return (bytes) => new ReferenceKernel(bytes, { md4, blake2b });
}

class ReferenceKernel implements Kernel {
  readonly name = "reference";
  readonly memory: Uint8Array<ArrayBuffer>;
  readonly #words: Uint32Array;
  readonly #hashers: Readonly<Record<StrongSum, IHasher>>;

  constructor(bytes: number, hashers: Readonly<Record<StrongSum, IHasher>>) {
    this.memory = new Uint8Array(Math.ceil(bytes / 16) * 16);
    this.#words = new Uint32Array(this.memory.buffer);
    this.#hashers = hashers;
  }

  weakSum(weak: WeakSum, at: number, length: number): number {
    return weakSumOf(weak, this.memory.subarray(at, at + length));
  }

  weakSums(weak: WeakSum, at: number, length: number, count: number, into: number): void {
    for (let block = 0; block < count; block++) {
      this.#words[(into + block * WEAK_BYTES) / 4] = this.weakSum(weak, at + block * length, length);
    }
  }

  strongSums(strong: StrongSum, at: number, length: number, count: number, into: number): void {
    const hasher = this.#hashers[strong];
    for (let block = 0; block < count; block++) {
      const bytes = this.memory.subarray(at + block * length, at + (block + 1) * length);
      this.memory.set(hasher.init().update(bytes).digest("binary"), into + block * STRONG_BYTES[strong]);
    }
  }

  search(weak: WeakSum, at: number, window: number, count: number, table: number, sum: number): number {
    const rolling = new RollingSum(weak, window, sum);
    for (let index = 0; index < count; index++) {
      if (this.#isKnown(table / 4, keyOf(weak, rolling.sum))) return index;
      rolling.roll(this.memory[at + index] ?? 0, this.memory[at + index + window] ?? 0);
    }
    return count;
  }

  /** Looks a key up; the group goes to the table's head. */
  #isKnown(head: number, key: number): boolean {
    const word = (index: number) => this.#words[index] ?? 0;
    const filtered = word(head + HEAD.filter) + (key >>> word(head + HEAD.filterShift));
    for (const [at, bits] of [[filtered, key & 15], [filtered + 1, key >>> 8 & 15]] as const) {
      const pattern = FILTER_PATTERNS[bits] ?? 0;
      if (((this.memory[at] ?? 0) & pattern) !== pattern) return false;
    }
    const range = word(head + HEAD.starts) / 4 + (key >>> word(head + HEAD.startsShift));
    const keys = word(head + HEAD.keys) / 4;
    for (let group = word(range); group < word(range + 1); group++) {
      this.#words[head + HEAD.group] = group;
      if (word(keys + group) === key) return true;
    }
    return false;
  }
}
