/**
 * In what the metadata of two entries differs, entry by entry: for comparisons that are not on the hot path of a run.
 *
 * @module
 */
import type { Entry } from "../model/entry.ts";
import { type Difference, sameXattrs } from "./differences.ts";

/** A moment: whole seconds since 1970, and nanoseconds to add. */
export type Moment = Pick<Entry, "mtimeSeconds" | "mtimeNanoseconds">;

const NANOSECONDS = 1_000_000_000;

/**
 * Whether two times differ.
 *
 * @param a One.
 * @param b The other.
 * @param windowNanoseconds Largest difference that counts as none.
 * @returns Whether it is larger.
 */
export function momentDiffers(a: Moment, b: Moment, windowNanoseconds: number): boolean {
  const nanoseconds = a.mtimeNanoseconds - b.mtimeNanoseconds;
  return Math.abs((a.mtimeSeconds - b.mtimeSeconds) * NANOSECONDS + nanoseconds) > windowNanoseconds;
}

/**
 * Compares time, permissions, owner, group and extended attributes. A symlink has no permissions of its own.
 *
 * @param a One entry.
 * @param b Another, of the same kind.
 * @param windowNanoseconds Largest difference of times that counts as none.
 * @returns What differs.
 */
export function metadataDifferences(a: Entry, b: Entry, windowNanoseconds: number): Difference[] {
  const found: Difference[] = [];
  if (momentDiffers(a, b, windowNanoseconds)) found.push("time");
  if (a.kind !== "symlink" && a.mode !== b.mode) found.push("mode");
  if (a.uid !== b.uid) found.push("owner");
  if (a.gid !== b.gid) found.push("group");
  if (!sameXattrs(a.xattrs, b.xattrs)) found.push("xattrs");
  return found;
}
