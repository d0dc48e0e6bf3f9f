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

/** Sums that confirm: MD4 of 16 bytes, BLAKE2b of 32 bytes. */
export type StrongSum = "md4" | "blake2b";

/** Bytes of a whole strong sum. */
export const STRONG_BYTES: Readonly<Record<StrongSum, number>> = { md4: 16, blake2b: 32 };

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
  strongSums(strong: StrongSum, at: number, length: number, count: number, into: number): void;
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
