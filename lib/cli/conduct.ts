/**
 * What all commands that change something share: the task is told from its beginning to its end, whatever happens, and
 * its end becomes an exit code.
 *
 * @module
 */
import type { MirrorReport } from "../../tasks/mirror/report.ts";
import type { MirrorPlan } from "../../tasks/mirror/plan/plan.ts";
import { asSyncError, SyncError } from "../errors.ts";
import type { Failure, SyncEvent } from "../model/event.ts";
import type { Action } from "../plan/action.ts";
import type { SnapshotFacts } from "../report/document.ts";
import { unmetError } from "../plan/expectation.ts";
import { hasChanges } from "../plan/summary.ts";
import type { Finished } from "../report/text.ts";
import { EXIT, exitCodeOfError, exitCodeOfFailures } from "./exit_code.ts";
import type { Io } from "./io.ts";
import type { Conclusion, Output } from "./output.ts";

/** What tasks that change something report, all of them. */
export interface RunReport extends Omit<MirrorReport, "task"> {
  /** The snapshot that was published, if the task is one. */
  readonly snapshot?: SnapshotFacts;
}

/** What they say while they run. */
export type RunEvent = SyncEvent<Action, RunReport>;

/** A plan that can be shown. */
export type ShownPlan =
  & Pick<MirrorPlan, "summary" | "failureCount" | "causes" | "refusal" | "warnings" | "failures">
  & Partial<Pick<MirrorPlan, "save">>
  & AsyncIterable<Action>;

/** How a run is started and listened to. */
export type RunStart = (watch: {
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  readonly actions: boolean;
  readonly totals: boolean;
}) => Promise<RunReport>;

/** One task, told. */
export class Conductor {
  /** Where it is told. */
  readonly output: Output;
  readonly #io: Io;
  #held: Failure | undefined;
  #report: RunReport | undefined;

  /** Prepares to tell. */
  constructor(io: Io, output: Output) {
    this.#io = io;
    this.output = output;
  }

  /**
   * Runs a task and tells what it does.
   *
   * @param start Starts it.
   * @returns The exit code.
   */
  async run(start: RunStart): Promise<number> {
    const report = await start({
      signal: this.#io.signal,
      onEvent: (event) => this.#hear(event),
      actions: this.output.listsActions,
      totals: this.output.showsProgress,
    });
    this.#releaseHeld();
    const finished = finishedOf(report, false);
    const failed = exitCodeOfFailures(report.failureCount, report.causes);
    if (report.unmet.length === 0) return this.#end({ kind: "ran", finished }, failed);
    const unmet = unmetError(report.unmet, "outcome");
    return this.#end({ kind: "ran", finished, unmet }, failed === EXIT.noSpace ? failed : EXIT.different);
  }

  /**
   * Shows a plan.
   *
   * @param plan The plan.
   * @param options Whether differences decide the exit code, and where the plan is saved.
   * @returns The exit code.
   */
  async show(
    plan: ShownPlan,
    options: { readonly check: boolean; readonly saveAs?: string | undefined },
  ): Promise<number> {
    const { output } = this;
    for (const warning of plan.warnings) output.warning(warning);
    if (output.listsActions) await this.#list(plan);
    for (const failure of plan.failures) output.failure(failure);
    if (options.saveAs !== undefined) await plan.save?.(options.saveAs);
    const { summary, failureCount, causes, refusal } = plan;
    const conclusion: Conclusion = {
      kind: "planned",
      summary,
      failureCount,
      causes,
      ...(refusal === undefined
        ? {}
        : { refusal: new SyncError(refusal.code, refusal.message, { hint: refusal.hint }) }),
    };
    // A plan that is only shown is not refused: it was checked.
    if (refusal?.code === "expectation-failed") return this.#end(conclusion, EXIT.different);
    if (refusal !== undefined) return this.#end(conclusion, exitCodeOfError(refusal.code));
    const failed = exitCodeOfFailures(failureCount, causes);
    const different = options.check && hasChanges(summary) ? EXIT.different : EXIT.done;
    return this.#end(conclusion, failed === EXIT.done ? different : failed);
  }

  /**
   * Tells why a task was refused or could not go on.
   *
   * @param thrown What it threw.
   * @returns The exit code.
   */
  fail(thrown: unknown): number {
    const error = asSyncError(thrown);
    // A run tells the error that ends it as its last failure, too.
    if (this.#held?.message !== error.message) this.#releaseHeld();
    const stop = this.#io.stopCode();
    const finished = this.#report === undefined || !this.#report.done ? undefined : finishedOf(this.#report, true);
    const hasDone = finished !== undefined && (hasChanges(finished.done) || error.code === "cancelled");
    return this.#end(
      {
        kind: "failed",
        error: error.code === "cancelled" ? stopError() : error,
        finished: hasDone ? finished : undefined,
      },
      error.code === "cancelled" && stop !== undefined ? stop : exitCodeOfError(error.code),
    );
  }

  async #list(plan: ShownPlan): Promise<void> {
    const { stdout, signal } = this.#io;
    for await (const action of plan) {
      this.output.action(action);
      if (stdout.isFull) await stdout.drained();
      if (signal.aborted) throw new SyncError("cancelled", "Cannot finish the list: it was stopped");
    }
  }

  #hear(event: RunEvent): void {
    if (event.type !== "end") this.#releaseHeld();
    switch (event.type) {
      case "action":
        return this.output.action(event.action);
      case "progress":
        return this.output.progress(event.progress);
      case "warning":
        return this.output.warning(event.warning, event.failure);
      case "failure":
        this.#held = event.failure;
        return;
      case "end":
        this.#report = event.report;
        return;
      case "start":
        return; // told before the task was even made
    }
  }

  #releaseHeld(): void {
    const failure = this.#held;
    this.#held = undefined;
    if (failure !== undefined) this.output.failure(failure);
  }

  #end(conclusion: Conclusion, exitCode: number): number {
    return this.output.end(conclusion, exitCode);
  }
}

function stopError(): SyncError {
  return new SyncError("cancelled", "Cannot finish: it was interrupted", {
    hint: "what is finished stays; run the same command again to go on",
  });
}

function finishedOf(report: RunReport, stopped: boolean): Finished {
  const { done, copiedBytes, sparedBytes, failureCount, causes, switchedEntries, switchMs, durationMs, snapshot } =
    report;
  return {
    done,
    copiedBytes,
    sparedBytes,
    failureCount,
    causes,
    switchedEntries,
    switchMs,
    durationMs,
    snapshot,
    stopped,
  };
}
