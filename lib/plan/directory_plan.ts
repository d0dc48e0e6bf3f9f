/**
 * What has to be done in one directory. Two listings go in, actions come out, in byte order of the names; an entry that
 * did not change leaves no trace. Nothing is read here but the listings, except that file contents are compared through
 * a function that the caller gives.
 *
 * Entries with several hard links are not decided here, since the other names may be in other directories: they are
 * handed on as candidates (`plan/hard_links.ts`).
 *
 * @module
 */
import { compareNames } from "../bytes/name.ts";
import type { CompareRules } from "../compare/rules.ts";
import type { SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { childPath, type RelPath } from "../model/rel_path.ts";
import type { Action, Change } from "./action.ts";
import type { ChoiceRules } from "./choice.ts";
import type { SharedEntries } from "./shared_entries.ts";

/** Which entries a task carries at all. */
export interface Carried {
  /** Symlinks as they are. */
  readonly symlinks: boolean;
  /** FIFOs and sockets. */
  readonly specials: boolean;
  /** Block and character devices. */
  readonly devices: boolean;
  /** Hard links as hard links. */
  readonly hardLinks: boolean;
}

/** Everything that decides about one directory, the same for a whole run. */
export interface PlanRules {
  /** What counts as a difference. */
  readonly compare: CompareRules;
  /** Which entries are carried. */
  readonly carried: Carried;
  /** Whether extraneous entries are removed. */
  readonly deletes: boolean;
  /** Whether entries are removed from the source once the destination has them. @default {false} */
  readonly removesSources?: boolean;
  /** Whether a file with several names is written anew when its metadata differ: others may have one of them.
   * @default {false} */
  readonly detaches?: boolean;
  /** What is left alone or written whatever differs; absent when differences alone decide. */
  readonly choice?: ChoiceRules | undefined;
}

/** A directory below this one that has to be visited. */
export interface Child {
  /** Its name. */
  readonly name: string;
  /** Whether the destination has nothing there, so there is nothing to list. */
  readonly fresh: boolean;
  /** Whether its own metadata has to be set after what is in it. */
  readonly settle: boolean;
}

/** An entry that may share its inode with others. */
export interface LinkCandidate {
  /** Path of the entry. */
  readonly path: RelPath;
  /** Device and inode at the source. */
  readonly identity: string;
  /** Device and inode at the destination, when something of the same kind is there. */
  readonly existing: string | undefined;
  /** What would be done with it alone; `undefined` when it is up to date. */
  readonly alone: Change | undefined;
  /** Its metadata. */
  readonly want: Entry;
  /** What is there now. */
  readonly have: Entry | undefined;
}

/** An entry that cannot be judged. */
export interface Problem {
  /** Path of the entry. */
  readonly path: RelPath;
  /** Why. */
  readonly error: SyncError;
  /** Where it could not be read. */
  readonly side: "source" | "destination";
}

/** An entry that is to go, with all below it. */
export interface Extraneous {
  /** Where it is. */
  readonly path: RelPath;
  /** What it is. */
  readonly have: Entry;
  /** Whether the source has nothing of that name, or something that takes no part. */
  readonly reason: "extraneous" | "excluded";
}

/** An entry that goes from the source once the destination has it. */
export interface Moving {
  /** Where it is. */
  readonly path: RelPath;
  /** What the source has. */
  readonly want: Entry;
  /** Device and inode at the source. */
  readonly identity: string;
  /** Whether the destination has it as it is. */
  readonly arrived: boolean;
  /** Whether size and time prove nothing, so that the contents have to be compared before it goes. */
  readonly isUnproven: boolean;
}

/** Entries that the task leaves out by its own rules, by kind. */
export type SkipCounts = { symlinks: number; specials: number; devices: number };

/** The plan for one directory. */
export interface DirectoryPlan {
  /** The directory. */
  readonly path: RelPath;
  /** Changes in it and leftovers to sweep, in byte order. */
  readonly actions: Action[];
  /** Entries that the source does not have; what is below them is not listed. */
  readonly extraneous: Extraneous[];
  /** Directories to visit, in byte order. */
  readonly children: Child[];
  /** Entries with several links. */
  readonly linked: LinkCandidate[];
  /** Entries that go from the source, when that is asked for. */
  readonly moving: Moving[];
  /** Entries that could not be read. */
  readonly problems: Problem[];
  /** Entries that were left out. */
  readonly skipped: SkipCounts;
  /** Files that become further names of those of a basis; they are not among the actions. @default {none} */
  shared?: SharedEntries | undefined;
}

/**
 * An empty plan.
 *
 * @param path The directory.
 * @returns A plan to add to.
 */
export function emptyPlan(path: RelPath): DirectoryPlan {
  return {
    path,
    actions: [],
    extraneous: [],
    children: [],
    linked: [],
    moving: [],
    problems: [],
    skipped: { symlinks: 0, specials: 0, devices: 0 },
  };
}

/**
 * Puts everything in a plan in byte order of its names.
 *
 * @param plan The plan; changed in place.
 */
export function sortPlan(plan: DirectoryPlan): void {
  plan.actions.sort((a, b) => compareNames(a.path, b.path));
  plan.extraneous.sort((a, b) => compareNames(a.path, b.path));
  plan.children.sort((a, b) => compareNames(a.name, b.name));
}

/**
 * Whether a plan changes anything in its directory.
 *
 * @param plan The plan.
 * @returns `false` when the directory is as it should be, whatever is below it.
 */
export function hasWork(plan: DirectoryPlan): boolean {
  return plan.actions.length > 0 || plan.extraneous.length > 0 || plan.shared !== undefined;
}

/**
 * Path of an entry of the planned directory.
 *
 * @param plan The plan.
 * @param name Name of the entry.
 * @returns Its path from the root.
 */
export function pathIn(plan: DirectoryPlan, name: string): RelPath {
  return childPath(plan.path, name);
}
