/**
 * Counts what a finished tree shares with others. A run that made all of it knows that already; one that went on with
 * what another had begun has to look.
 *
 * @module
 */
import { Listing, matchListings, WORD, WORDS } from "../model/listing.ts";
import { childPath, type RelPath, ROOT } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, Tree } from "../model/tree.ts";
import { TYPE_FILE } from "../model/entry.ts";
import { asSyncError } from "../errors.ts";

/** What a tree has, and how much of it is in others, too. */
export interface SharedCounts {
  /** Entries, directories and the root included. */
  readonly entries: number;
  /** Files that are under the same path in another tree, as the same file. */
  readonly sharedFiles: number;
  /** Bytes in these. */
  readonly sharedBytes: number;
  /** All other files, each counted once. */
  readonly newFiles: number;
  /** Bytes in these. */
  readonly newBytes: number;
  /** Names of files that were counted under another name. */
  readonly innerLinks: number;
}

/**
 * Counts a tree.
 *
 * @param tree The tree, at rest.
 * @param bases The others.
 * @returns Steps, one for each directory; the result is what was counted.
 * @throws {SyncError} when a directory that could be opened cannot be listed.
 */
export function* countShared(tree: Tree, bases: readonly Tree[]): Steps<SharedCounts> {
  const census = new SharedCensus();
  const waiting: RelPath[] = [ROOT];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const name of census.count(tree, bases, path)) waiting.push(childPath(path, name));
    yield;
  }
  return census.counts;
}

class SharedCensus {
  readonly counts = { entries: 1, sharedFiles: 0, sharedBytes: 0, newFiles: 0, newBytes: 0, innerLinks: 0 };
  readonly #listing = new Listing();
  readonly #other = new Listing();
  readonly #seen = new Set<string>();
  #matches: Int32Array = new Int32Array(256);

  /** Counts one directory; returns those in it. */
  count(tree: Tree, bases: readonly Tree[], path: RelPath): string[] {
    const listing = this.#listing;
    const directory = openIfThere(tree, path);
    // A directory that keeps its owner out, as it does at the source, has nothing that could be counted.
    if (directory === undefined) return [];
    list(directory, listing);
    const shared = this.#sharedWith(bases, path);
    const directories: string[] = [];
    for (let index = 0; index < listing.count; index++) {
      this.counts.entries++;
      if (listing.isDirectory(index)) directories.push(listing.name(index));
      else if (listing.type(index) === TYPE_FILE) this.#countFile(index, shared[index] === 1);
    }
    return directories;
  }

  #countFile(index: number, isShared: boolean): void {
    const listing = this.#listing;
    const { counts } = this;
    if (listing.links(index) > 1) {
      const identity = listing.identity(index);
      if (this.#seen.has(identity)) return void counts.innerLinks++;
      this.#seen.add(identity);
    }
    counts[isShared ? "sharedFiles" : "newFiles"]++;
    counts[isShared ? "sharedBytes" : "newBytes"] += listing.size(index);
  }

  #sharedWith(bases: readonly Tree[], path: RelPath): Uint8Array {
    const [mine, theirs] = [this.#listing, this.#other];
    const shared = new Uint8Array(mine.count);
    for (const basis of bases) {
      const directory = openIfThere(basis, path);
      if (directory === undefined) continue;
      list(directory, theirs);
      this.#matches = matchListings(mine, theirs, this.#matches);
      for (let index = 0; index < mine.count; index++) {
        const other = this.#matches[index]!;
        if (other >= 0 && isSameInode(mine, index, theirs, other)) shared[index] = 1;
      }
    }
    return shared;
  }
}

function list(directory: Directory, into: Listing): void {
  try {
    into.clear();
    while (directory.list(into));
  } finally {
    directory.close();
  }
}

function openIfThere(tree: Tree, path: RelPath): Directory | undefined {
  try {
    return tree.open(path);
  } catch (thrown) {
    if (asSyncError(thrown).code === "internal") throw thrown;
    return undefined;
  }
}

function isSameInode(a: Listing, i: number, b: Listing, j: number): boolean {
  const [x, y] = [a.words, b.words];
  const [at, other] = [i * WORDS, j * WORDS];
  return x[at + WORD.inodeLow] === y[other + WORD.inodeLow] && x[at + WORD.inodeHigh] === y[other + WORD.inodeHigh] &&
    x[at + WORD.device] === y[other + WORD.device];
}
