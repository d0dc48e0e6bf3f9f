/**
 * How one run is watched and stopped.
 *
 * @module
 */
import type { MirrorEvent } from "../report.ts";

/** What {@linkcode MirrorTask.plan} and {@linkcode MirrorPlan.apply} take. */
export interface WatchOptions {
  /** Stops the run, beside the signal of the task. @default {undefined} */
  readonly signal?: AbortSignal;
  /** Hears every event as it happens. @default {undefined} */
  readonly onEvent?: (event: MirrorEvent) => void;
  /** Whether `onEvent` hears of every single action; a run is faster when it need not. @default {true} */
  readonly actions?: boolean;
}

/** What {@linkcode MirrorTask.run} takes. */
export interface RunOptions extends WatchOptions {
  /**
   * Counts everything first, so that progress has totals from the start. Costs one look at both trees.
   * @default {false}
   */
  readonly totals?: boolean;
}
