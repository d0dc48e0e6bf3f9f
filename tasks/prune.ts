/**
 * The prune task: removes the snapshots of a store that a policy does not keep.
 *
 * @module
 */
import { environment } from "../lib/os/env.ts";
import { systemTimeZone } from "../lib/os/time_zone.ts";
import { type PruneOptions, resolvePruneOptions } from "./prune/options.ts";
import { planPrune, type PrunePlan, runPrune } from "./prune/plan.ts";
import type { PruneEvent, PruneReport, PruneWatch } from "./prune/report.ts";
import { streamOf } from "./stream.ts";

/** Pruning that can be looked at, run, or watched. Nothing happens before one of its methods is called. */
export interface PruneTask {
  /** The store. */
  readonly store: string;
  /** Decides about every snapshot, and changes nothing. */
  plan(options?: PruneWatch): Promise<PrunePlan>;
  /** Decides and removes. */
  run(options?: PruneWatch): Promise<PruneReport>;
  /** The same as {@linkcode run}, as a stream of events; leaving the loop stops the run. */
  stream(options?: Omit<PruneWatch, "onEvent">): AsyncIterable<PruneEvent>;
}

/**
 * Removes the snapshots of a store that no rule keeps.
 *
 * Always kept are the newest, the newest whose run had no failures, what `latest` leads to, and what is dated after the
 * clock. A snapshot goes with one rename, and is removed behind the scenes; what a run that died left is removed by the
 * next. Files that a kept snapshot shares are not touched.
 *
 * @param store Path of the store.
 * @param policy Which snapshots are kept; at least one rule is wanted.
 * @returns A task. Its methods throw {@linkcode SyncError} code `"store-unusable"` when there is no store,
 * `"destination-busy"` when another run changes it, `"cancelled"` when it was stopped.
 * @throws {RangeError} when there is no rule, or an option is out of its range.
 *
 * @example Look first, then remove exactly that
 * ```ts
 * import { prune } from "undrift";
 *
 * const plan = await prune("/backup/photos", { keepDaily: 7, keepWeekly: 5, keepTags: ["release"] }).plan();
 * for (const { name, keep, reasons } of plan) console.log(keep ? "keep" : "remove", name, reasons);
 * await plan.apply();
 * ```
 */
export function prune(store: string, policy: PruneOptions): PruneTask {
  const env = environment();
  const subject = { store, options: resolvePruneOptions(policy, env.cores, systemTimeZone()), env };
  return {
    store,
    plan: (watch = {}) => Promise.try(() => planPrune(subject, watch)),
    run: (watch = {}) => runPrune(subject, watch),
    stream: (watch = {}) =>
      streamOf<PruneEvent, PruneWatch & { signal?: AbortSignal }>((inner) => runPrune(subject, inner), watch),
  };
}
