/**
 * Tasks that a program defines.
 *
 * @module
 */
import { compose, type ComposedTask, runStep } from "./composed_task.ts";
import { composedPlan } from "./composed_plan.ts";
import { planAlone } from "./plan_step.ts";
import type { ReportOf, Step, StepContext, TaskWatch } from "./step.ts";

/** What a defined task works with. */
export interface TaskTools<Event = unknown> {
  /** Aborts when the task is to stop. */
  readonly signal: AbortSignal;
  /** Tells who watches the task something. */
  tell(event: Event): void;
  /**
   * Runs another task or a dax command as a step of this one: it is told of, and stopped with it.
   *
   * @param name Name of the step.
   * @param step The task or command.
   * @returns What it reports.
   * @throws {StepError} when it fails.
   */
  run<Each extends Step>(name: string, step: Each): Promise<ReportOf<Each>>;
}

/** A plan of a task that a program defines; what it is beside that is up to the program. */
export interface DefinedPlan<Report> {
  /** Carries out exactly this plan. */
  apply(watch?: TaskWatch<unknown>): Promise<Report>;
}

/** Options of {@linkcode defineTask}. */
export interface DefineOptions<Event, Plan> {
  /** Plans it and changes nothing. A plan that is iterated gives its actions to the plan of the whole.
   * @default {the task has no plan; where others are applied it is run} */
  readonly plan?: (tools: Omit<TaskTools<Event>, "run">) => Plan | Promise<Plan>;
}

/**
 * Makes a task of a function. It does nothing until it is run, can be a step of others, and what it runs by
 * `run(name, task)` are its own steps: so one step can use what another reported.
 *
 * When the function ends, steps that it did not wait for are waited for; when it throws, they are stopped.
 *
 * @param name Its name, where it is a step of a list.
 * @param work What it does; what it returns is the report.
 * @param options Its plan.
 * @returns The task.
 * @throws {RangeError} when the name is empty.
 *
 * @example Use what an earlier step reported
 * ```ts
 * import { defineTask, mirror } from "undrift";
 *
 * const publish = defineTask("publish", async ({ run, tell }) => {
 *   const first = await run("site", mirror("dist", "site"));
 *   tell(`${first.done.files} files`);
 *   return first.done.files === 0 ? undefined : await run("backup", mirror("site", "backup/site"));
 * });
 * for await (const event of publish.stream()) console.log(event.type, event.step.join("/"));
 * ```
 */
export function defineTask<Report, Event = unknown, Plan extends DefinedPlan<Report> | undefined = undefined>(
  name: string,
  work: (tools: TaskTools<Event>) => Report | Promise<Report>,
  options: DefineOptions<Event, Plan> = {},
): ComposedTask<Report, Event, Plan> {
  if (name === "") throw new RangeError("Cannot define a task without a name");
  const { plan } = options;
  const task: ComposedTask<Report, Event, Plan> = compose({
    perform: (context) => new Workshop(context).run(work),
    async plan(context) {
      if (plan === undefined) {
        const steps = [{ step: [], status: "no plan" }] as const;
        return composedPlan({ plans: undefined, steps, run: (watch) => task.run(watch as object) });
      }
      const tools = {
        signal: context.signal,
        tell: (event: Event) => context.tell({ type: "event", step: [], event }),
      };
      return await planAlone({ run: (watch) => task.run(watch as object), plan: () => plan(tools) } as Step, context);
    },
  }, name);
  return task;
}

/** Where the function of a task works: its steps end with it. */
class Workshop {
  readonly #context: StepContext;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor({ signal, tell }: StepContext) {
    this.#context = { signal: AbortSignal.any([signal, this.#stop.signal]), tell };
  }

  async run<Report, Event>(work: (tools: TaskTools<Event>) => Report | Promise<Report>): Promise<Report> {
    const { signal, tell } = this.#context;
    try {
      const report = await work({
        signal,
        tell: (event) => tell({ type: "event", step: [], event }),
        run: <Each extends Step>(name: string, step: Each) => this.#step(name, step) as Promise<ReportOf<Each>>,
      });
      await Promise.all(this.#running);
      return report;
    } catch (thrown) {
      this.#stop.abort();
      await Promise.allSettled(this.#running);
      throw thrown;
    }
  }

  #step(name: string, step: Step): Promise<unknown> {
    const running = runStep({ name, step }, this.#context);
    this.#running.add(running);
    // Who called it hears of its failure, and so does the end of the task.
    running.then(() => this.#running.delete(running), () => {});
    return running;
  }
}
