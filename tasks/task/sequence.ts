/**
 * Tasks one after the other.
 *
 * @module
 */
import { environment } from "../../lib/os/env.ts";
import { compose, type ComposedTask, runStep } from "./composed_task.ts";
import { planSteps } from "./plan_step.ts";
import {
  type EventsOf,
  type NamedStep,
  namedSteps,
  type PlansOf,
  type ReportsOf,
  shapedAs,
  type StepContext,
  type Steps,
} from "./step.ts";
import { incompleteness, refuseStopped, StepError } from "./step_error.ts";

/** What several tasks did. */
export interface StepsReport<Reports> {
  /** How they were run. */
  readonly task: "sequence" | "parallel";
  /** `"partial"` when a report says that not all went well. */
  readonly outcome: "done" | "partial";
  /** What each reports, by place or by name as they were given. */
  readonly reports: Reports;
  /** How long it took. */
  readonly durationMs: number;
}

/** Options of {@linkcode sequence}. */
export interface SequenceOptions {
  /**
   * Whether to go on after a step that ended but not well: its report has the outcome `"partial"` or `"different"`, or
   * something of it is not as expected.
   *
   * @default {false}
   */
  readonly goOn?: boolean;
}

/**
 * Makes one task of several that run one after the other. It ends at the first that fails; one that ends but says that
 * not all went well counts as failed, too, unless it is the last or `goOn` is set: what comes next may rely on it.
 *
 * @param steps Tasks and dax commands, as a list or by name; names are in events, errors and reports.
 * @param options When it goes on.
 * @returns The task; its report has those of the steps in the form in which they were given.
 * @throws {RangeError} when there are no steps, or two have the same name.
 *
 * @example Mirror twice, and look at the first report
 * ```ts
 * import { mirror, sequence } from "undrift";
 *
 * const task = sequence({
 *   site: mirror("dist", "site"),
 *   backup: mirror("site", "backup/site"),
 * });
 * const { reports } = await task.run();
 * console.log(reports.site.done.files, "files written");
 * ```
 */
export function sequence<const Each extends Steps>(
  steps: Each,
  options: SequenceOptions = {},
): ComposedTask<StepsReport<ReportsOf<Each>>, EventsOf<Each>, PlansOf<Each>> {
  return sequenceOf(steps, namedSteps("sequence", steps), options);
}

function sequenceOf<const Each extends Steps>(
  steps: Each,
  named: readonly NamedStep[],
  options: SequenceOptions,
): ComposedTask<StepsReport<ReportsOf<Each>>, EventsOf<Each>, PlansOf<Each>> {
  return compose({
    perform: (context) => runInOrder<ReportsOf<Each>>(steps, named, options, context),
    plan: (context) => planSteps(steps, named, context, (planned) => sequenceOf(steps, planned, options)),
  });
}

async function runInOrder<Reports>(
  steps: Steps,
  named: readonly NamedStep[],
  { goOn = false }: SequenceOptions,
  context: StepContext,
): Promise<StepsReport<Reports>> {
  const { now } = environment();
  const began = now();
  const reports: unknown[] = [];
  let outcome: "done" | "partial" = "done";
  for (const each of named) {
    refuseStopped(context.signal);
    const report = await runStep(each, context);
    reports.push(report);
    const problem = incompleteness(report);
    if (problem === undefined) continue;
    outcome = "partial";
    if (!goOn && reports.length < named.length) throw new StepError([each.name], problem);
  }
  return { task: "sequence", outcome, reports: shapedAs(steps, reports) as Reports, durationMs: now() - began };
}
