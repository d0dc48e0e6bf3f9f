/**
 * What a plan makes and what it removes, put together so that moves can be found: an entry that is missing under one
 * name, and extraneous under another.
 *
 * @module
 */
import type { Entry } from "../model/entry.ts";
import { baseName, comparePaths, parentPath, type RelPath, ROOT } from "../model/rel_path.ts";
import type { Action, Making, Operation } from "./action.ts";

/** A step that makes an entry of which the destination has nothing yet. */
export type Creation = Extract<Action, Making>;

/** Old places that are looked at for one new one. */
const MOST_LOOKED_AT = 16;

/** See the module comment. */
export class MoveEnds {
  /** What is made where nothing is, in the order of the plan. */
  readonly creations: Map<RelPath, Creation> = new Map();
  /** What is removed because the source does not have it, without what goes with something that takes its place. */
  readonly removals: Map<RelPath, Entry> = new Map();
  readonly #replaced = new Set<RelPath>();
  readonly #byLook = new Map<string, RelPath[]>();

  /** Takes all actions of a plan, in its order. */
  constructor(actions: Iterable<Action>) {
    for (const action of actions) this.#add(action);
    if (this.#replaced.size > 0) this.#leaveOutReplaced();
    const files = [...this.removals].filter(([, { kind }]) => kind === "file").map(([path]) => path);
    for (const path of files.sort(comparePaths)) this.#addLook(path, this.removals.get(path)!);
  }

  /** Some files that are removed and look the same: those of the same name, or any. */
  alike(path: RelPath, want: Entry, named: boolean): readonly RelPath[] {
    const found = this.#byLook.get(named ? `${lookOf(want)}/${baseName(path)}` : lookOf(want));
    return found === undefined ? [] : found.slice(0, MOST_LOOKED_AT);
  }

  /** Says that a file has found its new place. */
  take(path: RelPath): void {
    const look = lookOf(this.removals.get(path)!);
    for (const key of [look, `${look}/${baseName(path)}`]) {
      const found = this.#byLook.get(key) ?? [];
      const at = found.indexOf(path);
      if (at >= 0) found.splice(at, 1);
    }
  }

  #add(action: Action): void {
    if (action.op === "delete") {
      if (action.reasons.includes("extraneous")) this.removals.set(action.path, action.have);
      return;
    }
    if (action.have?.kind === "directory" && "want" in action && action.want.kind !== "directory") {
      this.#replaced.add(action.path);
    }
    if (isCreation(action)) this.creations.set(action.path, action);
  }

  /** What is below a directory that gives way to something else is moved aside with it. */
  #leaveOutReplaced(): void {
    for (const path of this.removals.keys()) {
      for (let at = parentPath(path); at !== ROOT; at = parentPath(at)) {
        if (this.#replaced.has(at)) this.removals.delete(path);
      }
    }
  }

  #addLook(path: RelPath, have: Entry): void {
    const look = lookOf(have);
    for (const key of [look, `${look}/${baseName(path)}`]) {
      const found = this.#byLook.get(key);
      if (found === undefined) this.#byLook.set(key, [path]);
      else found.push(path);
    }
  }
}

/**
 * Whether an action makes an entry where nothing is.
 *
 * @param action Any action.
 * @returns Whether it may become a move.
 */
export function isCreation(action: Action): action is Creation {
  return CREATING.includes(action.op) && action.have === undefined && action.path !== ROOT;
}

const CREATING: readonly Operation[] = ["create-directory", "write-file", "create-symlink", "create-special", "link"];

/** What two files have in common that may be one; fractions of a second are compared later, with a tolerance. */
function lookOf({ size, mtimeSeconds }: Entry): string {
  return `${size}:${mtimeSeconds}`;
}
