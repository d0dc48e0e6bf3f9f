/**
 * What pruning says while it runs and at its end.
 *
 * @module
 */
import type { Failure } from "../../lib/model/event.ts";
import type { Verdict } from "../../lib/snapshot/retention.ts";

/** Totals of a plan to prune. */
export interface PruneSummary {
  /** Snapshots that are kept. */
  readonly kept: number;
  /** Snapshots that are removed. */
  readonly removed: number;
  /** Trees that an earlier run set aside and did not remove to the end, which is done now. */
  readonly unfinished: number;
}

/** What a run did. */
export interface PruneReport {
  /** Always `"prune"`. */
  readonly task: "prune";
  /** The store, as it was given. */
  readonly store: string;
  /** How it ended. */
  readonly outcome: "done" | "partial" | "stopped";
  /** What became of every snapshot and why, newest first. */
  readonly verdicts: readonly Verdict[];
  /** The time zone of the policy. */
  readonly timeZone: string;
  /** Snapshots that are no part of the store any more, and what was finished of earlier runs. */
  readonly summary: PruneSummary;
  /** Entries that were removed. */
  readonly removedEntries: number;
  /** By how much less of the file system is taken, whoever else wrote meanwhile; absent where it does not say. */
  readonly freedBytes?: number;
  /** Entries that could not be removed: the first of them. */
  readonly failures: readonly Failure[];
  /** How many there were. */
  readonly failureCount: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** One thing that a run says. */
export type PruneEvent =
  | { readonly type: "start"; readonly task: "prune"; readonly store: string }
  /** What becomes of a snapshot, before anything is done. */
  | { readonly type: "verdict"; readonly verdict: Verdict }
  | { readonly type: "progress"; readonly removedEntries: number }
  | { readonly type: "failure"; readonly failure: Failure }
  | { readonly type: "end"; readonly report: PruneReport };

/** How a run is watched and stopped. */
export interface PruneWatch {
  /** Stops the run, beside the signal of the task. @default {undefined} */
  readonly signal?: AbortSignal;
  /** Hears every event as it happens. @default {undefined} */
  readonly onEvent?: (event: PruneEvent) => void;
}
