/**
 * Finds what was only renamed: an entry that is missing at the destination and is there under another name that the
 * source does not have. It is given its new name instead of being copied. Files are taken for the same when size and
 * time agree and, unless that is trusted, their contents; directories when their files are.
 *
 * A plan is rewritten action by action. No entry is moved onto another one: what is there under both names, as after a
 * swap, is not missing and is copied. Steps inside a directory that is moved name everything by its new path; they come
 * after the move, since a plan has directories before what is in them, and removals last.
 *
 * @module
 */
import type { Entry } from "../model/entry.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Action, Change, Delete, Move, Reason } from "./action.ts";
import type { PlanRules } from "./directory_plan.ts";
import { changeBetween } from "./entry_change.ts";
import { MovedDirectories, type MovedDirectory } from "./moved_directories.ts";
import { type Creation, isCreation, MoveEnds } from "./move_ends.ts";
import { creationOf } from "./plan_directory.ts";

/** What has to be asked of the two trees. */
export interface MoveWorld {
  /** An entry of the destination with its target and attributes. */
  whole(old: RelPath, have: Entry): Entry;
  /** Whether a file of the destination has further names. */
  isTied(old: RelPath): boolean;
  /** Whether the source has anything there. */
  sourceHas(path: RelPath): boolean;
  /** Whether a file of the source and one of the destination hold the same bytes. */
  sameContent(path: RelPath, old: RelPath): Steps<boolean>;
}

/** How moves are found. */
export interface MoveInit {
  /** The plan, in its order; all of it is remembered that makes or removes something. */
  readonly actions: Iterable<Action>;
  /** What counts as a difference. */
  readonly rules: PlanRules;
  /** Whether size and time are enough. */
  readonly trusted: boolean;
  /** The two trees. */
  readonly world: MoveWorld;
}

/** Files that are compared for one that is missing. */
const MOST_COMPARED = 4;

/**
 * Finds the moves of a plan.
 *
 * @param init The plan, and how it is looked at.
 * @returns Steps; the result rewrites the plan.
 */
export function* findMoves(init: MoveInit): Steps<MoveRewriter> {
  const rewriter = new MoveRewriter(init);
  yield* rewriter.find();
  return rewriter;
}

/** Bytes and entries that come with a directory. */
interface Gain {
  entries: number;
  bytes: number;
}

/** Rewrites a plan, one action after the other. */
export class MoveRewriter {
  readonly #rules: PlanRules;
  readonly #trusted: boolean;
  readonly #world: MoveWorld;
  readonly #ends: MoveEnds;
  readonly #directories: MovedDirectories;
  /** What becomes of the actions that make something; `undefined` when nothing is left to do. */
  readonly #rewritten = new Map<RelPath, Action | undefined>();
  /** Old names that are taken over by a new one. */
  readonly #taken = new Set<RelPath>();
  readonly #gains = new Map<MovedDirectory, Gain>();

  /** Looks at all actions, and finds the directories. */
  constructor({ actions, rules, trusted, world }: MoveInit) {
    this.#rules = rules;
    this.#trusted = trusted;
    this.#world = world;
    this.#ends = new MoveEnds(actions);
    this.#directories = new MovedDirectories(this.#ends);
  }

  /** Whether there is anything to rewrite. */
  get hasMoves(): boolean {
    return this.#taken.size > 0;
  }

