/**
 * What can be told of filters without any of their code, which is loaded when there is something to filter.
 *
 * @module
 */
import type { FilterSpec } from "../../../lib/filter/spec.ts";
import { ROOT } from "../../../lib/model/rel_path.ts";
import type { Tree } from "../../../lib/model/tree.ts";
import type { FilterOptions } from "../options/filter_options.ts";
import type { SelectionRules, Selector } from "./selector.ts";

/** Makes the selector of one thread. */
export type SelectorMaker = (source: Tree) => Selector;

/**
 * Loads what selects.
 *
 * @param rules What takes part, when it is not everything.
 * @returns Makes selectors; `undefined` when everything takes part.
 */
export async function loadSelector(rules: SelectionRules | undefined): Promise<SelectorMaker | undefined> {
  if (rules === undefined) return undefined;
  const { Selector } = await import("./selector.ts");
  return (source) => new Selector(rules, source);
}

/**
 * Whether options leave nothing out.
 *
 * @param options The options.
 * @returns `false` when a filter has to be asked.
 */
export function selectsAll(options: FilterOptions): boolean {
  const { filter = [], include = [], exclude = [], cvsExclude, gitignore, filesFrom, predicate } = options;
  const { maxSize, minSize, newerThan, olderThan } = options;
  return filter.length + include.length + exclude.length === 0 && cvsExclude !== true && gitignore !== true &&
    [filesFrom, predicate, maxSize, minSize, newerThan, olderThan].every((value) => value === undefined);
}

/**
 * Whether the root itself takes no part: a list of paths does not name it.
 *
 * @param spec The filter.
 * @returns Whether its own metadata is left alone.
 */
export function leavesRoot({ paths }: FilterSpec): boolean {
  return paths?.every(({ path }) => path !== ROOT) ?? false;
}
