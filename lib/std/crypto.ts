/**
 * `@std/crypto`'s digests over what both runtimes have: `node:crypto`, and hash-wasm for what that lacks.
 *
 * The npm copy of `@std/crypto` comes without its WebAssembly and cannot be loaded. Names and results are upstream's;
 * the algorithms are a subset. Data may be a stream of chunks, so a file need not fit into memory. What upstream does not
 * have are the synchronous hashes of `incremental_hash.ts`.
 */
import { createHash, type Hash } from "node:crypto";
import { createBLAKE2b, createBLAKE3, type IHasher } from "hash-wasm";
import * as timingSafeEqualJs from "deno-std/crypto/timing_safe_equal.js";

export { type SessionDigestName, sessionDigests } from "./session_digests.ts";
export { createIncrementalHash, type IncrementalAlgorithm, type IncrementalHash } from "./incremental_hash.ts";

/** Names of the digests that {@linkcode crypto} computes. */
export const DIGEST_ALGORITHM_NAMES = [
  "BLAKE2B-256",
  "BLAKE2B",
  "BLAKE2S",
  "BLAKE3",
  "MD5",
  "SHA-1",
  "SHA-224",
  "SHA-256",
  "SHA-384",
  "SHA-512",
  "SHA3-224",
  "SHA3-256",
  "SHA3-384",
  "SHA3-512",
] as const;

/** Name of a digest. `BLAKE2B` is the one of 512 bits. */
export type DigestAlgorithmName = (typeof DIGEST_ALGORITHM_NAMES)[number];

/** Data to digest: bytes at once, or in chunks. */
export type DigestData = BufferSource | AsyncIterable<BufferSource> | Iterable<BufferSource>;

/** The part of `crypto.subtle` that is extended. */
export interface StdSubtleCrypto {
  /**
   * Returns the digest of `data`.
   *
   * @throws {TypeError} when the algorithm is not one of {@linkcode DIGEST_ALGORITHM_NAMES}
   */
  digest(algorithm: DigestAlgorithmName, data: DigestData): Promise<ArrayBuffer>;
}

/** The part of the `crypto` object that is extended. */
export interface StdCrypto {
  /** Digests by name. */
  readonly subtle: StdSubtleCrypto;
}

/** Web Crypto's shape, with more algorithms and with data in chunks. */
export const crypto: StdCrypto = { subtle: { digest } };

/** Tells whether two values are equal, in a time that does not depend on where they differ. */
export const timingSafeEqual: (a: BufferSource, b: BufferSource) => boolean =
  (timingSafeEqualJs as unknown as { timingSafeEqual: (a: BufferSource, b: BufferSource) => boolean }).timingSafeEqual;

const NODE_NAMES: Readonly<Record<Exclude<DigestAlgorithmName, "BLAKE2B-256" | "BLAKE3">, string>> = {
  "BLAKE2B": "blake2b512",
  "BLAKE2S": "blake2s256",
  "MD5": "md5",
  "SHA-1": "sha1",
  "SHA-224": "sha224",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
  "SHA3-224": "sha3-224",
  "SHA3-256": "sha3-256",
  "SHA3-384": "sha3-384",
  "SHA3-512": "sha3-512",
};

async function digest(algorithm: DigestAlgorithmName, data: DigestData): Promise<ArrayBuffer> {
  const hasher = await createHasher(algorithm);
  if (isBufferSource(data)) hasher.update(bytesOf(data));
  else for await (const chunk of data) hasher.update(bytesOf(chunk));
  return "init" in hasher ? hasher.digest("binary").slice().buffer : new Uint8Array(hasher.digest()).buffer;
}

async function createHasher(algorithm: DigestAlgorithmName): Promise<Hash | IHasher> {
  if (algorithm === "BLAKE3") return (await createBLAKE3()).init();
  if (algorithm === "BLAKE2B-256") return (await createBLAKE2b(256)).init();
  const name = Object.hasOwn(NODE_NAMES, algorithm) ? NODE_NAMES[algorithm] : undefined;
  if (name !== undefined) return createHash(name);
  throw new TypeError(`Cannot digest with "${algorithm}": it must be one of ${DIGEST_ALGORITHM_NAMES.join(", ")}`);
}

function isBufferSource(data: DigestData): data is BufferSource {
  return data instanceof ArrayBuffer || ArrayBuffer.isView(data);
}

function bytesOf(source: BufferSource): Uint8Array {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw new TypeError("Cannot digest the data: a chunk must be an ArrayBuffer or a view");
}
