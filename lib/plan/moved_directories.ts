/**
 * Which directories were renamed: a missing one whose files are, under the same names below, in an extraneous one. Each
 * file votes for the pairs of directories that would explain where it is; the pair with most votes wins, if it explains
 * at least half of what either of them holds.
 *
 * @module
 */
import { baseName, comparePaths, parentPath, type RelPath, ROOT } from "../model/rel_path.ts";
import type { MoveEnds } from "./move_ends.ts";

/** A directory that gets a new name. */
export interface MovedDirectory {
  /** The new one. */
  readonly path: RelPath;
  /** The old one, as the destination has it before anything is changed. */
  readonly old: RelPath;
}

/** The renamed directories of a plan. */
export class MovedDirectories {
  readonly #ends: MoveEnds;
  readonly #byPath = new Map<RelPath, MovedDirectory>();
  readonly #byOld = new Map<RelPath, MovedDirectory>();

  /** Finds them. */
  constructor(ends: MoveEnds) {
    this.#ends = ends;
    const votes = votesOf(ends);
    const made = countBelow(ends.creations.keys(), (path) => ends.creations.get(path)?.op === "write-file");
    const gone = countBelow(ends.removals.keys(), (path) => ends.removals.get(path)?.kind === "file");
    for (const [path, { want }] of ends.creations) {
      if (want.kind !== "directory" || this.counterpart(path) !== undefined) continue;
      const best = this.#best(path, votes.get(path));
      if (best === undefined) continue;
      const count = votes.get(path)!.get(best)!;
      if (count * 2 >= Math.max(made.get(path) ?? 0, gone.get(best) ?? 0)) this.#accept({ path, old: best });
    }
  }

  /** All of them by their new names, those above others first. */
  get all(): Iterable<MovedDirectory> {
    return this.#byPath.values();
  }

  /** The innermost renamed directory that a new name is in, or is. */
  around(path: RelPath): MovedDirectory | undefined {
    return nearest(this.#byPath, path);
  }

  /** The innermost renamed directory that an old name is in, or is. */
  aroundOld(old: RelPath): MovedDirectory | undefined {
    return nearest(this.#byOld, old);
  }

  /** What comes to a new place with its directory, by its old name; `undefined` when nothing does. */
  counterpart(path: RelPath): RelPath | undefined {
    const moved = this.around(path);
    if (moved === undefined) return undefined;
    const old = exchangePrefix(path, moved.path, moved.old);
    // What is in another renamed directory goes elsewhere.
    return this.#ends.removals.has(old) && this.aroundOld(old) === moved ? old : undefined;
  }

  /** Whether an entry may get a new name within a renamed directory, or outside of all: nothing leaves one. */
  mayEnter(old: RelPath, outer: MovedDirectory | undefined): boolean {
    const around = this.aroundOld(old);
    return around === undefined || around === outer;
  }

  /** Where an old name is once all directories above its renamed one have their new names. */
  arrived(old: RelPath): RelPath {
    const moved = this.aroundOld(old);
    return moved === undefined ? old : exchangePrefix(old, moved.old, moved.path);
  }

  /** Where a renamed directory is when its own turn comes: the ones around it have their new names already. */
  fromOf({ old }: MovedDirectory): RelPath {
    const outer = nearest(this.#byOld, parentPath(old));
    return outer === undefined ? old : exchangePrefix(old, outer.old, outer.path);
  }

  /** Nested ones stay together: a directory does not leave one that is renamed itself. */
  #best(path: RelPath, votes: ReadonlyMap<RelPath, number> | undefined): RelPath | undefined {
    if (votes === undefined) return undefined;
    const outer = this.around(path);
    const olds = [...votes.keys()].filter((old) => this.mayEnter(old, outer) && !this.#holdsMoved(old));
    const rank = (old: RelPath) => -(votes.get(old)! * 2 + (baseName(old) === baseName(path) ? 1 : 0));
    return olds.sort((a, b) => rank(a) - rank(b) || comparePaths(a, b))[0];
  }

  #holdsMoved(old: RelPath): boolean {
    for (const other of this.#byOld.keys()) if (other === old || other.startsWith(`${old}/`)) return true;
    return this.#isCounterpart(old);
  }

  /** Whether an old directory is wanted where it comes to with the one around it. */
  #isCounterpart(old: RelPath): boolean {
    const moved = this.aroundOld(old);
    return moved !== undefined && this.#ends.creations.has(exchangePrefix(old, moved.old, moved.path));
  }

  #accept(moved: MovedDirectory): void {
    this.#byPath.set(moved.path, moved);
    this.#byOld.set(moved.old, moved);
  }
}

/** For each missing directory, the extraneous ones that its files may be from, with the number of files. */
function votesOf(ends: MoveEnds): Map<RelPath, Map<RelPath, number>> {
  const votes = new Map<RelPath, Map<RelPath, number>>();
  for (const [path, { op, want }] of ends.creations) {
    if (op !== "write-file") continue;
    for (const old of ends.alike(path, want, true)) {
      let [mine, theirs] = [parentPath(path), parentPath(old)];
      while (ends.creations.has(mine) && ends.removals.has(theirs)) {
        const olds = votes.get(mine) ?? new Map<RelPath, number>();
        votes.set(mine, olds.set(theirs, (olds.get(theirs) ?? 0) + 1));
        if (baseName(mine) !== baseName(theirs)) break;
        [mine, theirs] = [parentPath(mine), parentPath(theirs)];
      }
    }
  }
  return votes;
}

function countBelow(paths: Iterable<RelPath>, isCounted: (path: RelPath) => boolean): Map<RelPath, number> {
  const counts = new Map<RelPath, number>();
  for (const path of paths) {
    if (!isCounted(path)) continue;
    for (let at = parentPath(path); at !== ROOT; at = parentPath(at)) counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return counts;
}

function nearest(of: ReadonlyMap<RelPath, MovedDirectory>, path: RelPath): MovedDirectory | undefined {
  if (of.size === 0) return undefined;
  for (let at = path; at !== ROOT; at = parentPath(at)) {
    const found = of.get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function exchangePrefix(path: RelPath, prefix: RelPath, other: RelPath): RelPath {
  return (other + path.slice(prefix.length)) as RelPath;
}
