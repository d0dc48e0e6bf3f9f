/**
 * Tasks of tasks: `sequence`, `parallel`, `retry`, `when` and `defineTask` make one task of several.
 *
 * @example One task with one plan
 * ```ts
 * import $ from "dax";
 * import { mirror, sequence } from "undrift";
 * const deploy = sequence({ build: $`echo built`, site: mirror("dist", "site", { delete: true }) });
 * console.log(await (await deploy.plan()).text());
 * ```
 * @module
 */
export type { CommandEvent, CommandReport, DaxChild, DaxCommand } from "./task/command.ts";
export type { ComposedPlan, StepAction } from "./task/composed_plan.ts";
export type { ComposedTask } from "./task/composed_task.ts";
export { type DefinedPlan, type DefineOptions, defineTask, type TaskTools } from "./task/define_task.ts";
export { parallel, type ParallelOptions } from "./task/parallel.ts";
export type { PlannedStep } from "./task/planned_step.ts";
export { retry, type RetryOptions } from "./task/retry.ts";
export { sequence, type SequenceOptions, type StepsReport } from "./task/sequence.ts";
export type {
  EventOf,
  EventsOf,
  HeardBy,
  LeafEvent,
  PlanOf,
  PlansOf,
  ReportOf,
  ReportsOf,
  Step,
  StepEvent,
  StepPath,
  Steps,
  Task,
  TaskWatch,
} from "./task/step.ts";
export { StepError } from "./task/step_error.ts";
export { when } from "./task/when.ts";
