/**
 * What one entry of a file list leaves to the next, on both sides alike: fields that are as before are not sent.
 *
 * @module
 */
import { hasDeviceNumbers } from "./device_numbers.ts";
import type { Dialect } from "./dialect.ts";
import { FLAG } from "./entry_flags.ts";
import { type FileEntry, isDirectory } from "./file_entry.ts";

/** Fields of the entry before; all zero before the first. */
export interface EntryBefore {
  /** Mode with its type bits. */
  mode: number;
  /** Time of modification in seconds. */
  mtimeSeconds: number;
  /** Time of access in seconds: of the last entry that has one. */
  atimeSeconds: number;
  /** Number of the owner. */
  uid: number;
  /** Number of the group. */
  gid: number;
  /** Major number of the last device. */
  major: number;
}

/** What there is before the first entry. */
export function nothingBefore(): EntryBefore {
  return { mode: 0, mtimeSeconds: 0, atimeSeconds: 0, uid: 0, gid: 0, major: 0 };
}

/**
 * Takes over what an entry leaves.
 *
 * @param before Is changed.
 * @param entry The entry.
 * @param flags Its flags.
 * @param dialect The session.
 */
export function leave(before: EntryBefore, entry: FileEntry, flags: number, dialect: Dialect): void {
  before.mode = entry.mode;
  before.mtimeSeconds = entry.mtimeSeconds;
  before.uid = entry.uid;
  before.gid = entry.gid;
  if (dialect.carried.accessTimes && !isDirectory(entry)) before.atimeSeconds = entry.atimeSeconds;
  if (hasDeviceNumbers(dialect, entry.mode) && (flags & FLAG.sameMajor) === 0) before.major = entry.major;
}
