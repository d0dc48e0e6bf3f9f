/**
 * The steps of a plan. An action is plain data that names everything it touches: what it wants, what it expects to
 * find, and why. `plan/` makes actions, `apply/` carries them out, `report/` shows them.
 *
 * @module
 */
import type { Difference } from "../compare/differences.ts";
import type { Entry } from "../model/entry.ts";
import type { RelPath } from "../model/rel_path.ts";

/** Why an action is in a plan. */
export type Reason =
  /** There is nothing of that name at the destination. */
  | "missing"
  /** What is there is of another kind. */
  | "kind"
  /** The destination is not another name of the same file. */
  | "link"
  /** The source has nothing of that name. */
  | "extraneous"
  /** What the source has of that name takes no part. */
  | "excluded"
  /** An interrupted run left it. */
  | "leftover"
  /** The destination has it by then. */
  | "arrived"
  /** The destination has it under another name, which the source does not have. */
  | "moved"
  | Difference;

/** What all steps have. */
export interface Step {
  /** The entry, from the root of the destination. */
  readonly path: RelPath;
  /** Why, in the order in which it was decided; never empty. */
  readonly reasons: readonly Reason[];
}

/** A step that gives an entry of the source its counterpart. */
export interface Making extends Step {
  /** What the source has. */
  readonly want: Entry;
  /** What is in its place now, if anything. */
  readonly have?: Entry;
}

/** Makes a directory; its metadata is set when everything in it is done. */
export interface CreateDirectory extends Making {
  /** Tells this step from others. */
  readonly op: "create-directory";
}

/** A file in one of the other trees that were given with `copyDest` or `linkDest`. */
export interface Basis {
  /** Which of the trees, from 0. */
  readonly index: number;
  /** What is there. */
  readonly found: Entry;
  /** Whether it gets one more name, instead of being copied. */
  readonly links: boolean;
}

/** Writes a regular file where nobody sees it, and puts it into place when it is complete. */
export interface WriteFile extends Making {
  /** Tells this step from others. */
  readonly op: "write-file";
  /** Where else the file is, under the same path, when it is not to be copied from the source. */
  readonly basis?: Basis;
}

/** Makes a symlink. */
export interface CreateSymlink extends Making {
  /** Tells this step from others. */
  readonly op: "create-symlink";
}

/** Makes a FIFO, socket or device. */
export interface CreateSpecial extends Making {
  /** Tells this step from others. */
  readonly op: "create-special";
}

/** Makes a path another name of a file of the destination. */
export interface LinkFile extends Making {
  /** Tells this step from others. */
  readonly op: "link";
  /** The file that gets one more name, below the same root. */
  readonly to: RelPath;
  /** What is there now, when it is right as it is and no other step names it. */
  readonly toHave?: Entry;
}

/** Sets permissions, owner, group, times or attributes of an entry whose content is right. */
export interface SetMetadata extends Step {
  /** Tells this step from others. */
  readonly op: "set-metadata";
  /** What the source has. */
  readonly want: Entry;
  /** What the destination has. */
  readonly have: Entry;
}

/**
 * Gives an entry that is right, or nearly, its new name: a directory with all that is in it. What differs then is done
 * by steps of their own, which name everything in it by its new path.
 */
export interface Move extends Step {
  /** Tells this step from others. */
  readonly op: "move";
  /** Where it is when the turn comes to this step. */
  readonly from: RelPath;
  /** What the source has. */
  readonly want: Entry;
  /** What the destination has under the old name. */
  readonly have: Entry;
  /** How many entries come along, itself included. */
  readonly entries: number;
  /** Bytes of content that need not be copied. */
  readonly bytes: number;
}

/** Removes one entry that the source does not have. */
export interface Delete extends Step {
  /** Tells this step from others. */
  readonly op: "delete";
  /** What the destination has. */
  readonly have: Entry;
}

/** Removes what an interrupted run left. */
export interface Sweep extends Step {
  /** Tells this step from others. */
  readonly op: "sweep";
  /** What the destination has. */
  readonly have: Entry;
}

/** Removes an entry from the source, when the destination has it after all else. */
export interface RemoveSource extends Step {
  /** Tells this step from others. */
  readonly op: "remove-source";
  /** What the source has. */
  readonly want: Entry;
  /** Never there: what the destination has is looked at when its turn comes. */
  readonly have?: undefined;
}

/** One step of a plan. */
export type Action =
  | CreateDirectory
  | WriteFile
  | CreateSymlink
  | CreateSpecial
  | LinkFile
  | SetMetadata
  | Move
  | Delete
  | Sweep
  | RemoveSource;

/** Kinds of steps. */
export type Operation = Action["op"];

/** Steps that make or change an entry that the source has. */
export type Change = Exclude<Action, Delete | Sweep | RemoveSource>;
