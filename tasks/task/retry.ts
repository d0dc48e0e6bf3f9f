/**
 * A task that is tried again.
 *
 * @module
 */
import type { SyncError, SyncErrorCode } from "../../lib/errors.ts";
import { compose, type ComposedTask, inPlace, runUnnamed } from "./composed_task.ts";
import { planAlone } from "./plan_step.ts";
import type { EventOf, PlanOf, ReportOf, Step, StepContext } from "./step.ts";
import { incompleteness, refuseStopped, taskError } from "./step_error.ts";
import { wait } from "./wait.ts";

const MOST_ATTEMPTS = 1000;
/** The longest time that timers know. */
const MOST_MS = 2 ** 31 - 1;

/** What may be otherwise a while later. */
const PASSING: readonly SyncErrorCode[] = [
  "destination-busy",
  "vanished",
  "source-vanished",
  "changed-while-read",
  "io",
  "connection",
  "task-failed",
];

/** Options of {@linkcode retry}. */
export interface RetryOptions {
  /** How often it is tried at most. @default {3} */
  readonly attempts?: number;
  /** How long to wait after the first failure, in milliseconds. @default {1000} */
  readonly waitMs?: number;
  /** By how much longer after each further one. @default {2} */
  readonly factor?: number;
  /** How long to wait at most, in milliseconds. @default {60,000} */
  readonly mostWaitMs?: number;
  /**
   * After which errors it is tried again: their codes, or a function that decides. That it was stopped is no error to
   * try again after.
   *
   * @default {what may pass by itself: a busy destination, what vanished or changed meanwhile, input and output errors, a
   * lost connection, failed commands, and tasks that ended without all of it done}
   */
  readonly on?: readonly SyncErrorCode[] | ((error: SyncError, attempt: number) => boolean);
}

/**
 * Makes a task that is tried again when it fails, with longer and longer waits between. One that ends but says that not
 * all went well (`"partial"`) is tried again, too, as code `"task-failed"`; after the last attempt its report is given.
 *
 * @param step A task or a dax command.
 * @param options How often, after how long, after which errors.
 * @returns The task; its report is that of the attempt that went well. It is planned once, and its plan is applied once.
 * @throws {RangeError} when an option is out of its range.
 *
 * @example Try again when something vanished or changed meanwhile
 * ```ts
 * import { mirror, retry } from "undrift";
 *
 * const task = retry(mirror("photos", "backup/photos"), { attempts: 5, waitMs: 100 });
 * console.log((await task.run()).outcome);
 * ```
 */
export function retry<Each extends Step>(
  step: Each,
  options: RetryOptions = {},
): ComposedTask<ReportOf<Each>, EventOf<Each>, PlanOf<Each>> {
  const resolved = resolve(options);
  return compose({
    perform: async (context) => await tryRepeatedly(step, resolved, context) as ReportOf<Each>,
    plan: (context) => planAlone(step, context),
  });
}

type Resolved = Required<RetryOptions>;

function resolve(options: RetryOptions): Resolved {
  const { attempts = 3, waitMs = 1000, factor = 2, mostWaitMs = 60_000, on = PASSING } = options;
  check("attempts", attempts, 1, MOST_ATTEMPTS);
  if (!Number.isInteger(attempts)) {
    throw new RangeError(`Cannot retry: attempts must be a whole number, is ${attempts}`);
  }
  check("waitMs", waitMs, 0, MOST_MS);
  check("factor", factor, 1, MOST_ATTEMPTS);
  check("mostWaitMs", mostWaitMs, 0, MOST_MS);
  return { attempts, waitMs, factor, mostWaitMs, on };
}

function check(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new RangeError(`Cannot retry: ${name} must be from ${least} to ${most}, is ${value}`);
}

async function tryRepeatedly(step: Step, options: Resolved, context: StepContext): Promise<unknown> {
  const { waitMs, factor, mostWaitMs } = options;
  for (let attempt = 1;; attempt++) {
    const ended = await tryOnce(step, context);
    const { error } = ended;
    if (error === undefined) return ended.report;
    if (attempt >= options.attempts || !isPassing(error, attempt, options) || context.signal.aborted) {
      if ("report" in ended) return ended.report;
      throw error;
    }
    const pause = Math.min(mostWaitMs, waitMs * factor ** (attempt - 1));
    context.tell({ type: "retry", step: [], error, attempt, waitMs: pause });
    await wait(pause, context.signal);
  }
}

function isPassing(error: SyncError, attempt: number, { on }: Resolved): boolean {
  if (error.code === "cancelled") return false;
  return typeof on === "function" ? on(error, attempt) : on.includes(error.code);
}

/** What one attempt gave; a report that is not complete comes with the error that says so. */
interface Ended {
  readonly report?: unknown;
  readonly error?: SyncError | undefined;
}

async function tryOnce(step: Step, context: StepContext): Promise<Ended> {
  const { signal } = context;
  refuseStopped(signal);
  try {
    const report = await runUnnamed(step, inPlace(context));
    return { report, error: incompleteness(report) };
  } catch (thrown) {
    return { error: taskError(thrown, signal) };
  }
}
