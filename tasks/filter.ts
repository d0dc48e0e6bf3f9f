/**
 * Filters as values: what a mirror with these options would take, asked without a disk.
 *
 * @module
 */
import { encodeName } from "../lib/bytes/name.ts";
import type { Decision, FilterEntry } from "../lib/filter/decision.ts";
import { type DecideOptions, Filter } from "../lib/filter/filter.ts";
import { invalidFile } from "../lib/filter/invalid.ts";
import type { FilterSpec } from "../lib/filter/spec.ts";
import type { Kind } from "../lib/model/entry.ts";
import { environment } from "../lib/os/env.ts";
import { checkFilterOptions } from "./mirror/options/check_filter_options.ts";
import type { FilterOptions } from "./mirror/options/filter_options.ts";
import { filterSpec } from "./mirror/selection/filter_spec.ts";

/** Gives what is in a file that the options name; `undefined` when there is none. */
export type FilterFiles = (file: string) => string | Uint8Array | undefined;

/** A filter that decides about paths. */
export interface PathFilter {
  /** The filter as plain data. */
  readonly spec: FilterSpec;
  /**
   * Decides about one path.
   *
   * @param path Path below the root, with `/` between names.
   * @param entry What it is, with its size and time where limits ask for them.
   * @param options Side, and rule files of directories.
   * @returns The decision, and the rule that made it.
   * @throws {SyncError} code `"filter-invalid"` when a rule file cannot be used.
   */
  decide(path: string, entry: Kind | FilterEntry, options?: DecideOptions): Decision;
}

/**
 * Makes a filter from the options of a mirror. Nothing is read from a disk.
 *
 * @param options What takes part.
 * @param files Gives the files that the options name. @default {there are none}
 * @returns The filter; its `decide` tells for a path what happens to it, with the rule and the place that say so.
 * @throws {RangeError} when an option is out of its range.
 * @throws {SyncError} code `"filter-invalid"` when a rule or a file cannot be used.
 *
 * @example Test the rules of a deployment
 * ```ts
 * import { filter } from "undrift";
 *
 * const deployed = filter({ exclude: ["*.map", "/drafts/"] });
 * const { verdict, rule } = deployed.decide("js/app.js.map", "file");
 * console.log(verdict, rule?.place); // "exclude", { source: "--exclude" }
 * ```
 */
export function filter(options: FilterOptions = {}, files: FilterFiles = () => undefined): PathFilter {
  checkFilterOptions(options, true);
  const { spec } = filterSpec(options, {
    files: { read: (file) => contentOf(file, files(file)) },
    now: environment().wallClock(),
    cvsAdditions: () => ({}),
  });
  return new Filter(spec, { predicate: options.predicate });
}

function contentOf(file: string, content: string | Uint8Array | undefined): Uint8Array {
  if (content === undefined) throw invalidFile(file, "there is no such file");
  return typeof content === "string" ? encodeName(content) : content;
}
