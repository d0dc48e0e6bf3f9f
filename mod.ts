/**
 * Undrift takes the drift out of directory trees: typed tasks that mirror, and report before they act.
 *
 * @example Mirror a folder
 * ```ts
 * import { mirror } from "undrift";
 *
 * const report = await mirror("photos", "/backup/photos", { delete: true }).run();
 * console.log(report.done.files, "files written");
 * ```
 *
 * @module
 */
export { loadPlan, mirror, type MirrorTask, type RunOptions } from "./tasks/mirror.ts";
export type { MirrorOptions } from "./tasks/mirror/options.ts";
export type { MirrorPlan } from "./tasks/mirror/plan.ts";
export type { MirrorEvent, MirrorOutcome, MirrorReport } from "./tasks/mirror/report.ts";
export { SyncError, type SyncErrorCode, type SyncErrorInit } from "./lib/errors.ts";
export type { Action, Operation, Reason } from "./lib/plan/action.ts";
export type { PlanSummary } from "./lib/plan/summary.ts";
export type { Degradation } from "./lib/model/capabilities.ts";
export type { Entry, Kind, Xattrs } from "./lib/model/entry.ts";
export type { Failure, Progress, SyncEvent } from "./lib/model/event.ts";
export type { RelPath } from "./lib/model/rel_path.ts";
