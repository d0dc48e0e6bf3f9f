/**
 * What can be composed: tasks of any kind and commands of dax, and what they say, with the names of their steps.
 *
 * @module
 */
import type { SyncError } from "../../lib/errors.ts";
import type { CommandEvent, CommandReport, DaxCommand } from "./command.ts";

/** How a run is watched and stopped. */
export interface TaskWatch<Event> {
  /** Stops the run. @default {undefined} */
  readonly signal?: AbortSignal;
  /** Hears every event as it happens. @default {undefined} */
  readonly onEvent?: (event: Event) => void;
}

/** Anything that does nothing until it is run. `mirror`, `snapshot` and all other tasks are such. */
export interface Task<Report = unknown, Event = unknown> {
  /** Names its step where several have no other names. @default {its number, from 1} */
  readonly name?: string;
  /** Does it. */
  run(watch?: TaskWatch<Event>): Promise<Report>;
}

/** A task or a command of dax. */
export type Step = Task | DaxCommand;

/** Several steps, by place or by name. */
export type Steps = readonly Step[] | Readonly<Record<string, Step>>;

/** What a step reports. */
export type ReportOf<Each> = Each extends DaxCommand ? CommandReport
  : Each extends { run(...args: never[]): Promise<infer Report> } ? Report
  : never;

/** What several steps report, by place or by name as they were given. */
export type ReportsOf<Each extends Steps> = { readonly [Key in keyof Each]: ReportOf<Each[Key]> };

/** What a step plans; `undefined` for one that has no plan. */
export type PlanOf<Each> = Each extends DaxCommand ? undefined
  : Each extends { plan(...args: never[]): Promise<infer Plan> } ? Plan
  : undefined;

/** What several steps plan, by place or by name as they were given. */
export type PlansOf<Each extends Steps> = { readonly [Key in keyof Each]: PlanOf<Each[Key]> | undefined };

/** What a step says; of a composed one, what the steps in it say. */
export type EventOf<Each> = Each extends DaxCommand ? CommandEvent
  : Each extends { run(watch?: infer Watch): unknown } ? LeafEvent<HeardBy<NonNullable<Watch>>>
  : never;

/** What someone who watches hears. */
export type HeardBy<Watch> = Watch extends { readonly onEvent?: infer Hear }
  ? NonNullable<Hear> extends (event: infer Event) => void ? Event : never
  : never;

/** What a step itself says, of all that a composed task says. */
export type LeafEvent<Event> = Event extends
  { readonly type: "event"; readonly step: StepPath; readonly event: infer Leaf } ? Leaf
  : Event extends StepEvent ? never
  : Event;

/** What several steps say. */
export type EventsOf<Each extends Steps> = Each extends readonly (infer One)[] ? EventOf<One>
  : { [Key in keyof Each]: EventOf<Each[Key]> }[keyof Each];

/** Names from the outermost composed task to a step; empty for that task itself. */
export type StepPath = readonly string[];

/** One thing that a composed task says: what happens to a step, or what the step says. */
export type StepEvent<Event = unknown> =
  /** It begins. */
  | { readonly type: "start"; readonly step: StepPath }
  /** It says something. */
  | { readonly type: "event"; readonly step: StepPath; readonly event: Event }
  /** It is not run. */
  | { readonly type: "skip"; readonly step: StepPath }
  /** It failed, and is tried again after a while. */
  | {
    readonly type: "retry";
    readonly step: StepPath;
    /** Why it failed. */
    readonly error: SyncError;
    /** Number of the attempt that failed, from 1. */
    readonly attempt: number;
    /** How long to wait. */
    readonly waitMs: number;
  }
  /** It failed, or was stopped. */
  | { readonly type: "fail"; readonly step: StepPath; readonly error: SyncError }
  /** It is done. */
  | { readonly type: "end"; readonly step: StepPath; readonly report: unknown; readonly durationMs: number };

/** What a step is given. */
export interface StepContext {
  /** Stops it. */
  readonly signal: AbortSignal;
  /** Hears what happens. */
  readonly tell: (event: StepEvent) => void;
}

/**
 * Whether a step is a command of dax.
 *
 * @param step The step.
 * @returns Whether it is.
 */
export function isCommand(step: Step): step is DaxCommand {
  return "spawn" in step && "noThrow" in step;
}

/** A step and its name. */
export interface NamedStep {
  /** Its name, once among its neighbours. */
  readonly name: string;
  /** The step. */
  readonly step: Step;
}

/**
 * Names steps.
 *
 * @param what What they are steps of, for the error.
 * @param steps The steps.
 * @returns All of them in their order.
 * @throws {RangeError} when there is none, one is no task, or two have the same name.
 */
export function namedSteps(what: string, steps: Steps): NamedStep[] {
  const named = Array.isArray(steps)
    ? steps.map((step: Step, at) => ({ name: nameOf(step) ?? String(at + 1), step }))
    : Object.entries(steps).map(([name, step]) => ({ name, step }));
  if (named.length === 0) throw new RangeError(`Cannot make a ${what} of no steps`);
  named.forEach(({ name, step }, at) => {
    if (!isStep(step)) throw new RangeError(`Cannot make a ${what}: "${name}" is no task`);
    const isTwice = named.findIndex((each) => each.name === name) < at;
    if (isTwice) throw new RangeError(`Cannot make a ${what}: two of its steps have the name "${name}"`);
  });
  return named;
}

function nameOf(step: Step): string | undefined {
  return "name" in step && typeof step.name === "string" && step.name !== "" ? step.name : undefined;
}

function isStep(step: unknown): step is Step {
  if (typeof step !== "object" || step === null) return false;
  return ("run" in step && typeof step.run === "function") || isCommand(step as Step);
}

/**
 * What several steps gave, in the form in which the steps were given.
 *
 * @param steps The steps.
 * @param values One for each, in order.
 * @returns A list or a record.
 */
export function shapedAs(steps: Steps, values: readonly unknown[]): unknown {
  if (Array.isArray(steps)) return values;
  return Object.fromEntries(Object.keys(steps).map((name, at) => [name, values[at]]));
}
