/**
 * A task told to programs: NDJSON on stdout, the same whether a terminal is there or not. An error that ended the task
 * is on stderr, too, where people look for it.
 *
 * @module
 */
import type { Finding } from "../compare/finding.ts";
import type { SyncError } from "../errors.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure, Progress } from "../model/event.ts";
import type { Action } from "../plan/action.ts";
import {
  errorRecord,
  findingRecord,
  itemRecord,
  startRecord,
  statusRecord,
  summaryRecord,
  warningRecord,
} from "../report/ndjson.ts";
import { errorText } from "../report/text.ts";
import { EXIT } from "./exit_code.ts";
import type { Io } from "./io.ts";
import type { Conclusion, Output, OutputSettings } from "./output.ts";
import { summaryOf } from "./summary_of.ts";

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
    const sides = {
      ...(source === undefined ? {} : { source }),
      ...(destination === undefined ? {} : { destination }),
    };
    this.#io.stdout.write(startRecord({ task, ...sides }));
  }

  action(action: Action): void {
    this.#io.stdout.write(itemRecord(action, this.#explains));
  }

  finding(finding: Finding): void {
    this.#io.stdout.write(findingRecord(finding));
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

  end(conclusion: Conclusion, exitCode: number): number {
    if (exitCode === EXIT.readerGone) return exitCode;
    this.#io.stdout.write(summaryRecord(summaryOf(conclusion, exitCode, this.#failures)));
    const error = errorOf(conclusion);
    if (error !== undefined) this.#io.stderr.write(`${errorText("undrift", error)}\n`);
    return exitCode;
  }
}

function errorOf(conclusion: Conclusion): SyncError | undefined {
  switch (conclusion.kind) {
    case "failed":
      return conclusion.error;
    case "planned":
      return conclusion.refusal;
    case "ran":
      return conclusion.unmet;
    case "checked":
      return undefined;
  }
}
