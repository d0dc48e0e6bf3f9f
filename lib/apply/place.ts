/**
 * Puts a finished entry under its final name, so that a reader sees the old one or the new one and nothing else.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { asSyncError, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { Listing } from "../model/listing.ts";
import { baseName, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory } from "../model/tree.ts";
import type { ApplyContext } from "./context.ts";

/**
 * Keeps what is in the place of a finished entry, if it is to be kept, and renames the entry over it; or lets the
 * entry wait under its temporary name, when everything is to be switched at once.
 *
 * @param context Surroundings.
 * @param directory The directory of both names.
 * @param temporary Name under which the entry was made.
 * @param path Its final path.
 * @param have What is in its place.
 * @returns Steps.
 * @throws {SyncError} when the old entry cannot be kept: it is untouched then.
 */
export function* put(
  context: ApplyContext,
  directory: Directory,
  temporary: string,
  path: RelPath,
  have: Entry | undefined,
): Steps {
  if (context.waits) return context.staging!.wait(temporary);
  yield* keepOld(context, directory, path, have);
  putOver(context, directory, temporary, path, have);
}

/**
 * Keeps what is in the place of a finished entry, if it is to be kept.
 *
 * @param context Surroundings.
 * @param directory The directory that holds it.
 * @param path Its path.
 * @param have What it is, if anything.
 * @returns Steps.
 * @throws {SyncError} when it cannot be kept.
 */
export function* keepOld(
  context: ApplyContext,
  directory: Directory,
  path: RelPath,
  have: Entry | undefined,
): Steps {
  const { preserver } = context;
  if (have === undefined || preserver === undefined) return;
  if (have.kind !== "directory") return yield* preserver.keep(directory, path, have);
  // Beside it is kept as a whole, when its name is needed.
  if (preserver.beside) return;
  if (!context.mayDelete) requireEmpty(context, directory, path);
  yield* preserver.keepTree(directory, path, have);
}

/**
 * Renames a finished entry over one that is kept already, if it is to be kept.
 *
 * @param context Surroundings.
 * @param directory The directory of both names.
 * @param temporary Name under which the entry was made.
 * @param path Its final path.
 * @param have What is in its place.
 * @throws {SyncError} when that is not possible; the old entry is untouched then.
 */
export function putOver(
  context: ApplyContext,
  directory: Directory,
  temporary: string,
  path: RelPath,
  have: Entry | undefined,
): void {
  const { preserver } = context;
  if (have?.kind === "directory" && preserver?.beside === true) {
    setBeside(context, directory, temporary, path, preserver.nameBeside(path));
  } else {
    place(context, directory, temporary, path, have);
  }
}

/**
 * A directory with entries gets the name under which it is kept; there is no moment without it, since the new entry
 * takes that name first, and then the two change names.
 */
function setBeside(
  context: ApplyContext,
  directory: Directory,
  temporary: string,
  path: RelPath,
  kept: string,
): void {
  const name = baseName(path);
  if (isEmpty(directory, name)) return replaceDirectory(context, directory, temporary, path);
  if (!context.mayDelete) throw notEmpty(context, path);
  if (directory.lookup(kept)?.kind === "directory") {
    // An earlier run kept it; it is removed with the deletions.
    directory.rename(kept, context.temporaryName());
    context.outcome.leftBehind(parentPath(path));
  }
  directory.rename(temporary, kept);
  try {
    return directory.exchange(kept, name);
  } catch (thrown) {
    renameQuietly(directory, kept, temporary);
    if (asSyncError(thrown).code !== "unsupported") throw thrown;
  }
  directory.rename(name, kept);
  try {
    directory.rename(temporary, name);
  } catch (thrown) {
    renameQuietly(directory, kept, name);
    throw thrown;
  }
}

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
  if (have === undefined) directory.renameNew(temporary, name);
  else if (have.kind === "directory") replaceDirectory(context, directory, temporary, path);
  else directory.rename(temporary, name);
}

/**
 * An empty directory gives way; one with entries is moved aside, when deletions are allowed. The new entry takes its
 * place before anything is removed, so a failure leaves one of the two there.
 */
