/**
 * The weak sums by their definition, and rolled by a byte. WebAssembly computes the same sixteen bytes at a time.
 *
 * The two-part sums are those of the rsync technical report: over the bytes `b` of a window of length `n`, the first
 * part is the sum of all `b`, the second the sum of `(n - i) * b`, both modulo 2^16. rsync takes bytes as signed,
 * librsync as unsigned and adds 31 to each. librsync's polynomial hash takes each byte `b` as
 * `hash = hash * 0x08104225 + b` modulo 2^32, from 1 on; these constants can be read off the sums that `rdiff` gives
 * for blocks of one and two zero bytes.
 *
 * @module
 */
import type { WeakSum } from "./kernel.ts";

const MULTIPLIER = 0x08104225;
const ROLLSUM_OFFSET = 31;
/** Spreads the two-part sums, whose upper bits are nearly the same for small blocks, over all bits; odd, so that no two
 * sums become one. */
const SPREAD = 0x9e3779b1;

/**
 * The weak sum of some bytes.
 *
 * @param weak Which sum.
 * @param bytes The bytes.
 * @returns The sum, an unsigned number.
 */
export function weakSumOf(weak: WeakSum, bytes: Uint8Array): number {
  if (weak === "rabinkarp") {
    let hash = 1;
    for (const byte of bytes) hash = Math.imul(hash, MULTIPLIER) + byte | 0;
    return hash >>> 0;
  }
  let first = 0;
  let second = 0;
  for (const byte of bytes) {
    first = first + valueOf(weak, byte) & 0xffff;
    second = second + first & 0xffff;
  }
  return (first | second << 16) >>> 0;
}

function valueOf(weak: WeakSum, byte: number): number {
  return weak === "rollsum" ? byte + ROLLSUM_OFFSET : byte << 24 >> 24;
}

/**
 * The key under which a weak sum is looked up: all of its upper bits are worth something.
 *
 * @param weak Which sum it is.
 * @param sum The sum.
 * @returns The key, an unsigned number. Different sums have different keys.
 */
export function keyOf(weak: WeakSum, sum: number): number {
  return weak === "rabinkarp" ? sum >>> 0 : Math.imul(sum, SPREAD) >>> 0;
}

/** The weak sum of a window that moves over bytes. */
export class RollingSum {
  readonly #weak: WeakSum;
  readonly #length: number;
  /** The multiplier to the power of the window's length. */
  readonly #power: number;
  /** The sum of the window where it is now. */
  sum: number;

  /** A window of `length` bytes, with its sum where it begins. */
  constructor(weak: WeakSum, length: number, sum = 0) {
    this.#weak = weak;
    this.#length = length;
    this.#power = powerOf(length);
    this.sum = sum;
  }

  /**
   * Moves the window by one byte.
   *
   * @param leaving The byte that was its first.
   * @param entering The byte that becomes its last.
   */
  roll(leaving: number, entering: number): void {
    if (this.#weak === "rabinkarp") {
      // The hash of a window holds MULTIPLIER^length from the 1 it began with; that must not grow.
      const left = Math.imul(leaving + MULTIPLIER - 1, this.#power);
      this.sum = Math.imul(this.sum, MULTIPLIER) + entering - left >>> 0;
      return;
    }
    const out = valueOf(this.#weak, leaving);
    const first = (this.sum & 0xffff) - out + valueOf(this.#weak, entering) & 0xffff;
    const second = (this.sum >>> 16) + first - Math.imul(this.#length, out) & 0xffff;
    this.sum = (first | second << 16) >>> 0;
  }
}

function powerOf(exponent: number): number {
  let result = 1;
  for (let base = MULTIPLIER; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = Math.imul(result, base);
    base = Math.imul(base, base);
  }
  return result;
}

/**
 * Finds the ends of some bytes that have a weak sum.
 *
 * @param weak Which sum.
 * @param bytes The bytes.
 * @param sum The sum to find.
 * @returns Lengths of all ends of `bytes` with that sum, the longest first; the empty end is not among them.
 */
export function endsWithSum(weak: WeakSum, bytes: Uint8Array, sum: number): number[] {
  const found: number[] = [];
  let rest = 0;
  let total = 0;
  let power = 1;
  for (let length = 1; length <= bytes.length; length++) {
    const byte = bytes[bytes.length - length] ?? 0;
    if (weak === "rabinkarp") {
      rest = Math.imul(byte, power) + rest | 0;
      power = Math.imul(power, MULTIPLIER);
      if ((power + rest) >>> 0 === sum) found.push(length);
    } else {
      const value = valueOf(weak, byte);
      rest = rest + value & 0xffff;
      total = total + Math.imul(length, value) & 0xffff;
      if ((rest | total << 16) >>> 0 === sum) found.push(length);
    }
  }
  return found.reverse();
}
