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
  /** An interrupted run left it. */
  | "leftover"
  | Difference;

/** Makes a directory; its metadata is set when everything in it is done. */
export interface CreateDirectory {
  readonly op: "create-directory";
  readonly path: RelPath;
  readonly want: Entry;
  /** What is in its place now, if anything. */
  readonly have?: Entry;
  readonly reasons: readonly Reason[];
}

/** Writes a regular file under a temporary name and renames it into place. */
export interface WriteFile {
  readonly op: "write-file";
  readonly path: RelPath;
  readonly want: Entry;
  readonly have?: Entry;
  readonly reasons: readonly Reason[];
}

/** Makes a symlink. */
export interface CreateSymlink {
  readonly op: "create-symlink";
  readonly path: RelPath;
  readonly want: Entry;
  readonly have?: Entry;
  readonly reasons: readonly Reason[];
}

/** Makes a FIFO, socket or device. */
export interface CreateSpecial {
  readonly op: "create-special";
  readonly path: RelPath;
  readonly want: Entry;
  readonly have?: Entry;
  readonly reasons: readonly Reason[];
}

/** Makes a path another name of a file of the destination. */
export interface LinkFile {
  readonly op: "link";
  readonly path: RelPath;
  /** The file that gets one more name, below the same root. */
  readonly to: RelPath;
  readonly want: Entry;
  readonly have?: Entry;
  readonly reasons: readonly Reason[];
}

/** Sets permissions, owner, group, times or attributes of an entry whose content is right. */
export interface SetMetadata {
  readonly op: "set-metadata";
  readonly path: RelPath;
  readonly want: Entry;
  readonly have: Entry;
  readonly reasons: readonly Reason[];
}

/** Removes one entry that the source does not have. */
export interface Delete {
  readonly op: "delete";
  readonly path: RelPath;
  readonly have: Entry;
  readonly reasons: readonly Reason[];
}

/** Removes what an interrupted run left. */
export interface Sweep {
  readonly op: "sweep";
  readonly path: RelPath;
  readonly have: Entry;
  readonly reasons: readonly Reason[];
}

/** One step of a plan. */
export type Action =
  | CreateDirectory
  | WriteFile
  | CreateSymlink
  | CreateSpecial
  | LinkFile
  | SetMetadata
  | Delete
  | Sweep;

/** Kinds of steps. */
export type Operation = Action["op"];

/** Steps that make or change an entry that the source has. */
export type Change = Exclude<Action, Delete | Sweep>;
