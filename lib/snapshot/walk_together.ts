/**
 * Walks several subtrees of one tree at the same time, a directory at a time: each directory is listed wherever it is,
 * under the same path below the tops. Memory is bounded by the largest directory, once for each top, and by the names
 * of directories that wait.
 *
 * @module
 */
import { compareNames } from "../bytes/name.ts";
import { asSyncError, atPath } from "../errors.ts";
import { Listing } from "../model/listing.ts";
import { childPath, type RelPath, ROOT } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, EntryFailure, Tree } from "../model/tree.ts";

/** A directory of one of the subtrees, open while it is visited. */
export interface Place {
  /** Which of the tops it is below. */
  readonly top: number;
  /** The directory. */
  readonly directory: Directory;
  /** What is in it. */
  readonly listing: Listing;
}

/** What is done with a directory. */
export interface TogetherVisitor {
  /** Sees a directory in all subtrees that have it, in the order of the tops; whether one of them could not be listed. */
  visit(path: RelPath, places: readonly Place[], isPartial: boolean): Steps;
  /** Whether the directories of the one that was visited last are visited, too. @default {always} */
  descends?(): boolean;
}

interface Waiting {
  readonly path: RelPath;
  readonly tops: readonly number[];
}

/**
 * Walks.
 *
 * @param tree The tree.
 * @param tops Directories of it.
 * @param visitor Sees every directory before those in it, names in byte order.
 * @param failures Receives what could not be listed, with its path in the tree.
 * @returns Steps.
 */
export function* walkTogether(
  tree: Tree,
  tops: readonly RelPath[],
  visitor: TogetherVisitor,
  failures: EntryFailure[],
): Steps {
  const listings = tops.map(() => new Listing());
  const waiting: Waiting[] = [{ path: ROOT, tops: tops.map((_, top) => top) }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const places: Place[] = [];
    try {
      for (const top of next.tops) {
        const place = openPlace(tree, top, below(tops[top]!, next.path), listings[top]!, failures);
        if (place !== undefined) places.push(place);
      }
      yield* visitor.visit(next.path, places, places.length < next.tops.length);
      if (visitor.descends?.() !== false) waiting.push(...directoriesIn(next.path, places));
    } finally {
      for (const { directory } of places) directory.close();
    }
    yield;
  }
}

/**
 * A path below another.
 *
 * @param top A directory.
 * @param path A path from there.
 * @returns The path from the root.
 */
export function below(top: RelPath, path: RelPath): RelPath {
  return path === ROOT ? top : top === ROOT ? path : `${top}/${path}` as RelPath;
}

function openPlace(
  tree: Tree,
  top: number,
  path: RelPath,
  listing: Listing,
  failures: EntryFailure[],
): Place | undefined {
  let directory: Directory | undefined;
  try {
    directory = tree.open(path);
    listing.clear();
    while (directory.list(listing));
  } catch (thrown) {
    directory?.close();
    failures.push({ path, error: atPath(asSyncError(thrown), path) });
    return undefined;
  }
  return { top, directory, listing };
}

/** The directories of one level; the last is taken first. */
function directoriesIn(path: RelPath, places: readonly Place[]): Waiting[] {
  const found = new Map<string, number[]>();
  for (const { top, listing } of places) {
    for (let index = 0; index < listing.count; index++) {
      if (!listing.isDirectory(index)) continue;
      const name = listing.name(index);
      const tops = found.get(name);
      if (tops === undefined) found.set(name, [top]);
      else tops.push(top);
    }
  }
  return [...found].sort(([a], [b]) => compareNames(b, a)).map(([name, tops]) => ({
    path: childPath(path, name),
    tops,
  }));
}
