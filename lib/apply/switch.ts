/**
 * Switches everything that waits. First what takes long: the source is looked at again, and old entries are kept. Then
 * renames alone, one after the other, without a step in between: new entries first, then replacements, symlinks last,
 * so that what leads to something arrives after it. Metadata of what stays follows.
 *
 * What cannot be switched is told, removed, and left to the next run; the rest is switched all the same.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { asSyncError, atPath, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName, childPath, comparePaths, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory } from "../model/tree.ts";
import type { ApplyContext } from "./context.ts";
import { setNow } from "./apply_changes.ts";
import { LastDirectory } from "./last_directory.ts";
import { keepOld, putOver, swap } from "./place.ts";
import { removeEntry, removeTree, type WalkBelow } from "./remove.ts";
import { changeUnseen } from "./settle.ts";
import type { Held, StagedWork } from "./staging.ts";

const STEP_EVERY = 64;
const OWNER_MAY_CHANGE = 0o700;

/** Something that has a temporary name. */
type Waiting = Held & { readonly temporary: string };

/** One switch: see the module comment. */
export class Switch {
  readonly #context: ApplyContext;
  readonly #walk: WalkBelow;
  readonly #destinations: LastDirectory;
  readonly #waiting: Waiting[];
  readonly #others: Held[];
  readonly #failed = new Set<RelPath>();
  readonly #opened = new Map<RelPath, number>();
  #asides: { readonly path: RelPath; readonly entry: Entry }[] = [];

  /**
   * Takes over everything that was staged.
   *
   * @param context Surroundings.
   * @param work What waits.
   * @param walk How a tree is walked.
   */
  constructor(context: ApplyContext, work: StagedWork, walk: WalkBelow) {
    this.#context = context;
    this.#walk = walk;
    this.#destinations = new LastDirectory(context.destination);
    this.#waiting = work.held.filter(isWaiting).sort(byRank);
    this.#others = work.held.filter((held) => !isWaiting(held));
  }

