/**
 * Whether a plan still fits: every action names what it expects on both sides, and all of it is looked at before the
 * first change. The plan streams by; what is kept are the names of the directories to be removed that it is in.
 *
 * An entry that appears where the plan does nothing is no part of it, and is left alone by whoever applies it.
 *
 * @module
 */
import { printable } from "../../../lib/bytes/printable.ts";
import { asSyncError, atPath } from "../../../lib/errors.ts";
import type { Env } from "../../../lib/model/env.ts";
import type { Entry } from "../../../lib/model/entry.ts";
import { Listing } from "../../../lib/model/listing.ts";
import { baseName, childPath, parentPath, type RelPath, ROOT } from "../../../lib/model/rel_path.ts";
import type { Directory, Tree, XattrScope } from "../../../lib/model/tree.ts";
import type { Action, Basis, Delete, LinkFile, Move } from "../../../lib/plan/action.ts";
import { MovedPaths } from "../../../lib/plan/moved_paths.ts";
import { openIfThere } from "../../../lib/scan/open_if_there.ts";
import { differenceInWords } from "./expectation.ts";
import { RemovedNames } from "./removed_names.ts";

/** One entry that is not what the plan expects. */
export interface Drift {
  /** The entry. */
  readonly path: RelPath;
  /** What is different, in words. */
  readonly message: string;
}

/** What has moved since a plan was made. */
export interface Drifted {
  /** The first thousand. */
  readonly first: readonly Drift[];
  /** How many there are. */
  readonly count: number;
}

/** What a plan is held against. */
export interface Sides {
  /** The source as it is now. */
  readonly source: Tree;
  /** The destination as it is now, if it exists. */
  readonly destination: Tree | undefined;
  /** Other trees that files may be found in. */
  readonly bases: readonly (Tree | undefined)[];
  /** Which extended attributes belong to an entry, if any. */
  readonly xattrs: XattrScope | undefined;
}

const TURN_EVERY = 256;
const MOST_KEPT = 1_000;

/**
 * Looks at every entry that a plan names.
 *
 * @param actions The plan, in its order.
 * @param sides Both sides.
 * @param env The world.
 * @param stop Called now and then; throws to give up.
 * @returns What has moved since the plan was made.
 */
export async function findDrift(actions: Iterable<Action>, sides: Sides, env: Env, stop: () => void): Promise<Drifted> {
  const check = new DriftCheck(sides);
  let seen = 0;
  try {
    for (const action of actions) {
      check.look(action);
      if (++seen % TURN_EVERY !== 0) continue;
      await env.turn();
      stop();
    }
  } finally {
    check.close();
  }
  return check.drifted;
}

/** Looks at one action after the other; the directories of the last one stay open. */
class DriftCheck {
  readonly #sides: Sides;
  readonly #first: Drift[] = [];
  readonly #removed = new RemovedNames();
  readonly #moved = new MovedPaths();
  /** Files with further names that were told; several actions look at one. */
  readonly #holders = new Set<RelPath>();
  /** Entries that were told; what goes from the source may be in two actions. */
  readonly #told = new Set<RelPath>();
  #count = 0;
  #at: RelPath | undefined;
  #source: Directory | undefined;
  #destination: Directory | undefined;

  constructor(sides: Sides) {
    this.#sides = sides;
  }

