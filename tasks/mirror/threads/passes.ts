/**
 * The passes over the directories of a run, and what a pass knows of a directory before it is opened.
 *
 * @module
 */
import type { Child } from "../../../lib/plan/directory_plan.ts";
import type { Pending } from "../../../lib/scan/frontier.ts";

/** Passes over the directories of a run. */
export type Pass =
  /** Looks and counts. */
  | "survey"
  /** Carries out all changes. */
  | "write"
  /** Removes what is extraneous, and leftovers. */
  | "delete"
  /** Removes leftovers only. */
  | "sweep"
  /** Removes from the source what the destination has. */
  | "remove-source";

/** What a pending directory is, as bits of {@linkcode Pending.flags}. */
export const VISIT = {
  /** There is nothing at the destination yet. */
  fresh: 1,
  /** Its own metadata differs. */
  settle: 2,
  /** Only this directory and what is new below it: the rest is known to be right. */
  flat: 4,
  /** No directory: another thread wants help with a large file. Its number is in the bits above. */
  help: 8,
} as const;

/** Where the number of the thread begins that wants help. */
export const HELP_SHIFT = 8;

/**
 * Whether a directory is visited from the one that holds it.
 *
 * @param pass The pass.
 * @param pending The directory that holds it.
 * @param child The directory.
 * @returns `false` for what needs no visit, and for what there cannot be yet.
 */
export function isEntered(pass: Pass, { flags }: Pending, { fresh }: Child): boolean {
  // The destination has nothing of a directory that could not be made.
  if (pass === "remove-source") return !fresh;
  return fresh || (flags & VISIT.flat) === 0;
}
