/**
 * The two roots of a mirror: opened once, and refused when they do not make sense together.
 *
 * @module
 */
import { asSyncError, SyncError } from "../../../lib/errors.ts";
import { printable } from "../../../lib/bytes/printable.ts";
import type { LensRules } from "../../../lib/compare/lens.ts";
import { throughLens } from "../../../lib/scan/mapped_tree.ts";
import { lensOf } from "./lens.ts";
import { Listing } from "../../../lib/model/listing.ts";
import { ROOT } from "../../../lib/model/rel_path.ts";
import type { Tree } from "../../../lib/model/tree.ts";
import { guardEmptySource } from "../../../lib/plan/guards.ts";
import type { Action } from "../../../lib/plan/action.ts";
import { isFileSystemRoot, lockTree, makeRoot, openTree, relationOf } from "../../../lib/os/open_tree.ts";
import type { SymlinkPolicy } from "../../../lib/os/following.ts";
import type { MirrorPair } from "./pair.ts";
import { type Bases, openBases } from "./bases.ts";
import { openStore, type Store } from "./store.ts";

/** What roots are opened for. */
export interface Purpose {
  /** Whether anything will be changed. */
  readonly changes: boolean;
  /** What takes part, when that was decided before, so that no filter is asked any more. @default {the options say it} */
  readonly decided?: { readonly leavesRoot: boolean };
  /** Takes every action that a survey finds. */
  readonly keep?: (action: Action) => void;
  /** Called before anything is changed; throws to refuse. */
  readonly check?: (source: Tree, destination: Tree | undefined, bases: Bases["trees"]) => Promise<void>;
  /** Whether a missing destination is made only when the run asks for it. @default {false} */
  readonly isLate?: boolean;
}

/** Both roots, open. */
export interface Roots {
  /** The source, as it is to be taken for. */
  readonly source: Tree;
  /** What is seen differently in it, if anything. */
  readonly lens: LensRules | undefined;
  /** The destination; absent when it does not exist and is not to be made, or not yet. */
  readonly destination: Tree | undefined;
  /** Other trees that files may be found in. */
  readonly bases: Bases;
  /** Where old entries are kept, if they go to a place of their own. */
  readonly store: Store | undefined;
  /** Makes what is still missing; answers whether there was anything. */
  complete(): boolean;
  /** Closes everything. */
  close(): void;
}

/**
 * Opens both roots and applies the guards that need no scan.
 *
 * @param pair The mirror.
 * @param purpose Whether anything will be changed; then the destination is made when it is missing, and kept for this
 * run alone.
 * @returns The roots.
 * @throws {SyncError} with the code of the guard that refused.
 */
export async function openRoots(pair: MirrorPair, purpose: Purpose): Promise<Roots> {
  const { options } = pair;
  guardPaths(pair);
  const lens = lensOf(options);
  const followed = followedBy(options);
  const roots = new OpenRoots(pair, throughLens(openSource(pair, followed), lens), { lens, followed });
  const { source } = roots;
  try {
    roots.bases = openBases(options, pair.destination);
    const destination = roots.destination = openDestination(pair);
    roots.shunDestination();
    if (destination !== undefined && !options.allowEmptySource && entryCount(source, 1) === 0) {
      guardEmptySource(0, entryCount(destination, Infinity), false);
    }
    // Before the check: nobody may change what was checked.
    if (purpose.changes && destination !== undefined) lockTree(destination, pair.destination);
    await purpose.check?.(source, destination, roots.bases.trees);
    const isReady = purpose.changes && (destination !== undefined || purpose.isLate !== true);
    if (!isReady || !roots.complete()) roots.store = openStore(pair, isReady);
    return roots;
  } catch (thrown) {
    roots.close();
    throw thrown;
  }
}

const NO_BASES: Bases = { trees: [], warnings: [], close() {} };

/** How the source is looked at. */
interface SourceView {
  readonly lens: LensRules | undefined;
  readonly followed: SymlinkPolicy | undefined;
}

class OpenRoots implements Roots {
  readonly source: Tree;
  readonly lens: LensRules | undefined;
  destination: Tree | undefined;
  bases: Bases = NO_BASES;
  store: Store | undefined;
  readonly #pair: MirrorPair;
  readonly #followed: SymlinkPolicy | undefined;

