/**
 * What is hashed when a seed belongs to a block.
 *
 * @module
 */
import type { Seed } from "./kernel.ts";

/**
 * A block and its seed, in their order.
 *
 * @param block The block.
 * @param seed The seed, if there is one.
 * @returns What is hashed, in parts.
 */
export function seeded(block: Uint8Array, seed: Seed | undefined): readonly Uint8Array[] {
  if (seed === undefined) return [block];
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, seed.value, true);
  return seed.place === "before" ? [bytes, block] : [block, bytes];
}
