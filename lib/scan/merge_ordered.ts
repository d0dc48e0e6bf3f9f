/**
 * Two walks or lists in the order of a tree, side by side. What takes no part on one side is not compared on the other,
 * nor what is below it; below what cannot be read on one side nothing is known.
 *
 * @module
 */
import type { Side, SyncError } from "../errors.ts";
import { comparePaths, type RelPath } from "../model/rel_path.ts";
import type { Ordered } from "./ordered_walk.ts";

/** What two sides say of one path. */
export interface Paired<Source, Destination> {
  /** The path. */
  readonly path: RelPath;
  /** What is there at the source, if something is. */
  readonly source?: Source;
  /** What is there at the destination. */
  readonly destination?: Destination;
  /** Why it cannot be compared. */
  readonly unreadable?: { readonly side: Side; readonly error: SyncError };
}

/** One side: the item at hand, and the path below which nothing of it counts. */
class Cursor<Known> {
  item: Ordered<Known> | undefined;
  readonly #items: Iterator<Ordered<Known>>;
  #skipped: string | undefined;

  constructor(items: Iterator<Ordered<Known>>) {
    this.#items = items;
    this.next();
  }

  next(): void {
    do {
      const next = this.#items.next();
      this.item = next.done === true ? undefined : next.value;
    } while (this.#skipped !== undefined && this.item?.path.startsWith(this.#skipped) === true);
    this.#skipped = undefined;
  }

  /** Passes over what is below a path, at hand or to come. */
  skipBelow(path: RelPath): void {
    this.#skipped = `${path}/`;
    if (this.item?.path.startsWith(this.#skipped) === true) this.next();
  }
}

/**
 * Goes through two sides at once.
 *
 * @param source One side, in order.
 * @param destination The other.
 * @returns Each path that one of them has, in order, with what both say of it.
 */
export function* mergeOrdered<Source, Destination>(
  source: Iterator<Ordered<Source>>,
  destination: Iterator<Ordered<Destination>>,
): Generator<Paired<Source, Destination>, void, undefined> {
  const mine = new Cursor(source);
  const theirs = new Cursor(destination);
  for (;;) {
    const path = firstPath(mine.item, theirs.item);
    if (path === undefined) return;
    const a = mine.item?.path === path ? mine.item : undefined;
    const b = theirs.item?.path === path ? theirs.item : undefined;
    const paired = pairOf(path, a, b);
    if (a !== undefined) mine.next();
    if (b !== undefined) theirs.next();
    if (a !== undefined && a.state !== "there") theirs.skipBelow(path);
    if (b !== undefined && b.state !== "there") mine.skipBelow(path);
    if (a === undefined && b?.state === "there" && b.isKept) theirs.skipBelow(path);
    if (paired !== undefined) yield paired;
  }
}

function firstPath(a: Ordered<unknown> | undefined, b: Ordered<unknown> | undefined): RelPath | undefined {
  if (a === undefined || b === undefined) return (a ?? b)?.path;
  return comparePaths(a.path, b.path) <= 0 ? a.path : b.path;
}

function pairOf<Source, Destination>(
  path: RelPath,
  a: Ordered<Source> | undefined,
  b: Ordered<Destination> | undefined,
): Paired<Source, Destination> | undefined {
  if (a?.state === "left-out" || b?.state === "left-out") return undefined;
  if (a?.state === "unreadable") return { path, unreadable: { side: "source", error: a.error } };
  if (b?.state === "unreadable") return { path, unreadable: { side: "destination", error: b.error } };
  if (a === undefined && b?.isKept === true) return undefined;
  return {
    path,
    ...(a === undefined ? {} : { source: a.known }),
    ...(b === undefined ? {} : { destination: b.known }),
  };
}
