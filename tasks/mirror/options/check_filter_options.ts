/**
 * What of the filter's options can be checked before anything is read.
 *
 * @module
 */
import { printable } from "../../../lib/bytes/printable.ts";
import { parseAge, parseSize } from "../../../lib/filter/limits.ts";
import type { FilterLimits } from "../../../lib/filter/spec.ts";
import { clash } from "./clashes.ts";
import type { FilterItem, FilterOptions } from "./filter_options.ts";

const MOMENT_FORMS = "it must be a time such as 2026-01-31T12:00Z, or an age such as 7d";
const MILLISECONDS = 1_000;

/**
 * Refuses what is of the wrong form, and options that make no sense together.
 *
 * @param options What the caller gave.
 * @param deletes Whether deletions are wanted.
 * @throws {RangeError} with the name of the option, or of both.
 */
export function checkFilterOptions(options: FilterOptions, deletes: boolean): void {
  const { maxSize, minSize, newerThan, olderThan } = filterLimits(options, 0);
  if (maxSize !== undefined && minSize !== undefined && maxSize < minSize) {
    throw clash("maxSize", "minSize", "no size is in between");
  }
  const isAge = [options.newerThan, options.olderThan].map((moment) => /^\d+(?:\.\d+)?[a-z]$/.test(String(moment)));
  // An age and a date can only be compared when the run starts; then they are.
  if (newerThan !== undefined && olderThan !== undefined && isAge[0] === isAge[1] && newerThan >= olderThan) {
    throw clash("newerThan", "olderThan", "no time is in between");
  }
  if (options.deleteExcluded === true && !deletes) {
    throw clash("deleteExcluded", "delete", "nothing is removed", "without");
  }
  if (options.recursive === true && options.filesFrom === undefined) {
    throw clash("recursive", "filesFrom", "everything takes part anyway", "without");
  }
  if (options.from0 === true && !readsFiles(options)) {
    throw clash("from0", "filesFrom", "no file of items is read, excludeFrom and includeFrom neither", "without");
  }
}

/**
 * The limits as numbers.
 *
 * @param options What the caller gave.
 * @param now The present moment, in milliseconds since 1970.
 * @returns Those that were given.
 * @throws {RangeError} when one is of the wrong form.
 */
export function filterLimits(options: FilterOptions, now: number): FilterLimits {
  const limits: { -readonly [Name in keyof FilterLimits]: FilterLimits[Name] } = {};
  for (const name of ["maxSize", "minSize"] as const) {
    const given = options[name];
    if (given === undefined) continue;
    const size = typeof given === "string"
      ? parseSize(given)
      : Number.isInteger(given) && given >= 0
      ? given
      : undefined;
    if (size === undefined) throw unusable(name, given, "it must be a size such as 1.5m");
    limits[name] = size;
  }
  for (const name of ["newerThan", "olderThan"] as const) {
    const given = options[name];
    if (given === undefined) continue;
    const moment = typeof given === "string" ? parseAge(given, now) : given.getTime() / MILLISECONDS;
    if (moment === undefined || Number.isNaN(moment)) throw unusable(name, given, MOMENT_FORMS);
    limits[name] = moment;
  }
  return limits;
}

function unusable(name: string, value: unknown, why: string): RangeError {
  return new RangeError(`Cannot use ${name} ${printable(String(value))}: ${why}`);
}

function readsFiles({ filesFrom, filter }: FilterOptions): boolean {
  return typeof filesFrom === "string" || (filter ?? []).some(namesFile);
}

/** A rule that merges a file names one, too. */
function namesFile(item: FilterItem): boolean {
  if (typeof item === "string") return /^(?:[.:]|merge|dir-merge)/.test(item);
  return "includeFrom" in item || "excludeFrom" in item;
}
