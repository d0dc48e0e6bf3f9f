/** Both kernels, for suites that hold for each, and the sums to run them with. */
import type { CreateKernel, Kernel, StrongSum, WeakSum } from "../../lib/kernels/kernel.ts";
import { loadReferenceKernels } from "../../lib/kernels/reference.ts";
import { createWasmKernel } from "../../lib/kernels/wasm_kernel.ts";

/** All weak sums. */
export const WEAK_SUMS: readonly WeakSum[] = ["rsync", "rollsum", "rabinkarp"];
/** All strong sums. */
export const STRONG_SUMS: readonly StrongSum[] = ["md4", "blake2b"];

/** How each kernel is made. */
export const KERNELS: Readonly<Record<Kernel["name"], CreateKernel>> = {
  reference: await loadReferenceKernels(),
  wasm: createWasmKernel,
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
