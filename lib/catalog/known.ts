/**
 * What a catalog knows of one file.
 *
 * @module
 */
import type { Stamp } from "../model/stamp.ts";

/** A file as it was when it was read. */
export interface Known {
  /** What the file system said of it. */
  readonly stamp: Stamp;
  /** The checksum of its content then. */
  readonly checksum: Uint8Array;
  /** When that was noted first, in milliseconds since 1970. */
  readonly recordedMs: number;
  /** When its content was found to be that last, in milliseconds since 1970. */
  readonly verifiedMs: number;
}

/**
 * A number that says whether a row of the catalog is as it was written: the disk that holds the catalog decays, too,
 * and must not accuse a file. Any single byte that differs gives another number.
 *
 * @param name Bytes of the name.
 * @param stamp What the file system said.
 * @param checksum The checksum.
 * @returns 32 bits.
 */
export function sealOf(name: Uint8Array, stamp: Stamp, checksum: Uint8Array): number {
  let seal = addBytes(0x811c9dc5, name);
  const { size, mtimeSeconds, mtimeNanoseconds, ctimeSeconds, ctimeNanoseconds, inode } = stamp;
  for (const number of [size, mtimeSeconds, mtimeNanoseconds, ctimeSeconds, ctimeNanoseconds, inode]) {
    seal = Math.imul(seal ^ (number | 0), 0x01000193);
    seal = Math.imul(seal ^ Math.floor(number / 4_294_967_296), 0x01000193);
  }
  return addBytes(seal, checksum) >>> 0;
}

/** FNV-1a. */
function addBytes(from: number, bytes: Uint8Array): number {
  let seal = from;
  for (let at = 0; at < bytes.length; at++) seal = Math.imul(seal ^ bytes[at]!, 0x01000193);
  return seal;
}

/**
 * Whether two checksums are the same.
 *
 * @param a One.
 * @param b The other.
 * @returns Whether they agree in every byte.
 */
export function sameChecksum(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) {
    if (a[at] !== b[at]) return false;
  }
  return true;
}
