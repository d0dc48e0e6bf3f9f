/**
 * The options of pruning: a policy, and how it is carried out.
 *
 * @module
 */
import { printable } from "../../lib/bytes/printable.ts";
import type { LayerChoice } from "../../lib/os/open_tree.ts";
import { isTimeZone, parseSpan } from "../../lib/snapshot/calendar.ts";
import { isTag } from "../../lib/snapshot/record.ts";
import { hasRule, type RetentionRules } from "../../lib/snapshot/retention.ts";

/**
 * Options of {@linkcode prune}: which snapshots are kept, and how the others are removed. Each rule is on its own, and
 * what one of them keeps is kept. All count from the newest snapshot, not from the clock: nothing is removed only
 * because time passes. A snapshot whose run had failures takes no place of one without.
 */
export interface PruneOptions {
  /** Keep so many of the newest. @default {0} */
  readonly keepLast?: number;
  /** Keep the newest of each of the last so many hours that have one. @default {0} */
  readonly keepHourly?: number;
  /** The same for days. @default {0} */
  readonly keepDaily?: number;
  /** The same for weeks, which begin on Monday. @default {0} */
  readonly keepWeekly?: number;
  /** The same for months. @default {0} */
  readonly keepMonthly?: number;
  /** The same for years. @default {0} */
  readonly keepYearly?: number;
  /** Keep all that are not older than this before the newest: `"30d"`, `"1y6mo"`, `"36h"`, `"90min"`. @default {undefined} */
  readonly keepWithin?: string;
  /** Keep what has one of these tags. @default {[]} */
  readonly keepTags?: readonly string[];
  /** Name of the time zone that hours, days, weeks, months and years are those of. @default {the one of the system} */
  readonly timeZone?: string;
  /** Seconds to wait for another run that is changing the store. @default {0} */
  readonly lockWait?: number;
  /** Threads that remove at the same time. @default {the number of cores} */
  readonly jobs?: number;
  /** Which implementation of the file system is used. @default {"auto"} */
  readonly layer?: LayerChoice;
  /** Stops the run; what was set aside by then is removed by the next one. @default {undefined} */
  readonly signal?: AbortSignal;
}

/** Options with every default filled in. */
export interface ResolvedPruneOptions {
  /** The policy. */
  readonly rules: RetentionRules;
  /** Seconds to wait. */
  readonly lockWait: number;
  /** Threads. */
  readonly jobs: number;
  /** Which layer. */
  readonly layer: LayerChoice;
  /** Stops the run. */
  readonly signal: AbortSignal | undefined;
}

const MOST_JOBS = 256;
const MOST_WAIT = 1e9;

/**
 * Fills in the defaults and checks what can be checked.
 *
 * @param options What the caller gave.
 * @param cores Number of cores, the default of `jobs`.
 * @param systemZone The time zone of the system.
 * @returns Complete options.
 * @throws {RangeError} when there is no rule, or an option is out of its range.
 */
export function resolvePruneOptions(options: PruneOptions, cores: number, systemZone: string): ResolvedPruneOptions {
  const { keepTags = [], timeZone = systemZone, keepWithin, lockWait = 0, jobs = cores, layer = "auto" } = options;
  const count = (name: keyof PruneOptions & `keep${string}`) =>
    wholeNumber(name, options[name] as number ?? 0, 0, Number.MAX_SAFE_INTEGER);
  const rules: RetentionRules = {
    last: count("keepLast"),
    counts: {
      hourly: count("keepHourly"),
      daily: count("keepDaily"),
      weekly: count("keepWeekly"),
      monthly: count("keepMonthly"),
      yearly: count("keepYearly"),
    },
    within: keepWithin === undefined ? undefined : spanOf(keepWithin),
    tags: [...keepTags],
    timeZone,
  };
  if (!hasRule(rules)) {
    throw new RangeError(
      "Cannot prune without a rule: give at least one of keepLast, keepDaily, keepWithin, keepTags, …",
    );
  }
  const odd = keepTags.find((tag) => !isTag(tag));
  if (odd !== undefined) throw new RangeError(`Cannot use keepTags "${printable(odd)}": no snapshot can have that tag`);
  if (!isTimeZone(timeZone)) {
    throw new RangeError(`Cannot use timeZone "${printable(timeZone)}": it is no time zone, such as "Europe/Berlin"`);
  }
  if (!(lockWait >= 0 && lockWait <= MOST_WAIT)) {
    throw new RangeError(`Cannot use lockWait ${lockWait}: it must be a number of seconds from 0`);
  }
  return { rules, lockWait, jobs: wholeNumber("jobs", jobs, 1, MOST_JOBS), layer, signal: options.signal };
}

function spanOf(text: string) {
  const span = parseSpan(text);
  if (span !== undefined) return span;
  const hint = /\dm(?!o|i)/.test(text) ? ' ("mo" is months, "min" minutes)' : "";
  throw new RangeError(`Cannot use keepWithin "${printable(text)}": it must be a span such as 30d or 1y6mo${hint}`);
}

function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`Cannot use ${name} ${value}: it must be a whole number from ${least} to ${most}`);
}
