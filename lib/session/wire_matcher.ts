/**
 * Finds blocks of which a peer sent the sums: the delta engine with rsync's rolling sum, and with the strong sum of the
 * session in the place of its own.
 *
 * @module
 */
import { Matcher } from "../delta/matcher.ts";
import type { CreateKernel, StrongSum } from "../kernels/kernel.ts";
import { STRONG_BYTES } from "../kernels/kernel.ts";
import { createWasmKernel } from "../kernels/wasm_kernel.ts";
import { type SumHead, WEAK_BYTES } from "../wire/sums.ts";
import type { BlockDigest } from "./digests.ts";

/** The sum of the engine whose place is taken: the first bytes of the session's are as long. */
const PLACE: StrongSum = "md4";

/**
 * Makes a matcher.
 *
 * @param head What was said of the sums.
 * @param sums The sums as they came, for each block the weak one, low byte first, and the strong one.
 * @param digest Computes strong sums.
 * @returns The matcher.
 */
export function matcherOf(head: SumHead, sums: Uint8Array, digest: BlockDigest): Matcher {
  const { count, blockLength } = head;
  const strongLength = Math.min(head.strongLength, STRONG_BYTES[PLACE]);
  const weakSums = new Uint32Array(count);
  const strongSums = new Uint8Array(count * strongLength);
  const view = new DataView(sums.buffer, sums.byteOffset, sums.byteLength);
  const row = WEAK_BYTES + head.strongLength;
  for (let block = 0; block < count; block++) {
    weakSums[block] = view.getUint32(block * row, true);
    const strong = block * row + WEAK_BYTES;
    strongSums.set(sums.subarray(strong, strong + strongLength), block * strongLength);
  }
  const signature = { weak: "rsync", strong: PLACE, blockLength, strongLength, weakSums, strongSums } as const;
  return new Matcher(signature, kernelWith(digest));
}

/** A kernel that computes the strong sums of a session. */
function kernelWith(digest: BlockDigest): CreateKernel {
  return (bytes) => {
    const kernel = createWasmKernel(bytes);
    const { memory } = kernel;
    return {
      name: kernel.name,
      memory,
      weakSum: (weak, at, length) => kernel.weakSum(weak, at, length),
      weakSums: (weak, at, length, count, into) => kernel.weakSums(weak, at, length, count, into),
      search: (weak, at, window, count, table, sum) => kernel.search(weak, at, window, count, table, sum),
      strongSums: (_, at, length, count, into) => {
        for (let block = 0; block < count; block++) {
          const sum = digest(memory.subarray(at + block * length, at + (block + 1) * length));
          memory.set(sum.subarray(0, STRONG_BYTES[PLACE]), into + block * STRONG_BYTES[PLACE]);
        }
      },
    };
  };
}
