/**
 * A task that is run under a condition.
 *
 * @module
 */
import { type ComposedPlan, composedPlan } from "./composed_plan.ts";
import { compose, type ComposedTask, inPlace, runUnnamed } from "./composed_task.ts";
import { planAlone } from "./plan_step.ts";
import type { PlannedStep } from "./planned_step.ts";
import type { EventOf, PlanOf, ReportOf, Step, StepEvent, TaskWatch } from "./step.ts";

/**
 * Makes a task that is run when a condition holds at that moment. A plan decides when it is made, and stays with it.
 *
 * @param condition Whether it holds, or a function that finds out; what that throws fails the task.
 * @param step A task or a dax command.
 * @returns The task; its report is that of the step, or `undefined` when it was not run.
 *
 * @example Write a second copy when there is a place for it
 * ```ts
 * import { doctor, mirror, sequence, when } from "undrift";
 *
 * const hasRoom = async () => ((await doctor("backup").run()).fileSystem?.freeBytes ?? 0) > 1e6;
 * const { reports: [site, copy] } = await sequence([
 *   mirror("dist", "site"),
 *   when(hasRoom, mirror("dist", "backup/dist")),
 * ]).run();
 * console.log(site.outcome, copy?.outcome ?? "not copied");
 * ```
 */
export function when<Each extends Step>(
  condition: boolean | (() => boolean | Promise<boolean>),
  step: Each,
): ComposedTask<ReportOf<Each> | undefined, EventOf<Each>, PlanOf<Each>> {
  const holds = async () => typeof condition === "function" ? await condition() : condition;
  return compose({
    async perform(context) {
      return await runUnnamed(await holds() ? step : skipped, inPlace(context)) as ReportOf<Each> | undefined;
    },
    async plan(context) {
      if (await holds()) return await planAlone(step, context);
      return skippedPlan();
    },
  });
}

const skipped: ComposedTask<undefined, never, undefined> = compose({
  perform({ tell }) {
    tell({ type: "skip", step: [] });
    return Promise.resolve(undefined);
  },
  plan: () => Promise.resolve(skippedPlan()),
});

function skippedPlan(): ComposedPlan<undefined, unknown, undefined> {
  const steps: readonly PlannedStep[] = [{ step: [], status: "skipped" }];
  return composedPlan({ plans: undefined, steps, run: (watch: TaskWatch<StepEvent>) => skipped.run(watch) });
}
