/** Both kernels, for suites that hold for each, and the sums to run them with. */
import type { CreateKernel, Kernel, Seed, StrongSum, WeakSum } from "../../lib/kernels/kernel.ts";
import { loadReferenceKernels } from "../../lib/kernels/reference.ts";
import { wasmKernelsWith } from "../../lib/kernels/wasm_kernel.ts";
import { digestParts } from "../../lib/os/digest_parts.ts";

/** All weak sums. */
export const WEAK_SUMS: readonly WeakSum[] = ["rsync", "rollsum", "rabinkarp"];
/** All strong sums. */
export const STRONG_SUMS: readonly StrongSum[] = ["md4", "md5", "sha1", "sha256", "blake2b", "xxh3", "xxh128"];
/** Seeds, in both places. */
export const SEEDS: readonly Seed[] = [
  ...[1, -1, 0x12345678, -0x7fffffff].map((value): Seed => ({ value, place: "before" })),
  ...[1, -2].map((value): Seed => ({ value, place: "behind" })),
];

/** How each kernel is made. */
export const KERNELS: Readonly<Record<Kernel["name"], CreateKernel>> = {
  reference: await loadReferenceKernels(SEEDS.map(({ value }) => value)),
  wasm: wasmKernelsWith(digestParts),
};

/** Names of the kernels. */
export const KERNEL_NAMES: readonly Kernel["name"][] = ["reference", "wasm"];

/** Bytes that look random and are the same in every run. */
export function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed * 2 + 1 | 0;
  for (let at = 0; at < length; at++) {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}
