/**
 * The checksums that files are known by: their names here, in the lines of other tools, and their lengths. What computes
 * them comes from outside, as a {@linkcode FileHash}.
 *
 * @module
 */

/** Name of a checksum. */
export type HashAlgorithm = "sha256" | "sha512" | "sha1" | "md5" | "blake2b" | "blake3" | "xxh128";

/** What is known of a checksum. */
export interface AlgorithmRow {
  /** Length in bytes. */
  readonly bytes: number;
  /** Its name in the lines of BSD's form. */
  readonly tag: string;
  /** The program that checks files of it. */
  readonly program: string;
}

/** All checksums. The first is the one that is taken when nobody asks for another. */
export const ALGORITHMS: Readonly<Record<HashAlgorithm, AlgorithmRow>> = {
  sha256: { bytes: 32, tag: "SHA256", program: "sha256sum" },
  sha512: { bytes: 64, tag: "SHA512", program: "sha512sum" },
  sha1: { bytes: 20, tag: "SHA1", program: "sha1sum" },
  md5: { bytes: 16, tag: "MD5", program: "md5sum" },
  blake2b: { bytes: 64, tag: "BLAKE2b", program: "b2sum" },
  blake3: { bytes: 32, tag: "BLAKE3", program: "b3sum" },
  xxh128: { bytes: 16, tag: "XXH128", program: "xxh128sum" },
};

/** Names of all checksums, in the order of the table. */
export const ALGORITHM_NAMES: readonly HashAlgorithm[] = Object.keys(ALGORITHMS) as HashAlgorithm[];

/**
 * Whether a word names a checksum.
 *
 * @param word Any text.
 * @returns `true` for a name of the table.
 */
export function isAlgorithm(word: string): word is HashAlgorithm {
  return Object.hasOwn(ALGORITHMS, word);
}

/**
 * Computes checksums of one kind, one after the other. Its state is its own: one for each thread, and one file at a
 * time.
 */
export interface FileHash {
  /** What it computes. */
  readonly algorithm: HashAlgorithm;
  /** Begins a checksum, and forgets one that was not finished. */
  begin(): void;
  /** Takes the next bytes; they may be changed as soon as it returns. */
  update(bytes: Uint8Array): void;
  /** Ends a checksum; its bytes are the caller's. */
  digest(): Uint8Array;
}
