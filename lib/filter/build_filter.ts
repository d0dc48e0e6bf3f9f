/**
 * What a person asks for, option by option, to a whole filter.
 *
 * @module
 */
import { RuleList } from "./collect_rules.ts";
import { type CvsAdditions, CVSIGNORE_RULE, cvsRules } from "./cvs.ts";
import { invalidFile } from "./invalid.ts";
import type { PatternRule, Place, Rule } from "./rule.ts";
import type { FilterLimits, FilterSpec, ListedPath } from "./spec.ts";

/** One option that adds rules. Their order is the order of the rules. */
export type FilterStep =
  /** A complete rule (`--filter`), or a pattern (`--include`, `--exclude`). */
  | { readonly type: "filter" | "include" | "exclude"; readonly text: string }
  /** A file of patterns (`--include-from`, `--exclude-from`) and what is in it. */
  | { readonly type: "include-from" | "exclude-from"; readonly file: string; readonly content: Uint8Array };

/** What a filter is made of. */
export interface FilterInput {
  /** Options that add rules, in their order. @default {[]} */
  readonly steps?: readonly FilterStep[];
  /** Heed files `.gitignore`. @default {false} */
  readonly gitignore?: boolean;
  /** Leave out what CVS leaves out. @default {false} */
  readonly cvsExclude?: boolean;
  /** What a person adds to the list of CVS, for `cvsExclude` and for rules `-C`. @default {{}} */
  readonly cvsAdditions?: CvsAdditions;
  /** Rules that say no side do not protect from deletion. @default {false} */
  readonly deleteExcluded?: boolean;
  /** Entries of rule files end with NUL. @default {false} */
  readonly from0?: boolean;
  /** Limits of size and age. @default {{}} */
  readonly limits?: FilterLimits;
  /** The only paths to transfer. @default {all are} */
  readonly paths?: readonly ListedPath[] | undefined;
  /** Listed directories come with all that is below them. @default {false} */
  readonly recursive?: boolean;
  /** Absolute paths of both roots, for rules with the modifier `/`. @default {they match from the root of the tree} */
  readonly roots?: FilterSpec["roots"];
  /**
   * Reads a file that a `merge` rule among the steps names.
   *
   * @default {merge rules are refused}
   */
  readonly readMergeFile?: (file: string, place: Place) => Uint8Array;
}

/** The two rules of `-F`: given once it adds the first, given twice both. */
export const SHORTHAND_RULES: readonly [first: string, second: string] = [": /.rsync-filter", "- .rsync-filter"];

/**
 * Makes a filter.
 *
 * @param input What is asked for.
 * @returns The filter as plain data.
 * @throws {SyncError} code `"filter-invalid"` when a rule cannot be used.
 */
export function buildFilter(input: FilterInput): FilterSpec {
  const { gitignore = false, deleteExcluded = false, from0 = false, limits = {}, paths, roots } = input;
  const cvs = cvsRules(input.cvsAdditions);
  const rules = collect(input, cvs, from0);
  if (input.cvsExclude) rules.push(...(readsCvsignore(rules) ? [] : [CVSIGNORE_RULE]), ...cvs);
  return {
    rules,
    gitignore,
    deleteExcluded,
    from0,
    cvs: rules.some(({ type }) => type === "per-directory") ? cvs : [],
    limits,
    recursive: input.recursive ?? false,
    ...(paths === undefined ? {} : { paths }),
    ...(roots === undefined ? {} : { roots }),
  };
}

function collect(
  { steps = [], readMergeFile = refuseMerge }: FilterInput,
  cvs: readonly PatternRule[],
  from0: boolean,
): Rule[] {
  const list = new RuleList({ readMergeFile, cvs, from0 });
  for (const step of steps) {
    if ("content" in step) {
      list.addOldFile(step.content, step.file, step.type === "include-from" ? "include" : "exclude");
    } else {
      const rule = { text: step.text, place: { source: `--${step.type}` }, isSecret: false };
      if (step.type === "filter") list.addRule(rule);
      else list.addOldRule(rule, step.type);
    }
  }
  return [...list.rules];
}

function refuseMerge(file: string): never {
  throw invalidFile(file, "merge files cannot be read here");
}

function readsCvsignore(rules: readonly Rule[]): boolean {
  return rules.some((rule) => rule.type === "per-directory" && rule.file === CVSIGNORE_RULE.file);
}
