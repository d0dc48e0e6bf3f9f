/**
 * The options of the command line that say what takes part.
 *
 * @module
 */
import type { FilterItem, FilterOptions } from "../../tasks/mirror/options/filter_options.ts";
import type { FlagName } from "./flags.ts";
import type { Values } from "./parse.ts";

/** What `-F` stands for, the first time and the second. */
const SHORTHANDS = [": /.rsync-filter", "- .rsync-filter"] as const;

/** Options that add a rule where they stand on the command line. */
const RULES = {
  "filter": (rule) => rule,
  "include": (include) => ({ include }),
  "exclude": (exclude) => ({ exclude }),
  "include-from": (includeFrom) => ({ includeFrom }),
  "exclude-from": (excludeFrom) => ({ excludeFrom }),
  "dir-filters": (_, before) => SHORTHANDS[before],
} as const satisfies Partial<Record<FlagName, (value: string, before: number) => FilterItem | undefined>>;

/**
 * Options of a mirror that say what takes part; rules stay in the order of the command line.
 *
 * @param values Values of the options.
 * @returns A part of the options for `mirror`.
 */
export function filterOptions(values: Values): FilterOptions {
  const filter = rulesOf(values);
  const files = values.text("files-from");
  return {
    ...(filter.length === 0 ? {} : { filter }),
    ...(files === undefined ? {} : { filesFrom: files }),
    cvsExclude: values.isOn("cvs-exclude"),
    gitignore: values.isOn("gitignore"),
    recursive: values.isOn("recursive"),
    from0: values.isOn("from0"),
    deleteExcluded: values.isOn("delete-excluded"),
    ...given("maxSize", values.text("max-size")),
    ...given("minSize", values.text("min-size")),
    ...given("newerThan", values.text("newer-than")),
    ...given("olderThan", values.text("older-than")),
  };
}

function rulesOf(values: Values): FilterItem[] {
  const items: FilterItem[] = [];
  let shorthands = 0;
  for (const { name, value } of values.repeated(...Object.keys(RULES) as (keyof typeof RULES)[])) {
    const item: FilterItem | undefined = RULES[name as keyof typeof RULES](value, shorthands);
    if (name === "dir-filters") shorthands++;
    if (item !== undefined) items.push(item);
  }
  return items;
}

function given<Name extends keyof FilterOptions>(name: Name, value: string | undefined): FilterOptions {
  return value === undefined ? {} : { [name]: value };
}
