/**
 * A task told to programs: NDJSON on stdout, the same whether a terminal is there or not. An error that ended the task
 * is on stderr, too, where people look for it.
 *
 * @module
 */
import type { SyncError } from "../errors.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure, Progress } from "../model/event.ts";
import type { Action } from "../plan/action.ts";
import {
  type Ending,
  errorRecord,
  itemRecord,
  startRecord,
  statusRecord,
  type SummaryRecord,
  summaryRecord,
  warningRecord,
} from "../report/ndjson.ts";
import { errorText } from "../report/text.ts";
import { EXIT } from "./exit_code.ts";
import type { Io } from "./io.ts";
import type { Conclusion, Output, OutputSettings } from "./output.ts";

/** How often progress is told at most. */
const PROGRESS_EVERY_MS = 1_000;

/** See the module comment. */
export class NdjsonOutput implements Output {
  readonly listsActions = true;
  readonly showsProgress: boolean;
  readonly #io: Io;
  readonly #explains: boolean;
  #failures = 0;
  #nextProgress: number;

  /** Makes an output. */
  constructor(io: Io, settings: OutputSettings) {
    this.#io = io;
    this.showsProgress = settings.progress;
    this.#explains = settings.explains;
    this.#nextProgress = io.now();
  }

  start(task: string, source?: string, destination?: string): void {
    this.#io.stdout.write(startRecord(task, source, destination));
  }

  action(action: Action): void {
    this.#io.stdout.write(itemRecord(action, this.#explains));
  }

  progress(progress: Progress): void {
    if (!this.showsProgress || this.#io.now() < this.#nextProgress) return;
    this.#nextProgress = this.#io.now() + PROGRESS_EVERY_MS;
    this.#io.stdout.write(statusRecord(progress));
  }

  warning(warning: Degradation, entry?: Failure): void {
    this.#io.stdout.write(warningRecord(warning, entry));
  }

  failure(failure: Failure): void {
    this.#failures++;
    this.#io.stdout.write(errorRecord(failure));
  }

  note(): void {}

  end(conclusion: Conclusion, exitCode: number): void {
    this.#io.stdout.write(summaryRecord({ ...this.#endOf(conclusion, exitCode), exitCode }));
    const error = conclusion.kind === "failed"
      ? conclusion.error
      : conclusion.kind === "planned"
      ? conclusion.refusal
      : undefined;
    if (error !== undefined) this.#io.stderr.write(`${errorText("undrift", error)}\n`);
  }

  #endOf(conclusion: Conclusion, exitCode: number): Omit<SummaryRecord, "exitCode"> {
    if (conclusion.kind === "planned") {
      const { summary, failureCount, causes, refusal } = conclusion;
      return { outcome: "planned", totals: summary, failures: failureCount, causes, ...errorField(refusal) };
    }
    const { finished } = conclusion;
    const totals = finished === undefined ? { failures: this.#failures } : {
      totals: finished.done,
      copiedBytes: finished.copiedBytes,
      failures: finished.failureCount,
      causes: finished.causes,
      durationMs: Math.round(finished.durationMs),
    };
    if (conclusion.kind === "failed") {
      return { outcome: outcomeOf(exitCode), ...totals, ...errorField(conclusion.error) };
    }
    return { outcome: finished!.failureCount === 0 ? "done" : "partial", ...totals };
  }
}

function outcomeOf(exitCode: number): Ending {
  return exitCode === EXIT.refused || exitCode === EXIT.drift ? "refused" : "stopped";
}

function errorField(error: SyncError | undefined): Pick<SummaryRecord, "error"> {
  if (error === undefined) return {};
  const { code, message, hint } = error;
  return { error: { code, message, ...(hint === undefined ? {} : { hint }) } };
}
