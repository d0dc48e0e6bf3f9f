/**
 * Restores the content of a file that decayed from a replica, which is believed only as far as its content is proven:
 * before it is copied, and once more in the copy. The file gets its name at once, with its own permissions, owner,
 * attributes and time; its directory keeps its time.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { asSyncError, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import type { RelPath } from "../model/rel_path.ts";
import { sameStamp, type Stamp } from "../model/stamp.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, FileReader, FileWriter, XattrScope } from "../model/tree.ts";
import { removeQuietly } from "./place.ts";

/** Bytes that are copied between two steps. */
const PIECE = 8 << 20;
/** Nobody else may read what is not finished. */
const UNFINISHED_MODE = 0o600;

/** A file that decayed, and what it is restored with. */
export interface Repair {
  /** Its path, for messages. */
  readonly path: RelPath;
  /** Its directory. */
  readonly directory: Directory;
  /** Its name. */
  readonly name: string;
  /** What it was when it was found to have decayed; it is left alone when it is not that any more. */
  readonly stamp: Stamp;
  /** Where its good content is. */
  readonly replica: { readonly directory: Directory; readonly name: string };
  /** Whether the replica is another name of this very file that was restored before; then it becomes one again. */
  readonly isTwin: boolean;
  /** A name that nothing has. */
  readonly temporary: string;
  /** Which extended attributes it keeps, where there are any. */
  readonly xattrs: XattrScope | undefined;
  /** Whether a file has the content that is known to be right. */
  readonly isProven: (directory: Directory, name: string) => Steps<boolean>;
}

/**
 * Restores a file.
 *
 * @param repair What and how.
 * @returns Steps.
 * @throws {SyncError} code `"replica-unproven"` when the replica does not hold the content that is known, `"drift"` when
 * somebody changed the file meanwhile; it is untouched then.
 */
export function* repairFile(repair: Repair): Steps {
  const { path, directory, replica, temporary, isProven } = repair;
  if (!(yield* isProven(replica.directory, replica.name))) throw unproven(path);
  const before = directory.entry();
  let isPlaced = false;
  try {
    if (repair.isTwin) directory.link(temporary, replica.directory, replica.name);
    else yield* copyToTemporary(repair);
    if (!(yield* isProven(directory, temporary))) throw unproven(path);
    checkUnchanged(repair);
    directory.rename(temporary, repair.name);
    isPlaced = true;
  } finally {
    if (!isPlaced) removeQuietly(directory, temporary);
    keepTime(directory, before);
  }
}

function* copyToTemporary({ directory, name, replica, temporary, xattrs }: Repair): Steps {
  const own = directory.lookup(name);
  if (own === undefined) throw new SyncError("vanished", `Cannot repair "${printable(name)}": it is gone`);
  const from = replica.directory.openFile(replica.name);
  try {
    const writer = directory.createFile(temporary, UNFINISHED_MODE, name);
    try {
      yield* copyAll(from, writer);
      if (xattrs !== undefined) writer.setXattrs(xattrs, directory.xattrs(name, xattrs));
      writer.setMetadata(own);
      writer.flush();
    } finally {
      writer.close();
    }
  } finally {
    from.close();
  }
}

function* copyAll(from: FileReader, to: FileWriter): Steps {
  const { size } = from.entry();
  for (let at = 0; at < size;) {
    if (at > 0) yield;
    const count = to.copyFrom(from, at, Math.min(PIECE, size - at));
    if (count === 0) return;
    at += count;
  }
}

/** When another name of a file is restored, the time of change of the rest is a new one. */
function checkUnchanged({ path, directory, name, stamp, isTwin }: Repair): void {
  const file = directory.openFile(name);
  try {
    const now = file.stamp();
    const { ctimeSeconds, ctimeNanoseconds } = isTwin ? stamp : now;
    if (sameStamp({ ...now, ctimeSeconds, ctimeNanoseconds }, stamp)) return;
  } finally {
    file.close();
  }
  throw new SyncError("drift", `Cannot repair "${printable(path)}": somebody changed it meanwhile`, { path });
}

/** What was done in a directory is nothing that its time should tell. */
function keepTime(directory: Directory, { mtimeSeconds, mtimeNanoseconds }: Entry): void {
  try {
    directory.setMetadata(undefined, { mtimeSeconds, mtimeNanoseconds });
  } catch (thrown) {
    if (asSyncError(thrown).code === "internal") throw thrown;
  }
}

function unproven(path: RelPath): SyncError {
  return new SyncError(
    "replica-unproven",
    `Cannot repair "${printable(path)}": the replica does not hold the content that is known`,
    { path, hint: "name another replica; this one has decayed, too, or holds another version" },
  );
}
