/**
 * Which files a scrub reads, and in which order: first a walk over the tree, a directory at a time, which finds what the
 * catalog does not know as it is; then what the catalog knows, by the time when it was verified last. Nothing that the
 * catalog says of paths is believed: it has to prove itself as a path, and is opened below the root like any other.
 *
 * @module
 */
import { type Catalog, OLDEST } from "../../lib/catalog/catalog.ts";
import type { Known } from "../../lib/catalog/known.ts";
import { asSyncError, atPath, SyncError } from "../../lib/errors.ts";
import { Listing } from "../../lib/model/listing.ts";
import { childPath, parseRelPath, type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import { sameStamp } from "../../lib/model/stamp.ts";
import { finish } from "../../lib/model/steps.ts";
import type { Tree } from "../../lib/model/tree.ts";
import { listDirectory } from "../../lib/scan/list_directory.ts";
import type { Budget } from "./budget.ts";

/** Something of a tree that a scrub looks at. */
export type ScrubItem =
  /** A file that is to be read. */
  | {
    readonly state: "read";
    readonly path: RelPath;
    readonly size: number;
    readonly known: Known | undefined;
    /** When it was put into the queue, in milliseconds since 1970: it is read after that. */
    readonly atMs: number;
  }
  /** A file that the catalog knows is gone. */
  | { readonly state: "gone"; readonly path: RelPath }
  /** It cannot be told what is there. */
  | { readonly state: "unreadable"; readonly path: RelPath; readonly error: SyncError };

/** What a queue is made of. */
export interface QueueInit {
  /** The tree. */
  readonly tree: Tree;
  /** The catalog. */
  readonly catalog: Catalog;
  /** What the tree is called in it. */
  readonly root: string;
  /** How much may be read. */
  readonly budget: Budget;
  /** Whether what is known as it is waits for its turn by age. */
  readonly oldestFirst: boolean;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Files that are asked of the catalog at once. */
const PAGE = 256;
const EXTRAS = { targets: false, xattrs: undefined };

/** See the module comment. */
export class ScrubQueue {
  /** Whether everything was handed out. */
  isComplete = false;
  readonly #init: QueueInit;
  readonly #startedMs: number;
  readonly #endsAt: number;
  /** What is being read, and what the catalog takes for as old as it was although it was read. */
  readonly #taken = new Set<RelPath>();
  #bytes = 0;

  /** Starts the clock. */
  constructor(init: QueueInit) {
    this.#init = init;
    this.#startedMs = init.wallClock();
    this.#endsAt = init.now() + (init.budget.milliseconds ?? Infinity);
  }

  /**
   * Hears that the catalog knows of a file that was read; the others are remembered until the end of the run, so that
   * none is read twice.
   *
   * @param path The file.
   */
  noted(path: RelPath): void {
    this.#taken.delete(path);
  }

  /** Everything, until the budget is used up. */
  *items(): Generator<ScrubItem, void, undefined> {
    for (const items of [this.#walk(), this.#byAge()]) {
      for (const item of items) {
        if (item.state === "read") {
          if (this.#taken.has(item.path)) continue;
          if (this.#isSpent(item.size)) return;
          this.#taken.add(item.path);
        }
        yield item;
      }
    }
    this.isComplete = true;
  }

  /** The first file is read however large it is. */
  #isSpent(size: number): boolean {
    const { bytes = Infinity } = this.#init.budget;
    if (this.#init.now() >= this.#endsAt) return true;
    if (this.#bytes > 0 && this.#bytes + size > bytes) return true;
    this.#bytes += size;
    return false;
  }

  *#walk(): Generator<ScrubItem, void, undefined> {
    const waiting: RelPath[] = [ROOT];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const listing = new Listing();
      try {
        this.#list(path, listing);
      } catch (thrown) {
        const error = asSyncError(thrown);
        if (path === ROOT || error.code === "internal") throw error;
        yield { state: "unreadable", path, error: atPath(error, path) };
        continue;
      }
      yield* this.#lookAt(path, listing, waiting);
    }
  }

  #list(path: RelPath, listing: Listing): void {
    const directory = this.#init.tree.open(path);
    try {
      finish(listDirectory(directory, listing, EXTRAS));
    } finally {
      directory.close();
    }
  }

  *#lookAt(above: RelPath, listing: Listing, waiting: RelPath[]): Generator<ScrubItem, void, undefined> {
    const { catalog, root, oldestFirst, wallClock } = this.#init;
    const known = catalog.directory(root, above);
    const gone = new Set(known.keys());
    for (let index = 0; index < listing.count; index++) {
      if (listing.isTemporary(index)) continue;
      const name = listing.name(index);
      const path = childPath(above, name);
      const error = listing.error(index);
      if (error !== undefined) {
        gone.delete(name);
        yield { state: "unreadable", path, error: atPath(error, path) };
      } else if (listing.isDirectory(index)) waiting.push(path);
      else if (listing.kind(index) === "file") {
        gone.delete(name);
        const before = known.get(name);
        const isCurrent = before !== undefined && sameStamp(before.stamp, listing.stamp(index));
        if (isCurrent && oldestFirst) continue;
        yield { state: "read", path, size: listing.size(index), known: before, atMs: wallClock() };
      }
    }
    for (const name of gone) yield { state: "gone", path: childPath(above, name) };
  }

  /** What was verified in this run is younger than its start, and does not come again. */
  *#byAge(): Generator<ScrubItem, void, undefined> {
    const { catalog, root, wallClock } = this.#init;
    for (let after = OLDEST;;) {
      const page = catalog.oldest(root, after, this.#startedMs, PAGE);
      for (const { directory, name, known } of page) {
        const path = provenPath(directory, name);
        if (path === undefined) continue;
        yield { state: "read", path, size: known?.stamp.size ?? 0, known, atMs: wallClock() };
      }
      if (page.length < PAGE) return;
      after = page[page.length - 1]!.age;
    }
  }
}

/** A path of the catalog, if it can be one: damage or malice must lead nowhere. */
function provenPath(directory: string, name: string): RelPath | undefined {
  try {
    return childPath(parseRelPath(directory), name);
  } catch (thrown) {
    if (thrown instanceof SyncError && thrown.code === "path-escape") return undefined;
    throw thrown;
  }
}
