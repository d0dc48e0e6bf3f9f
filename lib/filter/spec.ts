/**
 * A whole filter as plain data: rules in their order, limits and a list of paths. It can be sent to workers and written
 * into a plan; {@linkcode Filter} makes it decide.
 *
 * @module
 */
import type { PatternRule, Rule } from "./rule.ts";

/** A path of a list of files to transfer. */
export interface ListedPath {
  /** Path below the source, without `.` and `..`; empty for the source itself. */
  readonly path: string;
  /** The entries of the directory are meant, too: it was written with `/` at its end. */
  readonly contents?: true;
}

/** Limits beyond which a file is left as it is: not transferred, and not deleted. They concern files alone. */
export interface FilterLimits {
  /** Size of the largest file to transfer, in bytes. */
  readonly maxSize?: number;
  /** Size of the smallest file to transfer, in bytes. */
  readonly minSize?: number;
  /** Only files that were modified at or after this time: seconds since 1970, may have a fraction. */
  readonly newerThan?: number;
  /** Only files that were modified before this time: seconds since 1970, may have a fraction. */
  readonly olderThan?: number;
}

/** A filter as plain data. */
export interface FilterSpec {
  /** Rules in the order in which they are asked; the first that matches decides. */
  readonly rules: readonly Rule[];
  /** Files `.gitignore` are heeded, after the rules, as git heeds them. */
  readonly gitignore: boolean;
  /** Rules that say no side do not protect from deletion. */
  readonly deleteExcluded: boolean;
  /** Entries of rule files end with NUL instead of the end of a line. */
  readonly from0: boolean;
  /** What `-C` stands for in rule files that are read during the run. */
  readonly cvs: readonly PatternRule[];
  /** Limits of size and age. */
  readonly limits: FilterLimits;
  /** The only paths that are transferred; absent when all are. */
  readonly paths?: readonly ListedPath[];
  /** Listed directories come with all that is below them. */
  readonly recursive: boolean;
  /** Absolute paths of both roots, for rules with the modifier `/`. */
  readonly roots?: { readonly sender: string; readonly receiver: string };
}

/** A filter that lets everything through. */
export const NO_FILTER: FilterSpec = {
  rules: [],
  gitignore: false,
  deleteExcluded: false,
  from0: false,
  cvs: [],
  limits: {},
  recursive: true,
};

/**
 * Tells whether a filter lets everything through, so that nobody need ask it.
 *
 * @param spec The filter.
 * @returns `true` when no rule, limit or list is in it.
 */
export function isEmptyFilter({ rules, gitignore, limits, paths }: FilterSpec): boolean {
  return rules.length === 0 && !gitignore && Object.keys(limits).length === 0 && paths === undefined;
}

/**
 * Whether rule files lie in the directories, so that a bad one can turn up anywhere.
 *
 * @param spec The filter.
 * @returns Whether every directory is looked at for them.
 */
export function readsRuleFiles({ rules, gitignore }: FilterSpec): boolean {
  return gitignore || rules.some(({ type }) => type === "per-directory");
}

/**
 * Tells whether everything that a filter hides in the source is kept at the destination, too, so that hiding an entry
 * never deletes another one. Rules of files that are found on the way may be otherwise, and so may one that means
 * another path on each side.
 *
 * @param spec The filter.
 * @returns `true` when it is known for every entry.
 */
export function keepsWhatItHides({ rules, gitignore, deleteExcluded }: FilterSpec): boolean {
  if (deleteExcluded || gitignore) return false;
  return rules.every((rule) => rule.type !== "per-directory" && !rule.absolute && isTwoSided(rule));
}

function isTwoSided({ side }: PatternRule): boolean {
  return side === "both" || side === "unsaid";
}
