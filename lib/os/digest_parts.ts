/**
 * Hashes of the platform's library, for the block sums that the kernels leave to it.
 *
 * @module
 */
import { createHash } from "node:crypto";

/**
 * Hashes parts that stand one behind the other.
 *
 * @param sum Name of the hash.
 * @param parts The parts.
 * @returns The digest.
 */
export function digestParts(sum: "sha1" | "sha256", parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash(sum);
  for (const part of parts) hash.update(part);
  return hash.digest();
}
