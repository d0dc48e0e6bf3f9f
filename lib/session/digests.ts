/**
 * The checksums of a session, as a port: what computes them comes from outside.
 *
 * @module
 */
import type { ChecksumName } from "../wire/dialect.ts";

/** Computes checksums, one after the other. */
export interface FileDigest {
  /** Begins a checksum, and forgets one that was not finished. */
  begin(): void;
  /** Takes the next bytes. */
  update(bytes: Uint8Array): void;
  /** Ends a checksum; in the form in which it is sent. */
  digest(): Uint8Array;
}

/** Computes the strong sum of a block, whole, in the form in which it is sent. */
export type BlockDigest = (block: Uint8Array) => Uint8Array;

/** All checksums that can be computed. */
export interface SessionDigests {
  /** Their names, in the order of all peers. */
  readonly names: readonly ChecksumName[];
  /**
   * Makes what computes the sum of whole files.
   *
   * @param name One of the names.
   */
  ofFiles(name: ChecksumName): Promise<FileDigest>;
  /**
   * Makes what computes the sums of blocks.
   *
   * @param name One of the names.
   * @param seed The session's seed.
   * @param isSeedFirst Whether the seed comes before the bytes, where it is hashed with them.
   */
  ofBlocks(name: ChecksumName, seed: number, isSeedFirst: boolean): Promise<BlockDigest>;
}
