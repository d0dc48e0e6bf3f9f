// What the module exports; lib/kernels/wasm_kernel.ts is the other side. Memory is the caller's.

import { blake2bSums } from "./blake2b.asm";
import { md4Sums } from "./md4.asm";
import { weakSum } from "./weak.asm";

export { search } from "./search.asm";
export { weakSum };

/** Weak sums of `count` blocks that lie one behind the other, 4 bytes each. */
export function weakSums(weak: u32, at: usize, length: u32, count: u32, into: usize): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(into + (<usize>i << 2), weakSum(weak, at + <usize>i * length, length));
}

/** Strong sums of `count` blocks that lie one behind the other: 0 is MD4, 1 is BLAKE2b. */
export function strongSums(strong: u32, at: usize, length: u32, count: u32, into: usize): void {
  if (strong == 0) md4Sums(at, length, count, into);
  else blake2bSums(at, length, count, into);
}
