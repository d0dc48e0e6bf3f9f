/**
 * Setting metadata through `node:fs`. Owners and times are set without following a symlink (`lchown`, `lutimes`);
 * permissions, for which there is no such call, through a descriptor that was opened without following one.
 *
 * @module
 */
import {
  type BigIntStats,
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  futimesSync,
  lchownSync,
  lutimesSync,
  openSync,
  utimesSync,
} from "node:fs";
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import type { MetadataPatch, Xattrs } from "../model/entry.ts";
import { attempt, hasErrorName, PLATFORM, portableError, systemPath, TIME_STEP } from "./portable_runtime.ts";
import { identityOfStat, kindOfStat, statOf } from "./portable_stat.ts";
import { type Time, timeArgument, timeOf } from "./portable_time.ts";

/** What times are set on. */
export interface Timed {
  /** Path of the entry. */
  readonly path: string;
  /** Its last name. */
  readonly name: string;
  /** An open descriptor of it, which is preferred to the path. */
  readonly descriptor?: number;
  /** Metadata as it is; its access time is kept. */
  stat(): BigIntStats;
}

/**
 * Sets metadata of an entry, of a symlink itself.
 *
 * @param path Path of the entry, in a directory that was verified just now.
 * @param name Its last name.
 * @param patch What to set.
 * @throws {SyncError} when something of it cannot be set.
 */
export function setMetadataAt(path: string, name: string, patch: MetadataPatch): void {
  const found = statOf(path, name);
  if (found === undefined) {
    throw new SyncError("vanished", `Cannot set metadata of "${printable(name)}": no such file or directory`, {
      path: name,
    });
  }
  if (PLATFORM !== "windows") {
    setOwner(path, name, patch);
    // Only now: changing the owner clears setuid and setgid.
    if (patch.mode !== undefined) setMode(path, name, patch.mode, found);
  }
  setTimes({ path, name, stat: () => found }, patch);
}

function setOwner(path: string, name: string, patch: MetadataPatch): void {
  const { uid, gid } = patch;
  if (uid === undefined || gid === undefined) return;
  const target = systemPath(path, name);
  attempt("set the owner of", name, () => lchownSync(target, uid, gid));
}

function setMode(path: string, name: string, mode: number, found: BigIntStats): void {
  const kind = kindOfStat(found);
  if (kind === "symlink") return;
  const target = systemPath(path, name);
  const descriptor = kind === "file" || kind === "directory" ? openWithoutFollowing(target, name) : undefined;
  if (descriptor === undefined) {
    attempt("set the permissions of", name, () => chmodSync(target, mode));
    return;
  }
  try {
    const opened = attempt("read the metadata of", name, () => fstatSync(descriptor, { bigint: true }));
    if (identityOfStat(opened) !== identityOfStat(found)) throw replaced("set the permissions of", name);
    attempt("set the permissions of", name, () => fchmodSync(descriptor, mode));
  } finally {
    closeSync(descriptor);
  }
}

/** Opens for `fchmod`; `undefined` when the permissions of the entry itself do not let its owner read it. */
function openWithoutFollowing(target: string | Uint8Array, name: string): number | undefined {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    return openSync(target as string, flags);
  } catch (thrown) {
    if (hasErrorName(thrown, "EACCES")) return undefined;
    throw portableError("set the permissions of", name, thrown);
  }
}

/**
 * Sets the time of modification and keeps the time of access.
 *
 * @param on What to set it on.
 * @param patch Holds the time, or not.
 * @throws {SyncError} code `"unsupported"` for a fraction of a second before 1970 on a symlink under Deno.
 */
export function setTimes(on: Timed, patch: MetadataPatch): void {
  if (patch.mtimeSeconds === undefined) return;
  const time: Time = { seconds: patch.mtimeSeconds, nanoseconds: patch.mtimeNanoseconds ?? 0 };
  const found = attempt("read the metadata of", on.name, () => on.stat());
  const accessed = timeOf(found.atimeNs, TIME_STEP);
  const access = timeArgument(accessed.seconds < 0 ? { ...accessed, nanoseconds: 0 } : accessed, TIME_STEP);
  const modified = timeArgument(time, TIME_STEP);
  const target = systemPath(on.path, on.name);
  if (isFractionBefore1970(time)) return setTimesByPath(on, found, access, modified);
  attempt("set the time of", on.name, () => {
    if (on.descriptor === undefined) lutimesSync(target, access, modified);
    else futimesSync(on.descriptor, access, modified);
  });
}

/** Whether only `utimes` takes a time. Deno's other calls turn it into a time of their own or refuse it. */
function isFractionBefore1970(time: Time): boolean {
  return TIME_STEP >= 1_000_000 && time.seconds < 0 && time.nanoseconds >= TIME_STEP;
}

function setTimesByPath(
  on: Timed,
  found: BigIntStats,
  access: number | string | Date,
  modified: number | string | Date,
) {
  const now = statOf(on.path, on.name);
  if (now === undefined || identityOfStat(now) !== identityOfStat(found)) throw replaced("set the time of", on.name);
  if (kindOfStat(now) === "symlink") {
    throw new SyncError(
      "unsupported",
      `Cannot set the time of "${printable(on.name)}": Deno cannot set fractions of a second before 1970 on a symlink`,
      { path: on.name },
    );
  }
  attempt("set the time of", on.name, () => utimesSync(systemPath(on.path, on.name), access, modified));
}

/**
 * Refuses extended attributes, which `node:fs` does not know.
 *
 * @param name Name of the entry.
 * @param xattrs What was to be set; nothing is fine.
 * @throws {SyncError} code `"unsupported"`.
 */
export function refuseXattrs(name: string, xattrs: Xattrs): void {
  if (Object.keys(xattrs).length === 0) return;
  throw new SyncError(
    "unsupported",
    `Cannot set extended attributes of "${printable(name)}": the portable layer has none`,
    { path: name },
  );
}

/** The error for an entry that is not the one that was looked at a moment ago. */
export function replaced(verb: string, name: string): SyncError {
  return new SyncError("vanished", `Cannot ${verb} "${printable(name)}": another entry has taken its place`, {
    path: name,
  });
}
