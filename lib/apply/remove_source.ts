/**
 * Removes entries from the source once the destination has them. This may be the only copy of somebody's data but one,
 * so everything is looked at once more, directly before.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName, type RelPath } from "../model/rel_path.ts";
import type { Directory } from "../model/tree.ts";

/** What is to go. */
export interface Gone {
  /** Where it is. */
  readonly path: RelPath;
  /** What the source has. */
  readonly want: Entry;
  /** Device and inode at the source. */
  readonly identity: string;
}

/**
 * Removes one entry that is not a directory.
 *
 * @param source The directory of the source.
 * @param destination The same directory of the destination.
 * @param gone What is to go.
 * @throws {SyncError} code `"changed-while-read"` when the source is not what it was, `"vanished"` when the destination
 * does not have it; nothing is removed then.
 */
export function removeFromSource(source: Directory, destination: Directory, { path, want, identity }: Gone): void {
  const name = baseName(path);
  const there = destination.lookup(name);
  if (there?.kind !== want.kind || there.size !== want.size) {
    throw cannotRemove(path, "vanished", "the destination does not have it");
  }
  const now = source.lookup(name);
  if (now === undefined) return;
  if (!isSame(now, want) || source.identityOf(name) !== identity) {
    throw cannotRemove(path, "changed-while-read", "it has changed since it was mirrored");
  }
  source.removeFile(name);
}

/** Whether an entry is as it was listed. */
function isSame(now: Entry, want: Entry): boolean {
  return now.kind === want.kind && now.size === want.size && now.mode === want.mode &&
    now.mtimeSeconds === want.mtimeSeconds && now.mtimeNanoseconds === want.mtimeNanoseconds;
}

/**
 * The error of an entry that stays in the source.
 *
 * @param path The entry.
 * @param code Class of the failure.
 * @param why Why, as the end of a sentence.
 * @returns The error.
 */
export function cannotRemove(path: RelPath, code: "vanished" | "changed-while-read", why: string): SyncError {
  return new SyncError(code, `Cannot remove "${printable(baseName(path))}" from the source: ${why}`, {
    path,
    hint: "run again; what has arrived is removed then",
  });
}
