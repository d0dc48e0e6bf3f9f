/**
 * A task that is made of others: it is run, watched and planned as one.
 *
 * @module
 */
import { environment } from "../../lib/os/env.ts";
import { streamOf } from "../stream.ts";
import { runCommand } from "./command.ts";
import type { ComposedPlan } from "./composed_plan.ts";
import { isCommand, type NamedStep, type StepContext, type StepEvent, type Task, type TaskWatch } from "./step.ts";
import { failureOf, refuseStopped, taskError } from "./step_error.ts";

/** A task that is made of others. Nothing happens before one of its methods is called. */
export interface ComposedTask<Report, Event, Plans> extends Task<Report, StepEvent<Event>> {
  /**
   * Plans all of it and changes nothing.
   *
   * Every step is planned as things are now. A step that works on what an earlier one makes may therefore plan too much
   * or nothing at all; when it is applied, a plan that no longer fits is refused, as ever.
   */
  plan(watch?: TaskWatch<StepEvent<Event>>): Promise<ComposedPlan<Report, Event, Plans>>;
  /**
   * Runs it. When a step fails, what it throws is a {@linkcode StepError}, which names the step and has its code.
   * Stopping it stops every step that runs, and waits until each has tidied up.
   */
  run(watch?: TaskWatch<StepEvent<Event>>): Promise<Report>;
  /** The same as {@linkcode run}, as a stream of events; leaving the loop stops the run. */
  stream(watch?: Omit<TaskWatch<StepEvent<Event>>, "onEvent">): AsyncIterable<StepEvent<Event>>;
}

/** What a composed task does. */
export interface Composition<Report> {
  /** Runs its steps. */
  perform(context: StepContext): Promise<Report>;
  /** Plans its steps. */
  plan(context: StepContext): Promise<ComposedPlan<Report, unknown, unknown>>;
}

/** Tells composed tasks from others: what they say has the names of steps already. */
const COMPOSED = new WeakSet<object>();

/**
 * Makes a composed task.
 *
 * @param composition What it does.
 * @param name Its name, if it has one. @default {undefined}
 * @returns The task.
 */
export function compose<Report, Event, Plans>(
  composition: Composition<Report>,
  name?: string,
): ComposedTask<Report, Event, Plans> {
  const run = (watch: TaskWatch<StepEvent<Event>> = {}) =>
    observed(contextOf(watch), (context) => composition.perform(context));
  const task: ComposedTask<Report, Event, Plans> = {
    ...(name === undefined ? {} : { name }),
    plan: async (watch = {}) => {
      const context = contextOf(watch);
      refuseStopped(context.signal);
      return await composition.plan(context) as ComposedPlan<Report, Event, Plans>;
    },
    run,
    stream: (watch = {}) =>
      streamOf<StepEvent<Event>, TaskWatch<StepEvent<Event>> & { readonly signal?: AbortSignal }>(run, watch),
  };
  return asComposed(task);
}

/**
 * Marks a task as one whose events have the names of steps.
 *
 * @param task The task.
 * @returns The same.
 */
export function asComposed<Each extends Task>(task: Each): Each {
  COMPOSED.add(task);
  return task;
}

/** Events are typed by the steps; inside they are not looked at. */
function contextOf<Event>({ signal, onEvent }: TaskWatch<StepEvent<Event>>): StepContext {
  return {
    signal: signal ?? new AbortController().signal,
    tell: (onEvent ?? (() => {})) as (event: StepEvent) => void,
  };
}

/** Tells the beginning and the end of work, whatever it is. */
async function observed<Report>(
  context: StepContext,
  work: (context: StepContext) => Promise<Report>,
): Promise<Report> {
  const { signal, tell } = context;
  const { now } = environment();
  refuseStopped(signal);
  const began = now();
  tell({ type: "start", step: [] });
  try {
    const report = await work(context);
    tell({ type: "end", step: [], report, durationMs: now() - began });
    return report;
  } catch (thrown) {
    const error = taskError(thrown, signal);
    tell({ type: "fail", step: [], error });
    throw error;
  }
}

/**
 * The same context for a step inside.
 *
 * @param name Name of the step.
 * @param context The context of what it is a step of.
 * @returns A context whose events name the step first.
 */
export function within(name: string, { signal, tell }: StepContext): StepContext {
  return { signal, tell: (event) => tell({ ...event, step: [name, ...event.step] }) };
}

/**
 * The same context for a step that stands in the place of what it is a step of: beginning and end are told once.
 *
 * @param context The context.
 * @returns A context that does not hear of the beginning and the end of the step itself.
 */
export function inPlace({ signal, tell }: StepContext): StepContext {
  const isOwn = ({ type, step }: StepEvent) =>
    step.length === 0 && (type === "start" || type === "end" || type === "fail");
  return { signal, tell: (event) => isOwn(event) ? undefined : tell(event) };
}

/**
 * Runs a step.
 *
 * @param step The step and its name.
 * @param context The context of what it is a step of.
 * @returns What it reports.
 * @throws {StepError} when it fails.
 */
export async function runStep({ name, step }: NamedStep, context: StepContext): Promise<unknown> {
  try {
    return await runUnnamed(step, within(name, context));
  } catch (thrown) {
    throw failureOf(name, taskError(thrown, context.signal));
  }
}

/**
 * Runs a step in the place of what it is a step of.
 *
 * @param step The step.
 * @param context The context.
 * @returns What it reports.
 */
export async function runUnnamed(step: NamedStep["step"], context: StepContext): Promise<unknown> {
  const { signal, tell } = context;
  if (COMPOSED.has(step)) return await (step as Task<unknown, StepEvent>).run({ signal, onEvent: tell });
  const onEvent = (event: unknown) => tell({ type: "event", step: [], event });
  return await observed(
    context,
    () => isCommand(step) ? runCommand(step, signal, onEvent) : step.run({ signal, onEvent }),
  );
}

/**
 * Plans a step.
 *
 * @param step The step.
 * @param context The context.
 * @returns The plan; `undefined` when the step has none.
 */
export async function planUnnamed(step: NamedStep["step"], { signal, tell }: StepContext): Promise<unknown> {
  if (isCommand(step) || !("plan" in step) || typeof step.plan !== "function") return undefined;
  const onEvent = COMPOSED.has(step) ? tell : (event: unknown) => tell({ type: "event", step: [], event });
  return await step.plan({ signal, onEvent });
}