  constructor(pair: MirrorPair, source: Tree, { lens, followed }: SourceView) {
    this.#followed = followed;
    this.#pair = pair;
    this.source = source;
    this.lens = lens;
  }

  /** No symlink of the source is followed to what is being written. */
  shunDestination(): void {
    if (this.#followed === undefined || this.destination === undefined) return;
    const root = this.destination.open(ROOT);
    this.#followed.never = root.identity();
    root.close();
  }

  complete(): boolean {
    if (this.destination !== undefined) return false;
    this.destination = makeDestination(this.#pair);
    this.shunDestination();
    lockTree(this.destination, this.#pair.destination);
    this.store = openStore(this.#pair, true);
    return true;
  }

  close(): void {
    this.source.close();
    this.destination?.close();
    this.store?.tree?.close();
    this.bases.close();
  }
}

function guardPaths({ source, destination, options }: MirrorPair): void {
  if (options.delete && isFileSystemRoot(destination)) {
    throw new SyncError("root-destination", 'Cannot mirror to "/" with deletions: everything else would be removed', {
      hint: "name a directory below it",
    });
  }
  const [from, to] = [printable(source), printable(destination)];
  switch (relationOf(source, destination)) {
    case "same":
      throw new SyncError("overlap", `Cannot mirror "${from}" to "${to}": they are the same directory`);
    case "inside":
      throw new SyncError("overlap", `Cannot mirror "${from}" to "${to}": the source is inside the destination`);
    case "around":
      throw new SyncError("overlap", `Cannot mirror "${from}" to "${to}": the destination is inside the source`);
  }
}

/** Which symlinks of the source are followed. */
function followedBy({ copyLinks, copyUnsafeLinks }: MirrorPair["options"]): SymlinkPolicy | undefined {
  if (!copyLinks && !copyUnsafeLinks) return undefined;
  return { mode: copyLinks ? "all" : "unsafe", never: undefined };
}

function keptBy({ keepDirlinks }: MirrorPair["options"]): SymlinkPolicy | undefined {
  return keepDirlinks ? { mode: "keep", never: undefined } : undefined;
}

function openSource({ source, options }: MirrorPair, followed: SymlinkPolicy | undefined): Tree {
  try {
    return openTree(source, options.layer, followed);
  } catch (thrown) {
    const error = asSyncError(thrown);
    const text = printable(source);
    if (error.code === "vanished") {
      throw new SyncError("source-missing", `Cannot mirror "${text}": there is no such directory`, {
        path: source,
        hint: "check the path, and that its disk is mounted",
        cause: error,
      });
    }
    if (error.code === "not-directory") {
      throw new SyncError("source-not-directory", `Cannot mirror "${text}": it is not a directory`, {
        path: source,
        hint: "name the directory that holds it",
        cause: error,
      });
    }
    throw error;
  }
}

function openDestination({ destination, options }: MirrorPair): Tree | undefined {
  try {
    return openTree(destination, options.layer, keptBy(options));
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.code === "vanished") return undefined;
    if (error.code !== "not-directory") throw error;
    throw new SyncError("destination-unusable", `Cannot mirror to "${printable(destination)}": it is not a directory`, {
      path: destination,
      cause: error,
    });
  }
}

function makeDestination({ destination, options }: MirrorPair): Tree {
  try {
    makeRoot(destination);
  } catch (thrown) {
    const error = asSyncError(thrown);
    throw new SyncError(
      error.code === "vanished" ? "destination-unusable" : error.code,
      `Cannot make destination "${printable(destination)}": ${
        error.code === "vanished" ? "the directory above it does not exist" : error.message
      }`,
      {
        path: destination,
        hint: "make the directory above it first, and check that its disk is mounted",
        cause: error,
      },
    );
  }
  return openTree(destination, options.layer, keptBy(options));
}

/** Entries directly in the root, counted up to a number. */
function entryCount(tree: Tree, enough: number): number {
  const directory = tree.open(ROOT);
  const listing = new Listing();
  listing.clear();
  try {
    while (listing.count < enough && directory.list(listing));
    let count = 0;
    for (let index = 0; index < listing.count; index++) {
      if (!listing.isTemporary(index)) count++;
    }
    return count;
  } finally {
    directory.close();
  }
}
