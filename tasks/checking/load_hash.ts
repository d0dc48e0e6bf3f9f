/**
 * Loads what computes checksums, when it is needed.
 *
 * @module
 */
import type { FileHash, HashAlgorithm } from "../../lib/manifest/algorithm.ts";

/**
 * Makes a hash for this thread.
 *
 * @param algorithm What it computes.
 * @returns The hash.
 */
export async function loadHash(algorithm: HashAlgorithm): Promise<FileHash> {
  return await (await import("@std/crypto")).createIncrementalHash(algorithm);
}
