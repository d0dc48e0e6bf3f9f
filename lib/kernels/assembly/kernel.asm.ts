// What the module exports; lib/kernels/wasm_kernel.ts is the other side. Memory is the caller's.

import { blake2bSums } from "./blake2b.asm";
import { fourSums } from "./four.asm";
import { weakSum } from "./weak.asm";
import { xxh3Sums } from "./xxh3.asm";

export { search } from "./search.asm";
export { weakSum };

/** Weak sums of `count` blocks that lie one behind the other, 4 bytes each. */
export function weakSums(weak: u32, at: usize, length: u32, count: u32, into: usize): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(into + (<usize>i << 2), weakSum(weak, at + <usize>i * length, length));
}

/**
 * Strong sums of `count` blocks that lie one behind the other: 0 is MD4, 1 BLAKE2b, 2 MD5, 3 XXH3 and 4 XXH128. A seed
 * stands before each block (1) or behind it (2), or nowhere (0); of the XXH it is an argument, and BLAKE2b has none.
 */
export function strongSums(
  strong: u32, at: usize, length: u32, count: u32, into: usize, seed: i32, place: u32,
): void {
  if (strong == 1) blake2bSums(at, length, count, into);
  else if (strong >= 3) xxh3Sums(at, length, count, into, seed, strong == 4);
  else fourSums(strong == 2, at, length, count, into, seed, place);
}
