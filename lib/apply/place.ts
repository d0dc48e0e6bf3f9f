/**
 * Puts a finished entry under its final name, so that a reader sees the old one or the new one and nothing else.
 *
 * @module
 */
import { asSyncError, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Directory } from "../model/tree.ts";
import type { ApplyContext } from "./context.ts";

/**
 * Renames a finished entry over whatever is in its place.
 *
 * @param context Surroundings.
 * @param directory The directory of both names.
 * @param temporary Name under which the entry was made.
 * @param path Its final path.
 * @param have What is in its place.
 * @throws {SyncError} code `"not-empty"` when a directory with entries is in its place and nothing may be deleted.
 */
export function place(
  context: ApplyContext,
  directory: Directory,
  temporary: string,
  path: RelPath,
  have: Entry | undefined,
): void {
  const name = baseName(path);
  if (have?.kind === "directory") replaceDirectory(context, directory, temporary, path);
  else directory.rename(temporary, name);
}

/** An empty directory gives way; one with entries is moved aside, when deletions are allowed. */
function replaceDirectory(context: ApplyContext, directory: Directory, temporary: string, path: RelPath): void {
  const name = baseName(path);
  try {
    directory.removeDirectory(name);
    directory.rename(temporary, name);
    return;
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.code !== "not-empty" && error.code !== "exists") throw error;
    if (!context.rules.deletes) {
      throw new SyncError("not-empty", `Cannot replace directory "${name}": it has entries`, {
        path,
        hint: "allow deletions with --delete (API: delete)",
      });
    }
  }
  moveAside(context, directory, temporary, name);
  context.outcome.leftBehind(parentPath(path));
}

function moveAside(context: ApplyContext, directory: Directory, temporary: string, name: string): void {
  try {
    // One call: there is no moment without an entry of that name.
    directory.exchange(temporary, name);
  } catch (thrown) {
    if (asSyncError(thrown).code !== "unsupported") throw thrown;
    directory.rename(name, context.temporaryName());
    directory.rename(temporary, name);
  }
}

/**
 * Makes an entry that is complete the moment it exists (a symlink, a special file, a further link, a directory): under
 * its own name when nothing is there, otherwise under a temporary name first.
 *
 * @param context Surroundings.
 * @param directory The directory.
 * @param path The final path.
 * @param have What is in its place.
 * @param make Makes the entry under the given name, and sets its metadata.
 */
export function makeInPlace(
  context: ApplyContext,
  directory: Directory,
  path: RelPath,
  have: Entry | undefined,
  make: (name: string) => void,
): void {
  if (have === undefined) {
    make(baseName(path));
    return;
  }
  const temporary = context.temporaryName();
  try {
    make(temporary);
    place(context, directory, temporary, path, have);
  } finally {
    // After success too: when both names are links to one file already, rename(2) does nothing. A directory that was
    // moved aside is not removed by this.
    removeQuietly(directory, temporary);
  }
}

/**
 * Removes a temporary file after a failure; what cannot be removed is swept by the next run.
 *
 * @param directory The directory.
 * @param temporary Its name.
 */
export function removeQuietly(directory: Directory, temporary: string): void {
  try {
    directory.removeFile(temporary);
  } catch {
    // The failure that led here is the one to report.
  }
}
