/**
 * Walks everything below a directory, what is inside before the directory itself: the order in which a tree can be
 * removed. It keeps one path per level and no open handles, so depth costs neither stack nor descriptors. What is to
 * be kept is left out, and so is every directory that holds some of it.
 *
 * @module
 */
import { compareNames } from "../bytes/name.ts";
import { asSyncError, atPath } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { Listing } from "../model/listing.ts";
import { baseName, childPath, type RelPath } from "../model/rel_path.ts";
import type { Directory, EntryFailure, Tree } from "../model/tree.ts";

/** One entry of a walk. */
export interface Walked {
  /** Where it is. */
  readonly path: RelPath;
  /** What it is. */
  readonly entry: Entry;
}

/** Says what of a directory that goes is kept. */
export interface Keeper {
  /** Whether what goes stays in its directory under another name, so that the directory stays, too. @default {false} */
  readonly beside?: boolean;
  /** Whether this directory stays, whatever is in it. @default {false} */
  readonly stays?: boolean;
  /** Whether an entry is kept, with all below it. */
  protects(listing: Listing, index: number): boolean;
  /** The same for a directory of this one, which is open. */
  descend(name: string, directory: Directory): Keeper;
}

/** A level of the walk: what is left to visit there, and whether some of it is kept. */
interface Level extends Walked, Inside {}

/** What is in a directory. */
interface Inside {
  readonly below: Walked[];
  readonly keeper: Keeper | undefined;
  keepsSome: boolean;
}

/**
 * Walks a subtree, children first.
 *
 * @param tree The tree.
 * @param top The directory to start with.
 * @param entry What it is.
 * @param failures Receives what could not be listed; such a directory is yielded all the same.
 * @param above What is kept of the directory that holds `top`. @default {nothing}
 * @returns Every entry below `top`, then `top`; without those that are kept and the directories above them.
 * @throws {SyncError} code `"filter-invalid"` when it cannot be told what is kept.
 */
export function* walkSubtree(
  tree: Tree,
  top: RelPath,
  entry: Entry,
  failures: EntryFailure[],
  above?: Keeper,
): Generator<Walked, void, undefined> {
  if (entry.kind !== "directory") {
    yield { path: top, entry };
    return;
  }
  const levels: Level[] = [{ path: top, entry, ...insideOf(tree, top, failures, above) }];
  while (levels.length > 0) {
    const level = levels[levels.length - 1]!;
    const next = level.below.pop();
    if (next === undefined) {
      levels.pop();
      const parent = levels[levels.length - 1];
      if (!level.keepsSome) yield { path: level.path, entry: level.entry };
      else if (parent !== undefined) parent.keepsSome = true;
    } else if (next.entry.kind === "directory") {
      levels.push({ ...next, ...insideOf(tree, next.path, failures, level.keeper) });
    } else {
      if (level.keeper?.beside === true) level.keepsSome = true;
      yield next;
    }
  }
}

function insideOf(tree: Tree, path: RelPath, failures: EntryFailure[], above: Keeper | undefined): Inside {
  const listing = new Listing();
  let keeper: Keeper | undefined;
  let directory: Directory | undefined;
  try {
    directory = tree.open(path);
    listing.clear();
    while (directory.list(listing));
    keeper = above?.descend(baseName(path), directory);
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.code === "filter-invalid") throw error;
    failures.push({ path, error: atPath(error, path) });
  } finally {
    directory?.close();
  }
  // What was not to be asked about is kept.
  const knows = above === undefined || keeper !== undefined;
  const keepsSome = keeper?.stays === true || (!knows && listing.count > 0);
  const inside: Inside = { below: [], keeper, keepsSome };
  for (let index = 0; knows && index < listing.count; index++) {
    if (keeper?.protects(listing, index) === true) inside.keepsSome = true;
    else addEntry(listing, index, path, inside.below, failures);
  }
  // Taken from the end, so the last name comes first here.
  inside.below.sort((a, b) => compareNames(b.path, a.path));
  return inside;
}

function addEntry(listing: Listing, index: number, path: RelPath, below: Walked[], failures: EntryFailure[]): void {
  const child = childPath(path, listing.name(index));
  const error = listing.error(index);
  if (error === undefined) below.push({ path: child, entry: listing.entry(index) });
  else failures.push({ path: child, error: atPath(error, child) });
}