  get drifted(): Drifted {
    return { first: this.#first, count: this.#count };
  }

  close(): void {
    this.#source?.close();
    this.#destination?.close();
    this.#at = undefined;
  }

  look(action: Action): void {
    if (action.path === ROOT) return this.#lookAtRoot(action);
    this.#enter(parentPath(action.path));
    const { xattrs } = this.#sides;
    const wanted = action.op === "delete" || action.op === "sweep" ? undefined : action.want;
    // A leftover is nobody's business, and what is excluded may change in the source as it likes.
    const mine = action.op === "sweep" || action.reasons.includes("excluded")
      ? undefined
      : differenceInWords("the source", wanted, entryIn(this.#source, action.path, wanted, xattrs));
    if (action.op === "remove-source") return this.#tell(action.path, this.#told.has(action.path) ? undefined : mine);
    const theirs = action.op === "move" ? this.#lookAtMoved(action) : differenceInWords(
      "the destination",
      action.have,
      this.#throughDirlink(action, entryIn(this.#destination, action.path, action.have, xattrs)),
    );
    if (action.op === "delete") this.#lookBelow(action, theirs !== undefined);
    this.#tell(action.path, mine, theirs);
    if (action.op === "link") this.#lookAtHolder(action);
    if (action.op === "write-file" && action.basis !== undefined) this.#lookAtBasis(action.path, action.basis);
  }

  /** Where the plan has found a directory, a symlink may have stood for it (`keepDirlinks`). */
  #throughDirlink({ path, have }: Action, found: Entry | undefined): Entry | undefined {
    const { destination, xattrs } = this.#sides;
    if (found?.kind !== "symlink" || have?.kind !== "directory" || destination === undefined) return found;
    const directory = openIfThere(destination, path);
    try {
      if (directory === undefined) return found;
      const entry = directory.entry();
      return xattrs === undefined ? entry : { ...entry, xattrs: directory.xattrs(undefined, xattrs) };
    } finally {
      directory?.close();
    }
  }

  #lookAtBasis(path: RelPath, { index, found }: Basis): void {
    const tree = this.#sides.bases[index];
    const directory = tree && openIfThere(tree, parentPath(path));
    try {
      const now = entryIn(directory, path, found, this.#sides.xattrs);
      this.#tell(path, differenceInWords("the basis", found, now), undefined);
    } finally {
      directory?.close();
    }
  }

  /** Nothing has the new name, and under the old one is what is to be moved. */
  #lookAtMoved({ path, from, want, have }: Move): string | undefined {
    const { destination, xattrs } = this.#sides;
    const taken = differenceInWords("the destination", undefined, entryIn(this.#destination, path, undefined, xattrs));
    const old = this.#moved.original(from);
    if (want.kind === "directory") this.#moved.add(path, from);
    const holder = destination && openIfThere(destination, parentPath(old));
    try {
      const other = differenceInWords("the destination", have, entryIn(holder, old, have, xattrs));
      if (other !== undefined) this.#tell(old, other);
      return taken;
    } finally {
      holder?.close();
    }
  }

  #enter(path: RelPath): void {
    if (this.#at === path) return;
    this.close();
    this.#source = openIfThere(this.#sides.source, path);
    this.#destination = this.#openThere(path);
    this.#at = path;
  }

  /** A directory of the destination by the path that steps give it; those that are moved are elsewhere until then. */
  #openThere(path: RelPath): Directory | undefined {
    return this.#sides.destination && openIfThere(this.#sides.destination, this.#moved.original(path));
  }

  /** The time of a root is left out: whoever saves the plan there changes it. */
  #lookAtRoot(action: Action): void {
    const { source, destination, xattrs } = this.#sides;
    const wanted = "want" in action ? action.want : undefined;
    this.#tell(
      ROOT,
      differenceInWords("the source", wanted, rootOf(source, wanted, xattrs), false),
      differenceInWords("the destination", action.have, destination && rootOf(destination, action.have, xattrs), false),
    );
  }

  /** The file that gets a further name: both are one at the source, and when it is right nothing else looks at it. */
  #lookAtHolder({ path, to, want, toHave }: LinkFile): void {
    if (this.#holders.has(to)) return;
    const { source, destination, xattrs } = this.#sides;
    const [mine, theirs] = [
      openIfThere(source, parentPath(to)),
      destination && openIfThere(destination, parentPath(to)),
    ];
    try {
      const isApart = this.#source?.identityOf(baseName(path)) !== mine?.identityOf(baseName(to));
      const here = differenceInWords("the source", want, entryIn(mine, to, want, xattrs)) ??
        (isApart ? `the source has it apart from "${printable(path)}" now` : undefined);
      const there = toHave && differenceInWords("the destination", toHave, entryIn(theirs, to, toHave, xattrs));
      if (here !== undefined || there !== undefined) this.#holders.add(to);
      this.#tell(to, here, there);
    } finally {
      mine?.close();
      theirs?.close();
    }
  }

  /** A directory that is to be removed and is not what it was: names what is new in it. */
  #lookBelow(action: Delete, isOther: boolean): void {
    const names = this.#removed.take(action.path, action.have.kind === "directory");
    const directory = isOther && names !== undefined ? this.#openThere(action.path) : undefined;
    if (directory === undefined) return;
    const listing = new Listing();
    listing.clear();
    try {
      while (directory.list(listing));
    } catch (thrown) {
      throw atPath(asSyncError(thrown), action.path);
    } finally {
      directory.close();
    }
    for (let index = 0; index < listing.count; index++) {
      const name = listing.name(index);
      if (!names!.has(name)) this.#tell(childPath(action.path, name), "the destination has it now");
    }
  }

  #tell(path: RelPath, ...messages: (string | undefined)[]): void {
    const message = messages.filter((each) => each !== undefined).join("; ");
    if (message === "") return;
    this.#count++;
    this.#told.add(path);
    if (this.#first.length < MOST_KEPT) this.#first.push({ path, message });
  }
}

function rootOf(tree: Tree, expected: Entry | undefined, scope: XattrScope | undefined): Entry {
  const root = tree.open(ROOT);
  try {
    return withXattrs(root, undefined, root.entry(), expected, scope);
  } finally {
    root.close();
  }
}

/** An entry with all that is expected of it. */
function entryIn(
  directory: Directory | undefined,
  path: RelPath,
  expected: Entry | undefined,
  scope: XattrScope | undefined,
): Entry | undefined {
  const name = baseName(path);
  const entry = directory?.lookup(name);
  if (entry === undefined || entry.kind !== expected?.kind) return entry;
  const whole = withXattrs(directory!, name, entry, expected, scope);
  return entry.kind === "symlink" ? { ...whole, target: directory!.readLink(name) } : whole;
}

function withXattrs(
  directory: Directory,
  name: string | undefined,
  entry: Entry,
  expected: Entry | undefined,
  scope: XattrScope | undefined,
): Entry {
  if (scope === undefined || expected?.xattrs === undefined) return entry;
  return { ...entry, xattrs: directory.xattrs(name, scope) };
}
