/**
 * Planning the steps of a composed task.
 *
 * @module
 */
import { asComposed, compose, inPlace, planUnnamed, runUnnamed, within } from "./composed_task.ts";
import { type ComposedPlan, composedPlan, isComposedPlan } from "./composed_plan.ts";
import type { PlannedStep } from "./planned_step.ts";
import { type NamedStep, shapedAs, type Step, type StepContext, type StepEvent, type Steps } from "./step.ts";
import type { Task, TaskWatch } from "./step.ts";
import { refuseStopped, taskError } from "./step_error.ts";

/** What planning a step gave. */
interface StepPlan {
  readonly plan: unknown;
  readonly steps: readonly PlannedStep[];
  /** What carries it out. */
  readonly step: Step;
}

/**
 * Plans steps one after the other, and changes nothing.
 *
 * @param steps The steps as they were given.
 * @param named The same with their names.
 * @param context How it is watched.
 * @param carryOut Makes the task that carries out the plans.
 * @returns The plan of all.
 * @throws {SyncError} code `"cancelled"` when it was stopped.
 */
export async function planSteps<Report>(
  steps: Steps,
  named: readonly NamedStep[],
  context: StepContext,
  carryOut: (steps: readonly NamedStep[]) => Task<Report, StepEvent>,
): Promise<ComposedPlan<Report, unknown, unknown>> {
  const planned: StepPlan[] = [];
  try {
    for (const each of named) planned.push(await planStep(each, context));
  } catch (thrown) {
    for (const each of planned) closePlan(each.plan);
    throw thrown;
  }
  const applying = named.map(({ name }, at) => ({ name, step: planned[at]!.step }));
  return composedPlan({
    plans: shapedAs(steps, planned.map(({ plan }) => plan)),
    steps: planned.flatMap((each) => each.steps),
    run: (watch: TaskWatch<StepEvent>) => carryOut(applying).run(watch),
  });
}

/**
 * Plans a step that stands in the place of the composed task that it is the only step of.
 *
 * @param step The step.
 * @param context How it is watched.
 * @returns Its plan.
 * @throws {SyncError} code `"cancelled"` when it was stopped.
 */
export async function planAlone<Report>(
  step: Step,
  context: StepContext,
): Promise<ComposedPlan<Report, unknown, unknown>> {
  const { plan, steps, step: applying } = await planInPlace(step, context);
  const task = compose<Report, unknown, unknown>({
    perform: async (inner) => await runUnnamed(applying, inPlace(inner)) as Report,
    plan: (inner) => planAlone(applying, inner),
  });
  return composedPlan({ plans: plan, steps, run: (watch: TaskWatch<StepEvent>) => task.run(watch) });
}

async function planStep({ name, step }: NamedStep, context: StepContext): Promise<StepPlan> {
  const planned = await planInPlace(step, within(name, context));
  return { ...planned, steps: planned.steps.map((each) => ({ ...each, step: [name, ...each.step] })) };
}

async function planInPlace(step: Step, context: StepContext): Promise<StepPlan> {
  refuseStopped(context.signal);
  try {
    const plan = await planUnnamed(step, context);
    if (typeof plan !== "object" || plan === null) return { plan: undefined, steps: [leaf("no plan")], step };
    const applying = { run: (watch: TaskWatch<unknown> = {}) => applyPlan(plan, watch) };
    if (isComposedPlan(plan)) return { plan, steps: plan.steps, step: asComposed(applying) };
    return { plan, steps: [{ ...leaf("planned"), plan }], step: applying };
  } catch (thrown) {
    const problem = taskError(thrown, context.signal);
    if (problem.code === "cancelled" || problem.code === "internal") throw problem;
    return { plan: undefined, steps: [{ ...leaf("refused"), problem }], step };
  }
}

function leaf<Status extends PlannedStep["status"]>(status: Status): { readonly step: []; readonly status: Status } {
  return { step: [], status };
}

function applyPlan(plan: object, watch: TaskWatch<unknown>): Promise<unknown> {
  if ("apply" in plan && typeof plan.apply === "function") return plan.apply(watch);
  throw new TypeError("Cannot use a plan that cannot be applied");
}

function closePlan(plan: unknown): void {
  if (typeof plan !== "object" || plan === null || !("close" in plan)) return;
  if (typeof plan.close === "function") plan.close();
}
