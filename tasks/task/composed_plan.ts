/**
 * The plan of a composed task: the plans of its steps as one value and one document.
 *
 * @module
 */
import { planLines } from "./plan_document.ts";
import { actionsOf, type PlannedStep } from "./planned_step.ts";
import type { StepEvent, StepPath, TaskWatch } from "./step.ts";
import { StepError } from "./step_error.ts";

/** An action of a plan, and the step that it belongs to. */
export interface StepAction {
  /** Names from the outermost task to the step. */
  readonly step: StepPath;
  /** What is planned: what the plan of the step gives, one by one. */
  readonly action: unknown;
}

/** The plan of a composed task. */
export interface ComposedPlan<Report, Event, Plans> extends AsyncIterable<StepAction> {
  /** The plans of the steps, by place or by name as they were given. */
  readonly plans: Plans;
  /** Every step, those of composed ones included, in the order in which they are begun. */
  readonly steps: readonly PlannedStep[];
  /** Every action of every plan. */
  [Symbol.asyncIterator](): AsyncGenerator<StepAction, void, undefined>;
  /** All of it for people: a heading for each step, a line for each action, and totals. */
  text(): Promise<string>;
  /**
   * Carries it out: every plan exactly as it is, and what has none is run. A plan that does not fit any more, because
   * the world or an earlier step changed what it is about, is refused with code `"drift"`, as it would be by itself.
   *
   * @param watch How it is watched and stopped.
   * @returns What running the task would report.
   * @throws {StepError} when a step could not be planned, before anything is changed; or when one fails.
   */
  apply(watch?: TaskWatch<StepEvent<Event>>): Promise<Report>;
  /** Releases what plans hold on to; a plan is of no use then. */
  close(): void;
}

/** What a plan is made of. */
export interface PlanParts<Report, Plans> {
  /** See {@linkcode ComposedPlan.plans}. */
  readonly plans: Plans;
  /** See {@linkcode ComposedPlan.steps}. */
  readonly steps: readonly PlannedStep[];
  /** Carries it out. */
  readonly run: (watch: TaskWatch<StepEvent>) => Promise<Report>;
}

/** Tells composed plans from others. */
const COMPOSED = new WeakSet<object>();

/**
 * Makes a plan.
 *
 * @param parts What it is made of.
 * @returns The plan.
 */
export function composedPlan<Report, Event, Plans>(
  { plans, steps, run }: PlanParts<Report, Plans>,
): ComposedPlan<Report, Event, Plans> {
  const apply = (watch: TaskWatch<StepEvent>) => {
    const refused = steps.find(({ problem }) => problem !== undefined);
    if (refused?.problem !== undefined) return Promise.reject(new StepError(refused.step, refused.problem));
    return run(watch);
  };
  const plan: ComposedPlan<Report, Event, Plans> = {
    plans,
    steps,
    async *[Symbol.asyncIterator]() {
      for (const { step, plan } of steps) {
        for await (const action of actionsOf(plan)) yield { step, action };
      }
    },
    async text() {
      const lines: string[] = [];
      for (const each of steps) for await (const line of planLines(each)) lines.push(`${line}\n`);
      return lines.join("");
    },
    apply: (watch = {}) => apply(watch as TaskWatch<StepEvent>),
    close() {
      for (const { plan } of steps) {
        if (typeof plan === "object" && plan !== null && "close" in plan && typeof plan.close === "function") {
          plan.close();
        }
      }
    },
  };
  COMPOSED.add(plan);
  return plan;
}

/**
 * Whether a plan is one of a composed task.
 *
 * @param plan The plan.
 * @returns Whether it is.
 */
export function isComposedPlan(plan: object): plan is ComposedPlan<unknown, unknown, unknown> {
  return COMPOSED.has(plan);
}
