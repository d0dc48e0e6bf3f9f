/**
 * Walks a tree in the order of a tree: a directory directly before what is in it, names by their bytes. It keeps the
 * listing of each directory above the entry at hand, and no open handles. A directory is listed before it is given, so
 * that one that cannot be listed is told as unreadable, and nothing of it is taken for missing.
 *
 * @module
 */
import { compareNames } from "../bytes/name.ts";
import { asSyncError, atPath, type SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { Listing } from "../model/listing.ts";
import { childPath, type RelPath, ROOT } from "../model/rel_path.ts";
import { finish } from "../model/steps.ts";
import type { Stamp } from "../model/stamp.ts";
import type { Directory, Tree } from "../model/tree.ts";
import type { Selection } from "../plan/selection.ts";
import { listDirectory, type ListExtras } from "./list_directory.ts";

/** What a walk or a list says of one path. */
export type Ordered<Known> =
  /** Something is there. */
  | {
    readonly state: "there";
    readonly path: RelPath;
    readonly known: Known;
    readonly isKept: boolean;
    /** Of files, when the walk is to tell it. */
    readonly stamp?: Stamp;
  }
  /** It takes no part, and nothing below it. */
  | { readonly state: "left-out"; readonly path: RelPath }
  /** It cannot be told what is there, or below it. */
  | { readonly state: "unreadable"; readonly path: RelPath; readonly error: SyncError };

/** How a tree is walked. */
export interface OrderedWalk {
  /** What is read beside names and metadata. */
  readonly extras: ListExtras;
  /** What takes part in a directory. @default {everything} */
  readonly selectionIn?: ((path: RelPath, directory: Directory) => Selection) | undefined;
  /** Whether it is told what tells files from what they are later. @default {false} */
  readonly stamps?: boolean;
}

/** A directory that is being walked. */
interface Level {
  readonly path: RelPath;
  readonly listing: Listing;
  readonly selection: Selection | undefined;
  readonly stamps: boolean;
  /** Indexes of the entries, in the order of their names. */
  readonly order: readonly number[];
  at: number;
}

/**
 * Walks everything below the root.
 *
 * @param tree The tree.
 * @param walk How.
 * @returns What is there, in order. `isKept` tells of an entry that a filter protects where only this tree has it.
 * @throws {SyncError} when the root cannot be listed, or code `"filter-invalid"` when it cannot be told what takes part.
 */
export function* walkInOrder(tree: Tree, walk: OrderedWalk): Generator<Ordered<Entry>, void, undefined> {
  const levels = [enter(tree, ROOT, walk, new Listing())];
  // Listings that are used again, one for each depth.
  const spare = [levels[0]!.listing];
  while (levels.length > 0) {
    const level = levels[levels.length - 1]!;
    const index = level.order[level.at++];
    if (index === undefined) {
      levels.pop();
      continue;
    }
    const { listing } = level;
    const item = itemOf(level, index);
    if (item.state !== "there" || !listing.isDirectory(index)) {
      yield item;
      continue;
    }
    const below = tryEnter(tree, item.path, walk, spare[levels.length] ??= new Listing());
    if ("order" in below) levels.push(below);
    yield "order" in below ? item : below;
  }
}

function itemOf({ path: above, listing, selection, stamps }: Level, index: number): Ordered<Entry> {
  const path = childPath(above, listing.name(index));
  const isLeftOut = listing.isTemporary(index) ||
    (selection !== undefined && (selection.hides(listing, index) || selection.spares(listing, index)));
  if (isLeftOut) return { state: "left-out", path };
  const error = listing.error(index);
  if (error !== undefined) return { state: "unreadable", path, error: atPath(error, path) };
  const isKept = selection !== undefined && selection.protects(listing, index);
  const item = { state: "there", path, known: listing.entry(index), isKept } as const;
  return stamps && item.known.kind === "file" ? { ...item, stamp: listing.stamp(index) } : item;
}

function tryEnter(tree: Tree, path: RelPath, walk: OrderedWalk, listing: Listing): Level | Ordered<Entry> {
  try {
    return enter(tree, path, walk, listing);
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.code === "filter-invalid" || error.code === "internal") throw error;
    return { state: "unreadable", path, error: atPath(error, path) };
  }
}

function enter(tree: Tree, path: RelPath, walk: OrderedWalk, listing: Listing): Level {
  const { extras, selectionIn, stamps = false } = walk;
  const directory = tree.open(path);
  try {
    finish(listDirectory(directory, listing, extras));
    const selection = selectionIn?.(path, directory);
    return { path, listing, selection, stamps, order: orderOf(listing), at: 0 };
  } finally {
    directory.close();
  }
}

function orderOf(listing: Listing): number[] {
  const names = Array.from({ length: listing.count }, (_, index) => listing.name(index));
  return names.map((_, index) => index).sort((a, b) => compareNames(names[a]!, names[b]!));
}
