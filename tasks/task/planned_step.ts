/**
 * What is known of a step before it is run.
 *
 * @module
 */
import type { SyncError } from "../../lib/errors.ts";
import type { StepPath } from "./step.ts";

/** A step of a plan that is no composed task itself. */
export interface PlannedStep {
  /** Names from the outermost task to it. */
  readonly step: StepPath;
  /** What is known of it: it has no plan when it changes nothing or is a command, which are run when it is applied. */
  readonly status: "planned" | "no plan" | "skipped" | "refused";
  /** Its plan; absent when there is none. */
  readonly plan?: unknown;
  /** Why it could not be planned. */
  readonly problem?: SyncError;
}

/**
 * What a plan gives one by one.
 *
 * @param plan Any plan, or nothing.
 * @returns Its actions; none when it cannot be iterated.
 */
export async function* actionsOf(plan: unknown): AsyncGenerator<unknown, void, undefined> {
  if (typeof plan !== "object" || plan === null) return;
  if (Symbol.asyncIterator in plan) yield* plan as AsyncIterable<unknown>;
  else if (Symbol.iterator in plan) yield* plan as Iterable<unknown>;
}