  /**
   * Does all that takes long, while nothing is seen yet.
   *
   * @returns Steps.
   */
  *prepare(): Steps {
    let count = 0;
    const sources = new LastDirectory(this.#context.source);
    try {
      for (const held of [...this.#waiting, ...this.#others]) {
        yield* this.#checked(held, () => requireSame(sources, held));
        if (++count % STEP_EVERY === 0) yield;
      }
    } finally {
      sources.close();
    }
    for (const held of this.#waiting) {
      const { action: { path, have } } = held;
      yield* this.#checked(held, () => keepOld(this.#context, this.#destinations.open(parentPath(path)), path, have));
    }
    if (!this.#context.rules.privileged) this.#openUp();
  }

  /**
   * Renames everything, without a pause.
   *
   * @returns How many entries were switched.
   */
  now(): number {
    let count = 0;
    for (const held of this.#waiting) {
      if (!this.#failed.has(held.action.path) && this.#try(held, () => this.#switchOne(held))) count++;
    }
    for (const held of this.#others) {
      const { action } = held;
      if (action.op !== "set-metadata" || action.want.kind === "directory") continue;
      const set = () => setNow(this.#context, this.#destinations.open(parentPath(action.path)), action);
      if (this.#try(held, set)) count++;
    }
    this.#closeAgain();
    return count;
  }

  /**
   * Tells what was switched, and removes what was replaced and what could not be switched.
   *
   * @returns Steps.
   */
  *finish(): Steps {
    for (const { action } of [...this.#waiting, ...this.#others]) {
      if (!this.#isBelowFailed(action.path)) this.#context.outcome.applied(action);
    }
    for (const { path, entry } of this.#asides) yield* this.#removeAside(path, entry);
    yield* discardStaged(
      this.#context,
      this.#waiting.filter(({ action }) => this.#failed.has(action.path)),
      this.#walk,
    );
    this.close();
  }

  /** Closes what is held open. */
  close(): void {
    this.#destinations.close();
  }

  #switchOne({ action, temporary }: Waiting): void {
    const { path, have } = action;
    const directory = this.#destinations.open(parentPath(path));
    if (action.op !== "create-directory" || have === undefined) {
      return putOver(this.#context, directory, temporary, path, have);
    }
    const aside = swap(this.#context, directory, temporary, baseName(path));
    this.#asides.push({ path: childPath(parentPath(path), aside), entry: have });
  }

  /** What cannot be removed now is tried again with the deletions. */
  *#removeAside(path: RelPath, entry: Entry): Steps {
    try {
      removeEntry(this.#destinations.open(parentPath(path)), baseName(path), entry.kind);
    } catch {
      this.#context.outcome.leftBehind(parentPath(path));
    }
    yield;
  }

  *#checked(held: Held, work: () => Steps | void): Steps {
    if (this.#isBelowFailed(held.action.path)) return;
    try {
      const steps = work();
      if (steps !== undefined) yield* steps;
    } catch (thrown) {
      const error = asSyncError(thrown);
      if (error.code === "no-space" || error.code === "internal") throw atPath(error, held.action.path);
      this.#fail(held, error);
    }
  }

  /** In the middle of the switch nothing ends it. */
  #try(held: Held, work: () => void): boolean {
    try {
      work();
      return true;
    } catch (thrown) {
      this.#fail(held, asSyncError(thrown));
      return false;
    }
  }

  #fail({ action: { path }, temporary }: Held, error: SyncError): void {
    this.#failed.add(path);
    this.#context.failed(path, atPath(error, path));
    if (temporary === undefined) this.#removeInside(path);
  }

  /** A file that is not right is left out of the new directory that it is in. */
  #removeInside(path: RelPath): void {
    const at = this.#context.staging?.locate(path) ?? path;
    if (at === path) return;
    try {
      const directory = this.#context.destination.open(parentPath(at));
      try {
        directory.removeFile(baseName(at));
      } finally {
        directory.close();
      }
    } catch {
      // It was told already; the next run writes it anew.
    }
  }

  #isBelowFailed(path: RelPath): boolean {
    if (this.#failed.size === 0) return false;
    for (let at = path; at !== ""; at = parentPath(at)) if (this.#failed.has(at)) return true;
    return false;
  }

  /** Directories that their owner may not change are opened up for the switch. */
  #openUp(): void {
    for (const directory of new Set(this.#waiting.map(({ action }) => parentPath(action.path)))) {
      this.#withMode(directory, (opened, mode) => {
        if ((mode & OWNER_MAY_CHANGE) === OWNER_MAY_CHANGE) return;
        opened.setMetadata(undefined, { mode: mode | OWNER_MAY_CHANGE });
        this.#opened.set(directory, mode);
      });
    }
  }

  #closeAgain(): void {
    for (const [directory, mode] of this.#opened) {
      this.#withMode(directory, (opened) => opened.setMetadata(undefined, { mode }));
    }
  }

  #withMode(path: RelPath, work: (opened: Directory, mode: number) => void): void {
    try {
      const directory = this.#destinations.open(path);
      work(directory, directory.entry().mode);
    } catch {
      // What follows from it is told of the entries.
    }
  }
}

/**
 * Removes what waits and will not be switched. What cannot be removed is swept by the next run.
 *
 * @param context Surroundings.
 * @param held What waits.
 * @param walk How a tree is walked.
 * @returns Steps.
 */
export function* discardStaged(context: ApplyContext, held: readonly Held[], walk: WalkBelow): Steps {
  const groups = new Map<RelPath, Waiting[]>();
  for (const each of held) {
    if (!isWaiting(each)) continue;
    const directory = parentPath(each.action.path);
    const group = groups.get(directory);
    if (group === undefined) groups.set(directory, [each]);
    else group.push(each);
  }
  for (const [path, group] of groups) yield* discardIn(context, path, group, walk);
}

function* discardIn(context: ApplyContext, path: RelPath, group: readonly Waiting[], walk: WalkBelow): Steps {
  let directory: Directory | undefined;
  try {
    directory = context.destination.open(path);
    const { xattrs } = context.rules;
    const before = directory.entry();
    const whole = xattrs === undefined ? before : { ...before, xattrs: directory.xattrs(undefined, xattrs) };
    yield* changeUnseen(context, directory, whole, removeWaiting(context, path, group, walk));
  } catch {
    // What is left is swept by the next run.
  } finally {
    directory?.close();
  }
}

function* removeWaiting(
  context: ApplyContext,
  path: RelPath,
  group: readonly Waiting[],
  walk: WalkBelow,
): Steps<boolean> {
  for (const { action: { op, want }, temporary } of group) {
    const entry = op === "create-directory" ? want : { ...want, kind: "file" } as const;
    yield* removeTree(context.destination, childPath(path, temporary), entry, walk, { removed() {}, failed() {} });
  }
  return true;
}

function isWaiting(held: Held): held is Waiting {
  return held.temporary !== undefined;
}

function byRank(a: Held, b: Held): number {
  return rank(a) - rank(b) || comparePaths(a.action.path, b.action.path);
}

function rank({ action: { have, want } }: Held): number {
  return have === undefined ? 0 : want.kind === "symlink" ? 2 : 1;
}

/** The file of the source must be the one that was copied. */
function requireSame(sources: LastDirectory, { action, copied }: Held): void {
  if (copied === undefined) return;
  const now = sources.open(parentPath(action.path)).lookup(baseName(action.path));
  const isSame = now?.kind === "file" && now.size === copied.size && now.mtimeSeconds === copied.mtimeSeconds &&
    now.mtimeNanoseconds === copied.mtimeNanoseconds;
  if (isSame) return;
  const name = printable(baseName(action.path));
  throw new SyncError("changed-while-read", `Cannot switch "${name}": it changed in the source after it was copied`, {
    path: action.path,
    hint: "run again when it is at rest",
  });
}
