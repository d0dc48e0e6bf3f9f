/**
 * Walks everything below a directory, what is inside before the directory itself: the order in which a tree can be
 * removed. It keeps one path per level and no open handles, so depth costs neither stack nor descriptors.
 *
 * @module
 */
import { compareNames } from "../bytes/name.ts";
import { asSyncError, atPath } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { Listing } from "../model/listing.ts";
import { childPath, type RelPath } from "../model/rel_path.ts";
import type { Directory, EntryFailure, Tree } from "../model/tree.ts";

/** One entry of a walk. */
export interface Walked {
  /** Where it is. */
  readonly path: RelPath;
  /** What it is. */
  readonly entry: Entry;
}

/** A level of the walk: what is left to visit there. */
interface Level extends Walked {
  readonly below: Walked[];
}

/**
 * Walks a subtree, children first.
 *
 * @param tree The tree.
 * @param top The directory to start with.
 * @param entry What it is.
 * @param failures Receives what could not be listed; such a directory is yielded all the same.
 * @returns Every entry below `top`, then `top`.
 */
export function* walkSubtree(
  tree: Tree,
  top: RelPath,
  entry: Entry,
  failures: EntryFailure[],
): Generator<Walked, void, undefined> {
  if (entry.kind !== "directory") {
    yield { path: top, entry };
    return;
  }
  const levels: Level[] = [{ path: top, entry, below: entriesOf(tree, top, failures) }];
  while (levels.length > 0) {
    const level = levels[levels.length - 1]!;
    const next = level.below.pop();
    if (next === undefined) {
      levels.pop();
      yield { path: level.path, entry: level.entry };
    } else if (next.entry.kind === "directory") {
      levels.push({ ...next, below: entriesOf(tree, next.path, failures) });
    } else {
      yield next;
    }
  }
}

function entriesOf(tree: Tree, path: RelPath, failures: EntryFailure[]): Walked[] {
  const listing = new Listing();
  let directory: Directory | undefined;
  try {
    directory = tree.open(path);
    listing.clear();
    while (directory.list(listing));
  } catch (thrown) {
    failures.push({ path, error: atPath(asSyncError(thrown), path) });
  } finally {
    directory?.close();
  }
  const found: Walked[] = [];
  for (let index = 0; index < listing.count; index++) {
    const child = childPath(path, listing.name(index));
    const error = listing.error(index);
    if (error === undefined) found.push({ path: child, entry: listing.entry(index) });
    else failures.push({ path: child, error: atPath(error, child) });
  }
  // Taken from the end, so the last name comes first here.
  return found.sort((a, b) => compareNames(b.path, a.path));
}
