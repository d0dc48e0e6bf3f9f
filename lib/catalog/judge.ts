/**
 * Tells what became of a file since a catalog heard of it last: rot from change.
 *
 * @module
 */
import { sameStamp, type Stamp } from "../model/stamp.ts";
import { type Known, sameChecksum } from "./known.ts";

/** What became of a file that was read. */
export type FileVerdict =
  /** Nothing was known of it. */
  | "new"
  /** It is as it was. */
  | "same"
  /** Its times or inode are others, its content is the same. */
  | "touched"
  /** Its content is another, and so is its size or time of modification: somebody wrote it. */
  | "changed"
  /** Its content is another under the same size and time of modification, and something else of it was changed
   * meanwhile: somebody wrote it and set its time back, or it decayed and got other permissions or a further name. */
  | "suspect"
  /** Its content is another although nothing tells of a write. */
  | "rotten";

/** A file as it was read. */
export interface Reading {
  /** What the file system said of it all the time. */
  readonly stamp: Stamp;
  /** Its checksum. */
  readonly checksum: Uint8Array;
}

/**
 * Judges a file.
 *
 * @param known What was known of it.
 * @param reading How it is.
 * @returns What became of it.
 */
export function judge(known: Known | undefined, { stamp, checksum }: Reading): FileVerdict {
  if (known === undefined) return "new";
  const isSame = sameStamp(known.stamp, stamp);
  if (sameChecksum(known.checksum, checksum)) return isSame ? "same" : "touched";
  if (isSame) return "rotten";
  return isRewritten(known.stamp, stamp) ? "changed" : "suspect";
}

/** Whether a verdict is one that somebody has to look at. */
export function isAlarming(verdict: FileVerdict): verdict is "rotten" | "suspect" {
  return verdict === "rotten" || verdict === "suspect";
}

function isRewritten(before: Stamp, now: Stamp): boolean {
  return before.size !== now.size || before.mtimeSeconds !== now.mtimeSeconds ||
    before.mtimeNanoseconds !== now.mtimeNanoseconds;
}