  /** Decides about every entry. */
  *find(): Steps {
    for (const moved of this.#directories.all) {
      this.#gains.set(moved, { entries: 1, bytes: 0 });
      this.#taken.add(moved.old);
    }
    for (const creation of this.#ends.creations.values()) yield* this.#findInside(creation);
    // Who has kept its name comes before all others.
    for (const named of [true, false]) {
      for (const creation of this.#ends.creations.values()) yield* this.#findFile(creation, named);
    }
    for (const moved of this.#directories.all) this.#moveDirectory(moved);
  }

  /**
   * What becomes of an action.
   *
   * @param action An action of the plan.
   * @returns The action in its place, or `undefined` when nothing is left to do.
   */
  rewrite(action: Action): Action | undefined {
    if (isCreation(action)) return this.#rewritten.has(action.path) ? this.#rewritten.get(action.path) : action;
    return action.op === "delete" && this.#ends.removals.has(action.path) ? this.#rewriteRemoval(action) : action;
  }

  /** What nobody takes over is removed from where it has come to. */
  #rewriteRemoval(action: Delete): Delete | undefined {
    if (this.#taken.has(action.path)) return undefined;
    const path = this.#directories.arrived(action.path);
    if (path === action.path) return action;
    // The source may have something of that name that takes no part.
    const reasons: readonly Reason[] = this.#world.sourceHas(path) ? ["excluded"] : action.reasons;
    return { ...action, path, reasons };
  }

  /** An entry that comes to its place with its directory. */
  *#findInside(creation: Creation): Steps {
    const { path, want } = creation;
    const old = this.#directories.counterpart(path);
    if (old === undefined || this.#taken.has(old)) return;
    const have = this.#world.whole(old, this.#ends.removals.get(old)!);
    this.#taken.add(old);
    if (have.kind === "file") this.#ends.take(old);
    const left = yield* this.#whatIsLeft(creation, old, have);
    this.#rewritten.set(path, left);
    if (left !== undefined && left.op !== "set-metadata") return;
    const gain = this.#gains.get(this.#directories.around(path)!)!;
    gain.entries++;
    if (want.kind === "file") gain.bytes += want.size;
  }

  *#whatIsLeft(creation: Creation, old: RelPath, have: Entry): Steps<Change | undefined> {
    const { path, want } = creation;
    if (creation.op === "link") return { ...creation, have, reasons: ["link"] };
    const change = changeBetween(path, want, have, this.#rules);
    if (want.kind !== "file" || have.kind !== "file") return change;
    if (this.#world.isTied(old)) return { op: creationOf(want), path, want, have, reasons: ["link"] };
    if (change !== undefined && change.op !== "set-metadata") return change;
    if (yield* this.#isSame(path, old)) return change;
    return { op: "write-file", path, want, have, reasons: ["content"] };
  }

  /** A file that is somewhere else; one without content is as quickly made anew. */
  *#findFile(creation: Creation, named: boolean): Steps {
    const { path, op, want } = creation;
    if (op !== "write-file" || want.size === 0 || this.#rewritten.has(path)) return;
    // It is in another tree that it need not be copied from, either.
    if (creation.basis !== undefined) return;
    const outer = this.#directories.around(path);
    let compared = 0;
    for (const old of this.#ends.alike(path, want, named)) {
      if (this.#taken.has(old) || !this.#directories.mayEnter(old, outer)) continue;
      const have = this.#world.whole(old, this.#ends.removals.get(old)!);
      const change = changeBetween(path, want, have, { ...this.#rules, choice: undefined });
      if ((change !== undefined && change.op !== "set-metadata") || this.#world.isTied(old)) continue;
      if (++compared > MOST_COMPARED) return;
      if (!(yield* this.#isSame(path, old))) continue;
      this.#taken.add(old);
      this.#ends.take(old);
      const reasons = ["moved" as const, ...(change?.reasons ?? [])];
      const from = this.#directories.arrived(old);
      const move: Move = { op: "move", path, from, want, have, entries: 1, bytes: want.size, reasons };
      this.#rewritten.set(path, move);
      return;
    }
  }

  *#isSame(path: RelPath, old: RelPath): Steps<boolean> {
    if (this.#trusted) return true;
    yield;
    return yield* this.#world.sameContent(path, old);
  }

  #moveDirectory(moved: MovedDirectory): void {
    const { path, old } = moved;
    const { want } = this.#ends.creations.get(path)!;
    const have = this.#world.whole(old, this.#ends.removals.get(old)!);
    const change = changeBetween(path, want, have, this.#rules);
    const reasons = ["moved" as const, ...(change?.reasons ?? [])];
    const from = this.#directories.fromOf(moved);
    this.#rewritten.set(path, { op: "move", path, from, want, have, ...this.#gains.get(moved)!, reasons });
  }
}
