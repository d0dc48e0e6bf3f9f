/**
 * What a snapshot says: its events, its report and its plan.
 *
 * @module
 */
import type { SyncEvent } from "../../lib/model/event.ts";
import type { Action } from "../../lib/plan/action.ts";
import type { SnapshotFacts } from "../../lib/report/document.ts";
import type { MirrorPlan } from "../mirror/plan/plan.ts";
import type { MirrorReport } from "../mirror/report.ts";
import type { WatchOptions } from "../mirror/options/watch.ts";

/** What a run did. The numbers of a mirror are about this run; {@linkcode snapshot} is about the whole snapshot. */
export interface SnapshotReport extends Omit<MirrorReport, "task"> {
  /** Always `"snapshot"`. */
  readonly task: "snapshot";
  /** The snapshot that was published; absent when the run ended before that. */
  readonly snapshot?: SnapshotFacts;
}

/** One thing that a snapshot says. */
export type SnapshotEvent = SyncEvent<Action, SnapshotReport>;

/** How a run is watched and stopped. */
export interface SnapshotWatch extends Pick<WatchOptions, "signal" | "actions"> {
  /** Hears every event as it happens. @default {undefined} */
  readonly onEvent?: (event: SnapshotEvent) => void;
}

/** What {@linkcode SnapshotTask.run} takes. */
export interface SnapshotRunOptions extends SnapshotWatch {
  /** Counts everything first, so that progress has totals from the start. @default {false} */
  readonly totals?: boolean;
}

/** What a snapshot would do: iterate it as often as you like, or take exactly that snapshot. */
export interface SnapshotPlan extends
  Pick<
    MirrorPlan,
    | "source"
    | "destination"
    | "summary"
    | "causes"
    | "warnings"
    | "failures"
    | "failureCount"
    | "needs"
    | "refusal"
    | "close"
  >,
  AsyncIterable<Action> {
  /**
   * Takes exactly this snapshot.
   *
   * @param watch Signal and listener.
   * @returns The report.
   * @throws {SyncError} code `"drift"` when the source, the store or its newest snapshot is not what the plan expects.
   */
  apply(watch?: SnapshotWatch): Promise<SnapshotReport>;
}
