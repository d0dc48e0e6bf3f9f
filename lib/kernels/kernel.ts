/**
 * What the delta engine computes over bytes: weak sums, strong sums, and the search for known weak sums. Two
 * implementations mean the same: a readable one (`reference.ts`) and WebAssembly (`wasm_kernel.ts`).
 *
 * A kernel owns a memory of fixed size; data is put there once and named by offset and length after that, so that
 * nothing is copied per block. {@linkcode Layout} hands the memory out.
 *
 * @module
 */

/**
 * Sums that roll: `rsync` is rsync's sum of signed bytes, `rollsum` librsync's of unsigned bytes plus 31, `rabinkarp`
 * librsync's polynomial hash.
 */
export type WeakSum = "rsync" | "rollsum" | "rabinkarp";

/** Sums that confirm. `sha1` and `sha256` come from a library, the others are the kernels' own. */
export type StrongSum = "md4" | "md5" | "sha1" | "sha256" | "blake2b" | "xxh3" | "xxh128";

/** Bytes of a whole strong sum. Those of XXH3 and XXH128 are little-endian numbers, as rsync sends them. */
export const STRONG_BYTES: Readonly<Record<StrongSum, number>> = {
  md4: 16,
  md5: 16,
  sha1: 20,
  sha256: 32,
  blake2b: 32,
  xxh3: 8,
  xxh128: 16,
};

/** Bytes of the longest strong sum. */
export const MOST_STRONG_BYTES = 32;

/** A number that is hashed with every block, so that nobody can prepare blocks whose sums are equal. */
export interface Seed {
  /** The number, of 32 bits with a sign. */
  readonly value: number;
  /** Whether its four bytes, the lowest first, stand before or behind each block. XXH3 and XXH128 have an argument for it
   * instead; BLAKE2b takes none. */
  readonly place: "before" | "behind";
}

/** Hashes parts that stand one behind the other. */
export type Digest = (sum: "sha1" | "sha256", parts: readonly Uint8Array[]) => Uint8Array;

/** Bytes of a weak sum. */
export const WEAK_BYTES = 4;

/** The first bytes of the memory, which belong to the kernel itself. */
export const KERNEL_BYTES = 65_536;

/** Bytes behind all data that a search may read, and ignores. */
export const SLACK_BYTES = 64;

/** Functions over one memory. Offsets count bytes from its start; callers keep them within what they were given. */
export interface Kernel {
  /** Which implementation it is. */
  readonly name: "wasm" | "reference";
  /** The memory. It never moves. */
  readonly memory: Uint8Array<ArrayBuffer>;
  /** The weak sum of `length` bytes, as an unsigned number. */
  weakSum(weak: WeakSum, at: number, length: number): number;
  /** Weak sums of `count` blocks that lie one behind the other, as little-endian words. */
  weakSums(weak: WeakSum, at: number, length: number, count: number, into: number): void;
  /** Strong sums of `count` blocks that lie one behind the other, {@linkcode STRONG_BYTES} each. */
  strongSums(strong: StrongSum, at: number, length: number, count: number, into: number, seed?: Seed): void;
  /**
   * The first of `count` windows, each one byte further, whose weak sum is in a table of `BlockTable`; `count` when
   * none is. `sum` is that of the first window. The table holds the group of the sum that was found.
   */
  search(weak: WeakSum, at: number, window: number, count: number, table: number, sum: number): number;
}

/** Makes a kernel with a memory of a size that a layout says. */
export type CreateKernel = (bytes: number) => Kernel;

/** Hands out the memory of a kernel that is still to be made. */
export class Layout {
  #end = KERNEL_BYTES;

  /** How much memory the kernel needs. */
  get bytes(): number {
    return this.#end + SLACK_BYTES;
  }

  /**
   * Takes the next bytes.
   *
   * @param length How many.
   * @returns The offset of the first, a multiple of 16.
   */
  take(length: number): number {
    const at = this.#end;
    this.#end += Math.ceil(length / 16) * 16;
    return at;
  }
}