function replaceDirectory(context: ApplyContext, directory: Directory, temporary: string, path: RelPath): void {
  const name = baseName(path);
  const mayDelete = context.mayDelete;
  if (!mayDelete) requireEmpty(context, directory, path);
  const aside = swap(context, directory, temporary, name);
  try {
    directory.removeDirectory(aside);
  } catch (thrown) {
    if (!mayDelete) {
      // Somebody put an entry into it just now.
      swapBack(directory, temporary, name, aside);
      throw asSyncError(thrown).code === "not-empty" ? notEmpty(context, path) : thrown;
    }
    context.outcome.leftBehind(parentPath(path));
  }
}

function requireEmpty(context: ApplyContext, directory: Directory, path: RelPath): void {
  if (!isEmpty(directory, baseName(path))) throw notEmpty(context, path);
}

function isEmpty(directory: Directory, name: string): boolean {
  const inner = directory.openDirectory(name);
  const listing = new Listing();
  try {
    listing.clear();
    while (listing.count === 0 && inner.list(listing));
  } finally {
    inner.close();
  }
  return listing.count === 0;
}

function notEmpty({ rules }: ApplyContext, path: RelPath): SyncError {
  return new SyncError("not-empty", `Cannot replace directory "${printable(baseName(path))}": it has entries`, {
    path,
    hint: rules.deletes
      ? "make the source readable, or allow deletions all the same with --ignore-errors (API: ignoreErrors)"
      : "allow deletions with --delete (API: delete)",
  });
}

/**
 * Puts a finished entry in the place of another one that cannot be renamed over.
 *
 * @param context Surroundings.
 * @param directory The directory of both.
 * @param temporary Name of the finished entry.
 * @param name Name of the other.
 * @returns The name that the other has now.
 */
export function swap(context: ApplyContext, directory: Directory, temporary: string, name: string): string {
  try {
    // One call: there is no moment without an entry of that name.
    directory.exchange(temporary, name);
    return temporary;
  } catch (thrown) {
    if (asSyncError(thrown).code !== "unsupported") throw thrown;
  }
  const aside = context.temporaryName();
  directory.rename(name, aside);
  try {
    directory.rename(temporary, name);
  } catch (thrown) {
    renameQuietly(directory, aside, name);
    throw thrown;
  }
  return aside;
}

function renameQuietly(directory: Directory, from: string, to: string): void {
  try {
    directory.rename(from, to);
  } catch {
    // The failure that led here is the one to report.
  }
}

function swapBack(directory: Directory, temporary: string, name: string, aside: string): void {
  if (aside === temporary) {
    directory.exchange(temporary, name);
  } else {
    directory.rename(name, temporary);
    directory.rename(aside, name);
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
 * @returns Steps when something is replaced; `undefined` when it is done already.
 */
export function makeInPlace(
  context: ApplyContext,
  directory: Directory,
  path: RelPath,
  have: Entry | undefined,
  make: (name: string) => void,
): Steps | undefined {
  if (have !== undefined || context.waits) return replaceInPlace(context, directory, path, have, make);
  make(baseName(path));
  return undefined;
}

function* replaceInPlace(
  context: ApplyContext,
  directory: Directory,
  path: RelPath,
  have: Entry | undefined,
  make: (name: string) => void,
): Steps {
  const temporary = context.temporaryName();
  let waits = false;
  try {
    make(temporary);
    yield* put(context, directory, temporary, path, have);
    waits = context.waits;
  } finally {
    // After success too: when both names are links to one file already, rename(2) does nothing. A directory that was
    // moved aside is not removed by this.
    if (!waits) removeQuietly(directory, temporary);
  }
}

/**
 * Removes a temporary entry after a failure; what cannot be removed is swept by the next run.
 *
 * @param directory The directory.
 * @param temporary Its name.
 * @param kind What it is.
 */
export function removeQuietly(directory: Directory, temporary: string, kind: "file" | "directory" = "file"): void {
  try {
    if (kind === "directory") directory.removeDirectory(temporary);
    else directory.removeFile(temporary);
  } catch {
    // The failure that led here is the one to report.
  }
}
