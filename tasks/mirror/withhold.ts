/**
 * Holds deletions back when something of the source could not be read: what seems to be missing there may only be out
 * of sight. Entries that vanished do not count, since it is known that they are gone.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import type { Collector } from "./collector.ts";
import type { Findings } from "./threads/findings.ts";
import { type CounterMemory, isSourceUnread } from "./threads/listener.ts";
import type { MirrorPair } from "./trees/pair.ts";
import type { MirrorRules } from "./rules.ts";

/** What is needed of a run. */
interface Deleting {
  readonly pair: MirrorPair;
  readonly rules: MirrorRules;
  readonly counters: CounterMemory;
}

/**
 * Whether nothing may be deleted from now on.
 *
 * @param run The run.
 * @returns `true` when deletions are asked for and the source could not be read completely so far.
 */
export function withholdsDeletions({ pair, rules, counters }: Deleting): boolean {
  return pair.options.delete && !rules.ignoreErrors && isSourceUnread(counters);
}

/**
 * Takes the deletions out of what a survey counted, when they are to be held back.
 *
 * @param run The run.
 * @param found What the survey found; changed in place.
 * @returns Whether they are held back.
 */
export function holdBack(run: Deleting, { planned }: Findings): boolean {
  if (!withholdsDeletions(run)) return false;
  planned.withheld += planned.deleted;
  planned.deleted = 0;
  return true;
}

/**
 * Tells how many deletions were held back; the run is not complete without them.
 *
 * @param collector Hears of it.
 * @param count How many; nothing is told for none.
 */
export function tellWithheld(collector: Collector, count: number): void {
  if (count === 0) return;
  collector.done.withheld = count;
  const entries = count === 1 ? "1 entry" : `${count} entries`;
  collector.incomplete(
    ROOT,
    new SyncError(
      "deletions-withheld",
      `Cannot delete ${entries} of the destination: the source could not be read completely, it may have them`,
      { hint: "make the source readable, or delete all the same with --ignore-errors (API: ignoreErrors)" },
    ),
  );
}
