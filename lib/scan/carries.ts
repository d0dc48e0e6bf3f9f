/**
 * Looks ahead whether anything is carried below a directory, so that directories with nothing in them can be left out
 * before they are made. It stops at the first entry that is no directory, and holds one path per directory that is
 * still to be looked at.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";
import { Listing, WORD, WORDS } from "../model/listing.ts";
import { childPath, type RelPath } from "../model/rel_path.ts";
import type { Directory, Tree } from "../model/tree.ts";
import type { Selection } from "../plan/selection.ts";

/** Says what takes part in a directory of the source, which is open. */
export type HiddenIn = (path: RelPath, directory: Directory) => Pick<Selection, "hides"> | undefined;

/**
 * Looks ahead.
 *
 * @param tree The source.
 * @param top The directory.
 * @param device Number of the file system that is not left; `undefined` for any.
 * @param hiddenIn What takes part.
 * @returns Whether there is an entry below that is no directory. One that cannot be read counts, so that it is told.
 * @throws {SyncError} code `"filter-invalid"` when it cannot be told what takes part.
 */
export function carriesAnything(tree: Tree, top: RelPath, device: number | undefined, hiddenIn: HiddenIn): boolean {
  const waiting = [top];
  const listing = new Listing();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    let directory: Directory | undefined;
    try {
      directory = tree.open(path);
      listing.clear();
      while (directory.list(listing));
      const hidden = hiddenIn(path, directory);
      for (let index = 0; index < listing.count; index++) {
        if (hidden?.hides(listing, index) === true || listing.isTemporary(index)) continue;
        if (!listing.isDirectory(index)) return true;
        if (isOn(listing, index, device)) waiting.push(childPath(path, listing.name(index)));
      }
    } catch (thrown) {
      if (asSyncError(thrown).code === "filter-invalid") throw thrown;
      return true;
    } finally {
      directory?.close();
    }
  }
  return false;
}

/**
 * Whether an entry is on a file system.
 *
 * @param listing The listing.
 * @param index The entry.
 * @param device Number of the file system; `undefined` for any.
 * @returns `false` for what is mounted there from elsewhere.
 */
export function isOn(listing: Listing, index: number, device: number | undefined): boolean {
  return device === undefined || listing.words[index * WORDS + WORD.device] === device;
}

/**
 * The file system that a directory is on.
 *
 * @param directory An open directory.
 * @returns Its number, as in the words of a listing.
 */
export function deviceOf(directory: Directory): number {
  return Number(directory.identity().split(":")[0]);
}
