/**
 * A mirror's plan as a value: looked at, saved, loaded, and applied exactly as it is.
 *
 * @module
 */
import type { Degradation } from "../../lib/model/capabilities.ts";
import type { Failure } from "../../lib/model/event.ts";
import type { Action } from "../../lib/plan/action.ts";
import type { PlanSummary } from "../../lib/plan/summary.ts";
import type { MirrorReport } from "./report.ts";
import type { MirrorPair } from "./roots.ts";
import type { Watch } from "./run.ts";
/** A plan. */
export interface MirrorPlan extends AsyncIterable<Action> {
  readonly summary: PlanSummary;
  readonly warnings: readonly Degradation[];
  readonly failures: readonly Failure[];
  readonly failureCount: number;
  readonly source: string;
  readonly destination: string;
  save(file: string): Promise<void>;
  apply(watch?: Watch): Promise<MirrorReport>;
}
/** x */
export function planMirror(pair: MirrorPair, watch: Watch): Promise<MirrorPlan> {
  return Promise.reject(new Error("x" + pair + watch));
}
/** x */
export function loadPlan(file: string): Promise<MirrorPlan> {
  return Promise.reject(new Error(file));
}
