/**
 * Tasks at the same time.
 *
 * @module
 */
import { environment } from "../../lib/os/env.ts";
import { compose, type ComposedTask, runStep } from "./composed_task.ts";
import { planSteps } from "./plan_step.ts";
import type { StepsReport } from "./sequence.ts";
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
import { incompleteness, refuseStopped } from "./step_error.ts";

const MOST_AT_ONCE = 256;

/** Options of {@linkcode parallel}. */
export interface ParallelOptions {
  /** How many run at once. Tasks of this toolkit use all cores by themselves. @default {the number of cores} */
  readonly limit?: number;
}

/**
 * Makes one task of several that run at the same time. When one fails the others are stopped, and it ends when all of
 * them have tidied up, with the error of the first.
 *
 * @param steps Tasks and dax commands, as a list or by name; they are begun in this order.
 * @param options How many run at once.
 * @returns The task; its report has those of the steps in the form in which they were given.
 * @throws {RangeError} when there are no steps, two have the same name, or the limit is out of its range.
 *
 * @example Two copies at once
 * ```ts
 * import { mirror, parallel } from "undrift";
 *
 * const task = parallel([mirror("photos", "backup/photos"), mirror("photos", "site")]);
 * const { reports: [first, second] } = await task.run();
 * console.log(first.copiedBytes + second.copiedBytes, "bytes");
 * ```
 */
export function parallel<const Each extends Steps>(
  steps: Each,
  options: ParallelOptions = {},
): ComposedTask<StepsReport<ReportsOf<Each>>, EventsOf<Each>, PlansOf<Each>> {
  const { limit = environment().cores } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_AT_ONCE) {
    throw new RangeError(`Cannot run in parallel: limit must be a whole number from 1 to ${MOST_AT_ONCE}, is ${limit}`);
  }
  return parallelOf(steps, namedSteps("parallel task", steps), limit);
}

function parallelOf<const Each extends Steps>(
  steps: Each,
  named: readonly NamedStep[],
  limit: number,
): ComposedTask<StepsReport<ReportsOf<Each>>, EventsOf<Each>, PlansOf<Each>> {
  return compose({
    perform: async (context): Promise<StepsReport<ReportsOf<Each>>> => {
      const { now } = environment();
      const began = now();
      const reports = await new Race(named, context).run(limit);
      const outcome = reports.some((report) => incompleteness(report) !== undefined) ? "partial" : "done";
      const shaped = shapedAs(steps, reports) as ReportsOf<Each>;
      return { task: "parallel", outcome, reports: shaped, durationMs: now() - began };
    },
    plan: (context) => planSteps(steps, named, context, (planned) => parallelOf(steps, planned, limit)),
  });
}

/** Steps that share a way to be stopped. */
class Race {
  readonly #waiting: [at: number, each: NamedStep][];
  readonly #context: StepContext;
  readonly #stop = new AbortController();
  readonly #reports: unknown[] = [];
  #failure: { readonly thrown: unknown } | undefined;

  constructor(named: readonly NamedStep[], { signal, tell }: StepContext) {
    this.#waiting = [...named.entries()];
    this.#context = { signal: AbortSignal.any([signal, this.#stop.signal]), tell };
  }

  /** Runs all of them; ends when the last has ended. */
  async run(limit: number): Promise<readonly unknown[]> {
    await Promise.all(Array.from({ length: Math.min(limit, this.#waiting.length) }, () => this.#work()));
    if (this.#failure !== undefined) throw this.#failure.thrown;
    return this.#reports;
  }

  async #work(): Promise<void> {
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        refuseStopped(this.#context.signal);
        const [at, each] = next;
        this.#reports[at] = await runStep(each, this.#context);
      }
    } catch (thrown) {
      this.#failure ??= { thrown };
      this.#stop.abort();
    }
  }
}
