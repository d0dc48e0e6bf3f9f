/**
 * Removes entries, with everything below a directory.
 *
 * @module
 */
import { asSyncError, atPath, type SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, EntryFailure, Tree } from "../model/tree.ts";
import { LastDirectory } from "./last_directory.ts";

/** A way to walk what is below a directory, children first. */
export type WalkBelow = (
  tree: Tree,
  top: RelPath,
  entry: Entry,
  failures: EntryFailure[],
) => Iterable<{ readonly path: RelPath; readonly entry: Entry }>;

/** Hears of each entry. */
export interface Removal {
  /** Called before an entry is removed; what it throws keeps the entry where it is. */
  keep?(directory: Directory, path: RelPath, entry: Entry): Steps;
  /** It is gone. */
  removed(path: RelPath, entry: Entry): void;
  /** It could not be removed. */
  failed(path: RelPath, error: SyncError): void;
}

const STEP_EVERY = 64;
const OWNER_MAY_CHANGE = 0o700;

/**
 * Removes an entry and all below it. What is gone already counts as removed.
 *
 * @param tree The tree.
 * @param top The entry.
 * @param entry What it is.
 * @param walk How the tree is walked.
 * @param removal Hears of every entry.
 * @returns Steps.
 */
export function* removeTree(tree: Tree, top: RelPath, entry: Entry, walk: WalkBelow, removal: Removal): Steps {
  const failures: EntryFailure[] = [];
  const parents = new LastDirectory(tree);
  let count = 0;
  try {
    for (const { path, entry: each } of walk(tree, top, entry, failures)) {
      try {
        const parent = parents.open(parentPath(path));
        if (removal.keep !== undefined) yield* removal.keep(parent, path, each);
        removeFrom(parent, baseName(path), each.kind);
        removal.removed(path, each);
      } catch (thrown) {
        removal.failed(path, atPath(asSyncError(thrown), path));
      }
      if (++count % STEP_EVERY === 0) yield;
    }
  } finally {
    parents.close();
  }
  for (const failure of failures) removal.failed(failure.path, failure.error);
}

/**
 * Removes one entry; a directory must be empty.
 *
 * @param directory The directory that holds it.
 * @param name Its name.
 * @param kind What it was when it was listed.
 */
export function removeEntry(directory: Directory, name: string, kind: Entry["kind"]): void {
  try {
    if (kind === "directory") directory.removeDirectory(name);
    else directory.removeFile(name);
  } catch (thrown) {
    if (asSyncError(thrown).code !== "vanished") throw thrown;
  }
}

/** A directory that is to go may be closed even to its owner; it is opened up then. */
function removeFrom(directory: Directory, name: string, kind: Entry["kind"]): void {
  try {
    removeEntry(directory, name, kind);
  } catch (thrown) {
    if (asSyncError(thrown).code !== "permission" || !openToOwner(directory)) throw thrown;
    removeEntry(directory, name, kind);
  }
}

/** Answers whether that made a difference. */
function openToOwner(directory: Directory): boolean {
  const { mode } = directory.entry();
  if ((mode & OWNER_MAY_CHANGE) === OWNER_MAY_CHANGE) return false;
  try {
    directory.setMetadata(undefined, { mode: mode | OWNER_MAY_CHANGE });
    return true;
  } catch {
    // Not ours: the failure that led here is the one to report.
    return false;
  }
}
