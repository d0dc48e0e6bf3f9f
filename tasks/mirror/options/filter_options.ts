/**
 * The options that say which entries take part in a mirror.
 *
 * @module
 */
import type { FilterPredicate } from "../../../lib/filter/decision.ts";

/**
 * One item of an ordered list of rules: a rule in rsync's words (`"- *.o"`, `"+ /src/***"`, `"P cache/"`,
 * `": .rsync-filter"`, `". common.rules"`), a pattern that includes or excludes, or a file of such patterns.
 */
export type FilterItem =
  | string
  | { readonly include: string }
  | { readonly exclude: string }
  | { readonly includeFrom: string }
  | { readonly excludeFrom: string };

/** Which entries take part. By default all do. */
export interface FilterOptions {
  /**
   * Rules in order; the first that matches an entry decides. What is excluded is not mirrored, and not removed.
   * @default {[]}
   */
  readonly filter?: readonly FilterItem[];
  /** Patterns of entries that take part whatever `exclude` says; they come after `filter`. @default {[]} */
  readonly include?: readonly string[];
  /** Patterns of entries that take no part; they come after `include`. @default {[]} */
  readonly exclude?: readonly string[];
  /** Leave out what a version control system would, and what `.cvsignore` files name, after all other rules.
   * @default {false} */
  readonly cvsExclude?: boolean;
  /** Leave out what the `.gitignore` files of the source ignore, and `.git` itself, as git does. @default {false} */
  readonly gitignore?: boolean;
  /**
   * The entries that take part, as paths below the source, or the path of a file that lists them, one a line (`"-"` is
   * standard input). What is in a listed directory takes part when it is listed, too; `"docs/"` also lists the entries
   * of `docs`. @default {everything}
   */
  readonly filesFrom?: string | readonly string[];
  /** With `filesFrom`: everything below a listed directory takes part. @default {false} */
  readonly recursive?: boolean;
  /** The files of `includeFrom`, `excludeFrom` and `filesFrom` separate their items by NUL. @default {false} */
  readonly from0?: boolean;
  /** With `delete`: remove what is excluded, too. @default {false} */
  readonly deleteExcluded?: boolean;
  /** Leave files alone that are larger: bytes, or a text such as `"1.5m"`. @default {no limit} */
  readonly maxSize?: number | string;
  /** Leave files alone that are smaller. @default {no limit} */
  readonly minSize?: number | string;
  /** Leave files alone that are not newer: a time, or an age such as `"7d"`. @default {no limit} */
  readonly newerThan?: Date | string;
  /** Leave files alone that are not older. @default {no limit} */
  readonly olderThan?: Date | string;
  /**
   * Asked about every entry, on both sides, before all rules: `"include"` or `"exclude"`, or `undefined` to leave it to
   * them. A function stays in its thread, so such a run uses only one; a saved plan holds what came of it.
   * @default {undefined}
   */
  readonly predicate?: FilterPredicate;
}

/** Names of all options of this file: a plan keeps what came of them instead. */
export const FILTER_OPTION_NAMES: readonly string[] = Object.keys(
  {
    filter: true,
    include: true,
    exclude: true,
    cvsExclude: true,
    gitignore: true,
    filesFrom: true,
    recursive: true,
    from0: true,
    deleteExcluded: true,
    maxSize: true,
    minSize: true,
    newerThan: true,
    olderThan: true,
    predicate: true,
  } satisfies Record<keyof FilterOptions, true>,
);
