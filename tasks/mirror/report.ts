/**
 * What a mirror says: its events and its report.
 *
 * @module
 */
import type { CauseCounts } from "../../lib/model/cause_tally.ts";
import type { Degradation } from "../../lib/model/capabilities.ts";
import type { Failure, SyncEvent } from "../../lib/model/event.ts";
import type { Action } from "../../lib/plan/action.ts";
import type { UnmetExpectation } from "../../lib/plan/expectation.ts";
import type { PlanSummary } from "../../lib/plan/summary.ts";

/** How a run ended. */
export type MirrorOutcome =
  /** Source and destination agree. */
  | "done"
  /** Everything was tried; some entries failed. */
  | "partial"
  /** It was stopped, or could not go on. */
  | "stopped";

/** What a run did. */
export interface MirrorReport {
  /** Always `"mirror"`. */
  readonly task: "mirror";
  /** The source, as it was given. */
  readonly source: string;
  /** The destination, as it was given. */
  readonly destination: string;
  /** How it ended. */
  readonly outcome: MirrorOutcome;
  /** What was carried out, by number. */
  readonly done: PlanSummary;
  /** Bytes of content that were written. */
  readonly copiedBytes: number;
  /** Bytes of content that files had already and that were not written, with `inplace`, `append`
   * or `delta`; absent when there were none. */
  readonly sparedBytes?: number;
  /** Entries that could not be made right: the first thousand. */
  readonly failures: readonly Failure[];
  /** How many there were. */
  readonly failureCount: number;
  /** Entries that failed, were warned of, or were ignored, by cause; what did not occur is absent. */
  readonly causes: CauseCounts;
  /** What was expected of the outcome and does not hold. */
  readonly unmet: readonly UnmetExpectation[];
  /** What this machine, runtime or file system could not keep, and each cause that was warned of, in sum. */
  readonly warnings: readonly Degradation[];
  /** Files that have their content in common with those of other trees; absent when nobody asked for that. */
  readonly clonedFiles?: number;
  /** Bytes in these. */
  readonly clonedBytes?: number;
  /** How many entries were switched at once, with `delayUpdates`. */
  readonly switchedEntries?: number;
  /** How long that took: for so long a reader could see old and new entries beside each other. */
  readonly switchMs?: number;
  /** How long it took. */
  readonly durationMs: number;
}

/** One thing that a mirror says. */
export type MirrorEvent = SyncEvent<Action, MirrorReport>;
