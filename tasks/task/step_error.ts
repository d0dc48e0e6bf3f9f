/**
 * The failure of a step of a composed task.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import type { StepPath } from "./step.ts";

/** A step failed. Code, path and hint are those of its error, which is the `cause`. */
export class StepError extends SyncError {
  /** Which step: the names from the outermost task on. */
  readonly step: StepPath;

  /**
   * Tells which step failed.
   *
   * @param step Names from the outermost task on.
   * @param cause Why.
   */
  constructor(step: StepPath, cause: SyncError) {
    const { code, message, path, hint, side } = cause;
    super(code, `Cannot finish "${step.join("/")}": ${message}`, { path, hint, side, cause });
    this.step = step;
  }
}

/**
 * The failure of a step inside another.
 *
 * @param name Name of the outer one.
 * @param error Why the inner one failed.
 * @returns An error that names both.
 */
export function failureOf(name: string, error: SyncError): StepError {
  if (!(error instanceof StepError)) return new StepError([name], error);
  return new StepError([name, ...error.step], error.cause as SyncError);
}

/**
 * Turns anything that a task threw into an error of the toolkit; what it does not know is code `"task-failed"`.
 *
 * @param thrown What was thrown.
 * @param signal What may have stopped the task.
 * @returns The error.
 */
export function taskError(thrown: unknown, signal: AbortSignal): SyncError {
  if (thrown instanceof SyncError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (signal.aborted) return new SyncError("cancelled", "It was stopped", { cause: thrown });
  return new SyncError("task-failed", message, { cause: thrown });
}

/** How reports say that not all went well. */
const INCOMPLETE: readonly unknown[] = ["partial", "stopped", "different"];

/**
 * Why a task that ended is not complete.
 *
 * @param report What it reported.
 * @returns The error, or `undefined` when nothing says that it is not.
 */
export function incompleteness(report: unknown): SyncError | undefined {
  if (typeof report !== "object" || report === null) return undefined;
  const { outcome, unmet } = report as { readonly outcome?: unknown; readonly unmet?: unknown };
  if (Array.isArray(unmet) && unmet.length > 0) return new SyncError("task-failed", "Its outcome is not as expected");
  return INCOMPLETE.includes(outcome) ? new SyncError("task-failed", `It ended ${outcome}`) : undefined;
}

/**
 * Refuses to go on when it was stopped.
 *
 * @param signal What may have stopped it.
 * @throws {SyncError} code `"cancelled"`.
 */
export function refuseStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new SyncError("cancelled", "It was stopped", { cause: signal.reason });
}
