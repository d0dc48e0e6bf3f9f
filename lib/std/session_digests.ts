/**
 * The checksums of rsync's protocol: MD5 from `node:crypto`, XXH from hash-wasm. XXH is sent low byte first, the other
 * way round than it is written.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";
import { createXXHash128, type IHasher } from "hash-wasm";

/** Checksums that are computed here, in the order in which all peers name them. */
const NAMES = ["xxh128", "md5"] as const;

/** Name of a checksum. */
export type SessionDigestName = (typeof NAMES)[number];

/** Computes checksums, one after the other. */
interface FileDigest {
  begin(): void;
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/**
 * What computes the checksums of sessions, see `SessionDigests` of `lib/session/digests.ts`.
 *
 * @example
 * ```ts
 * import { sessionDigests } from "@std/crypto";
 *
 * const digest = await sessionDigests.ofFiles("md5");
 * digest.begin();
 * ```
 */
export const sessionDigests: {
  readonly names: readonly SessionDigestName[];
  ofFiles(name: string): Promise<FileDigest>;
  ofBlocks(name: string, seed: number, isSeedFirst: boolean): Promise<(block: Uint8Array) => Uint8Array>;
} = {
  names: NAMES,
  ofFiles: async (name) => name === "xxh128" ? new XxhDigest(await createXXHash128()) : new Md5Digest(),
  async ofBlocks(name, seed, isSeedFirst) {
    if (name === "xxh128") return blocksByXxh(await createXXHash128(seed >>> 0, seed < 0 ? 0xffff_ffff : 0));
    return blocksByMd5(seed, isSeedFirst);
  },
};

class Md5Digest implements FileDigest {
  #hash: Hash = createHash("md5");

  begin(): void {
    this.#hash = createHash("md5");
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digest(): Uint8Array {
    return new Uint8Array(this.#hash.digest());
  }
}

class XxhDigest implements FileDigest {
  readonly #hash: IHasher;

  constructor(hash: IHasher) {
    this.#hash = hash;
  }

  begin(): void {
    this.#hash.init();
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digest(): Uint8Array {
    return this.#hash.digest("binary").slice().reverse();
  }
}

function blocksByXxh(hash: IHasher): (block: Uint8Array) => Uint8Array {
  const digest = new XxhDigest(hash);
  return (block) => {
    digest.begin();
    digest.update(block);
    return digest.digest();
  };
}

/** A seed of 0 is left out. */
function blocksByMd5(seed: number, isSeedFirst: boolean): (block: Uint8Array) => Uint8Array {
  const bytes = new Uint8Array(seed === 0 ? 0 : 4);
  if (seed !== 0) new DataView(bytes.buffer).setInt32(0, seed, true);
  return (block) => {
    const [first, second] = isSeedFirst ? [bytes, block] : [block, bytes];
    return new Uint8Array(createHash("md5").update(first).update(second).digest());
  };
}
