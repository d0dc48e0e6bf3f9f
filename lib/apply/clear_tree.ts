/**
 * Removes a whole tree that nobody needs any more, as fast as the system can: entries are not looked at before they go,
 * and of directories nothing is remembered but their names. A directory that is closed to its owner is opened up. Where
 * something will not go, what is left there is gone through entry by entry, and told.
 *
 * @module
 */
import { asSyncError, SyncError } from "../errors.ts";
import { Listing } from "../model/listing.ts";
import { baseName, childPath, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, Tree } from "../model/tree.ts";
import { LastDirectory } from "./last_directory.ts";
import { removeTree, type WalkBelow } from "./remove.ts";

/** Hears how far it is. */
export interface Clearing {
  /** So many entries are gone. */
  removed(count: number): void;
  /** An entry could not be removed. */
  failed(path: RelPath, error: SyncError): void;
}

/** A directory that is being cleared. */
interface Level {
  readonly path: RelPath;
  /** Names of directories in it that are still there. */
  readonly left: string[];
  /** Whether something in it will not go, which has been told. */
  isStuck: boolean;
}

const OWNER_MAY_CHANGE = 0o700;

/**
 * Removes a directory with all that is in it. Nothing is left when it is done, but for what was told as failed and the
 * directories above that.
 *
 * @param tree The tree.
 * @param top The directory.
 * @param walk How what will not go is walked.
 * @param clearing Hears how far it is.
 * @returns Steps.
 */
export function* clearTree(tree: Tree, top: RelPath, walk: WalkBelow, clearing: Clearing): Steps {
  const parents = new LastDirectory(tree);
  const levels: Level[] = [yield* clearFiles(tree, top, clearing)];
  try {
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const next = level.left.pop();
      if (next !== undefined) {
        levels.push(yield* clearFiles(tree, childPath(level.path, next), clearing));
        continue;
      }
      levels.pop();
      const isGone = !level.isStuck && (yield* removeCleared(tree, parents, level.path, walk, clearing));
      const above = levels.at(-1);
      if (!isGone && above !== undefined) above.isStuck = true;
    }
  } finally {
    parents.close();
  }
}

/** Removes everything in a directory but directories. What goes wrong shows when the directory itself is to go. */
function* clearFiles(tree: Tree, path: RelPath, clearing: Clearing): Steps<Level> {
  const left: string[] = [];
  let directory: Directory | undefined;
  try {
    directory = openForOwner(tree, path);
    if (directory.removeFiles === undefined) clearing.removed(removeListed(directory, left));
    else {
      for (let count = directory.removeFiles(left); count >= 0; count = directory.removeFiles(left)) {
        clearing.removed(count);
        yield;
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof SyncError)) throw thrown;
  } finally {
    directory?.close();
  }
  return { path, left, isStuck: false };
}

/** Opens a directory that the owner may change then, if this process may decide that. */
function openForOwner(tree: Tree, path: RelPath): Directory {
  let directory: Directory;
  try {
    directory = tree.open(path);
  } catch (thrown) {
    if (asSyncError(thrown).code !== "permission") throw thrown;
    const parent = tree.open(parentPath(path));
    try {
      parent.setMetadata(baseName(path), { mode: OWNER_MAY_CHANGE });
    } finally {
      parent.close();
    }
    directory = tree.open(path);
  }
  const { mode } = directory.entry();
  if (!tree.capabilities.privileged && (mode & OWNER_MAY_CHANGE) !== OWNER_MAY_CHANGE) {
    try {
      directory.setMetadata(undefined, { mode: mode | OWNER_MAY_CHANGE });
    } catch {
      // Not ours: removing what is in it tells why it cannot go.
    }
  }
  return directory;
}

/** The same through the calls that every implementation has. */
function removeListed(directory: Directory, left: string[]): number {
  const listing = new Listing();
  listing.clear();
  while (directory.list(listing));
  let count = 0;
  for (let index = 0; index < listing.count; index++) {
    if (listing.error(index) !== undefined) continue;
    if (listing.isDirectory(index)) left.push(listing.name(index));
    else if (isRemoved(directory, listing.name(index))) count++;
  }
  return count;
}

function isRemoved(directory: Directory, name: string): boolean {
  try {
    directory.removeFile(name);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof SyncError)) throw thrown;
    return false;
  }
}

/** Removes a directory that is empty now, or what is left of it; answers whether it is gone. */
function* removeCleared(
  tree: Tree,
  parents: LastDirectory,
  path: RelPath,
  walk: WalkBelow,
  clearing: Clearing,
): Steps<boolean> {
  const parent = parents.open(parentPath(path));
  try {
    parent.removeDirectory(baseName(path));
    clearing.removed(1);
    return true;
  } catch (thrown) {
    if (asSyncError(thrown).code === "vanished") return true;
  }
  const entry = parent.lookup(baseName(path));
  if (entry === undefined) return true;
  let isGone = true;
  yield* removeTree(tree, path, entry, walk, {
    removed: () => clearing.removed(1),
    failed(failed, error) {
      isGone = false;
      clearing.failed(failed, error);
    },
  });
  return isGone;
}
