/**
 * Finds files that only have another name: one that was added and one that was removed are the same when they are one
 * inode, or when size, time and content agree.
 *
 * @module
 */
import type { Entry } from "../model/entry.ts";
import { baseName, type RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { TreeChange } from "./tree_change.ts";

/** An entry that only one of two trees has. */
export interface Lone {
  /** Where it is. */
  readonly path: RelPath;
  /** What it is. */
  readonly entry: Entry;
  /** Device and inode. */
  readonly identity: string;
}

/** Compares the contents of two files of equal size. */
export type SameFile = (removed: RelPath, added: RelPath) => Steps<boolean>;

/** Files that are compared for one that was added. */
const MOST_COMPARED = 4;

/**
 * Takes additions and removals together that are moves.
 *
 * @param removed What only the earlier tree has.
 * @param added What only the later tree has.
 * @param sameFile Compares contents; it is asked only where size and time agree.
 * @param reasonsOf In what two entries differ beside their names.
 * @returns Steps; the result has a change for every entry, in no order.
 */
export function* withMoves(
  removed: readonly Lone[],
  added: readonly Lone[],
  sameFile: SameFile,
  reasonsOf: (before: Lone, after: Lone) => (TreeChange & { change: "moved" })["reasons"],
): Steps<TreeChange[]> {
  const candidates = new Candidates(removed);
  const changes: TreeChange[] = [];
  const left: Lone[] = [];
  const move = (before: Lone, after: Lone): void => {
    candidates.take(before);
    const { path, entry } = after;
    const reasons = reasonsOf(before, after);
    changes.push({ change: "moved", path, from: before.path, before: before.entry, after: entry, reasons });
  };
  // What is one inode is sure, and comes before all that only looks alike.
  for (const lone of added) {
    const same = candidates.ofIdentity(lone);
    if (same === undefined) left.push(lone);
    else move(same, lone);
  }
  for (const lone of left) {
    const same = yield* findAlike(candidates, lone, sameFile);
    if (same === undefined) changes.push({ change: "added", path: lone.path, after: lone.entry });
    else move(same, lone);
  }
  for (const { path, entry } of removed.filter((each) => !candidates.isTaken(each))) {
    changes.push({ change: "removed", path, before: entry });
  }
  return changes;
}

function* findAlike(candidates: Candidates, lone: Lone, sameFile: SameFile): Steps<Lone | undefined> {
  for (const candidate of candidates.alike(lone).slice(0, MOST_COMPARED)) {
    yield;
    if (yield* sameFile(candidate.path, lone.path)) return candidate;
  }
  return undefined;
}

/** What was removed, by what finds it again. */
class Candidates {
  readonly #byIdentity = new Map<string, Lone[]>();
  readonly #byLook = new Map<string, Lone[]>();
  readonly #taken = new Set<Lone>();

  constructor(removed: readonly Lone[]) {
    for (const lone of removed) {
      if (!mayMove(lone)) continue;
      addTo(this.#byIdentity, lone.identity, lone);
      addTo(this.#byLook, lookOf(lone), lone);
    }
  }

  take(lone: Lone): void {
    this.#taken.add(lone);
  }

  isTaken(lone: Lone): boolean {
    return this.#taken.has(lone);
  }

  ofIdentity(added: Lone): Lone | undefined {
    return mayMove(added) ? this.#byIdentity.get(added.identity)?.find((each) => !this.#taken.has(each)) : undefined;
  }

  /** Those that look alike, those of the same last name first. */
  alike(added: Lone): Lone[] {
    if (!mayMove(added)) return [];
    const free = (this.#byLook.get(lookOf(added)) ?? []).filter((each) => !this.#taken.has(each));
    const hasName = ({ path }: Lone) => baseName(path) === baseName(added.path);
    return [...free.filter(hasName), ...free.filter((each) => !hasName(each))];
  }
}

/** Files without content are all alike. */
function mayMove({ entry }: Lone): boolean {
  return entry.kind === "file" && entry.size > 0;
}

function lookOf({ entry }: Lone): string {
  return `${entry.size} ${entry.mtimeSeconds} ${entry.mtimeNanoseconds}`;
}

function addTo(map: Map<string, Lone[]>, key: string, lone: Lone): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [lone]);
  else list.push(lone);
}
