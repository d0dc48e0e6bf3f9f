/**
 * Checksums of files, step by step: from `node:crypto`, and from hash-wasm what that lacks. A hash is made once for each
 * thread and used for one file after the other.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";
import { createBLAKE3, createXXHash128, type IHasher } from "hash-wasm";

/** Names of the checksums that can be computed step by step. */
export type IncrementalAlgorithm = "sha256" | "sha512" | "sha1" | "md5" | "blake2b" | "blake3" | "xxh128";

/** Computes checksums, one after the other. */
export interface IncrementalHash<Name extends IncrementalAlgorithm = IncrementalAlgorithm> {
  /** What it computes. */
  readonly algorithm: Name;
  /** Begins a checksum, and forgets one that was not finished. */
  begin(): void;
  /** Takes the next bytes. */
  update(bytes: Uint8Array): void;
  /** Ends a checksum. */
  digest(): Uint8Array;
}

const NODE_NAMES: Readonly<Partial<Record<IncrementalAlgorithm, string>>> = {
  sha256: "sha256",
  sha512: "sha512",
  sha1: "sha1",
  md5: "md5",
  blake2b: "blake2b512",
};

/**
 * Makes a hash; the WebAssembly that some need is loaded here.
 *
 * @param algorithm What it computes.
 * @returns The hash, for one thread.
 */
export async function createIncrementalHash<Name extends IncrementalAlgorithm>(
  algorithm: Name,
): Promise<IncrementalHash<Name>> {
  const name = NODE_NAMES[algorithm];
  if (name !== undefined) return new NodeHash(algorithm, name);
  return new WasmHash(algorithm, await (algorithm === "blake3" ? createBLAKE3() : createXXHash128()));
}

class NodeHash<Name extends IncrementalAlgorithm> implements IncrementalHash<Name> {
  readonly algorithm: Name;
  readonly #name: string;
  #hash: Hash;

  constructor(algorithm: Name, name: string) {
    this.algorithm = algorithm;
    this.#name = name;
    this.#hash = createHash(name);
  }

  begin(): void {
    this.#hash = createHash(this.#name);
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digest(): Uint8Array {
    return new Uint8Array(this.#hash.digest());
  }
}

class WasmHash<Name extends IncrementalAlgorithm> implements IncrementalHash<Name> {
  readonly algorithm: Name;
  readonly #hash: IHasher;

  constructor(algorithm: Name, hash: IHasher) {
    this.algorithm = algorithm;
    this.#hash = hash;
  }

  begin(): void {
    this.#hash.init();
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digest(): Uint8Array {
    return this.#hash.digest("binary").slice();
  }
}
