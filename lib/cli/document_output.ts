/**
 * A task told as a report: into a stream, or into a file that has its name only when it is complete.
 *
 * @module
 */
import type { Finding } from "../compare/finding.ts";
import { asSyncError, SyncError } from "../errors.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure } from "../model/event.ts";
import { PendingFile } from "../os/pending_file.ts";
import type { Action } from "../plan/action.ts";
import type { ReportDocument } from "../report/document.ts";
import { exitCodeOfError } from "./exit_code.ts";
import type { Conclusion, Output } from "./output.ts";
import { summaryOf } from "./summary_of.ts";

/** Where a report goes. */
export interface Sink {
  /** Adds text. */
  write(text: string): void;
  /** Everything was added. @default {nothing is to be done} */
  finish?(): void;
}

/** See the module comment. */
export class DocumentOutput implements Output {
  readonly listsActions = true;
  readonly showsProgress = false;
  readonly #document: ReportDocument;
  readonly #sink: Sink;
  readonly #complain: (problem: SyncError) => void;
  #failures = 0;
  #problem: SyncError | undefined;

  /** Tells a report; the first trouble with its sink is told at the end. */
  constructor(document: ReportDocument, sink: Sink, complain: (problem: SyncError) => void) {
    this.#document = document;
    this.#sink = sink;
    this.#complain = complain;
  }

  start(task: string, source?: string, destination?: string): void {
    const sides = {
      ...(source === undefined ? {} : { source }),
      ...(destination === undefined ? {} : { destination }),
    };
    this.#write(this.#document.start({ task, ...sides }));
  }

  action(action: Action): void {
    this.#write(this.#document.action(action));
  }

  finding(finding: Finding): void {
    this.#write(this.#document.finding(finding));
  }

  progress(): void {}

  warning(warning: Degradation, entry?: Failure): void {
    this.#write(this.#document.warning(warning, entry));
  }

  failure(failure: Failure): void {
    this.#failures++;
    this.#write(this.#document.failure(failure));
  }

  note(): void {}

  end(conclusion: Conclusion, exitCode: number): number {
    this.#write(this.#document.end(summaryOf(conclusion, exitCode, this.#failures)));
    this.#try(() => this.#sink.finish?.());
    if (this.#problem === undefined) return exitCode;
    this.#complain(this.#problem);
    return exitCode === 0 ? exitCodeOfError(this.#problem.code) : exitCode;
  }

  #write(text: string): void {
    if (text !== "") this.#try(() => this.#sink.write(text));
  }

  /** A run goes on when its report cannot be written any more. */
  #try(action: () => void): void {
    if (this.#problem !== undefined) return;
    try {
      action();
    } catch (thrown) {
      this.#problem = asSyncError(thrown);
    }
  }
}

/**
 * Opens files for reports, before the task begins.
 *
 * @param paths Where.
 * @returns The files.
 * @throws {SyncError} code `"usage"` when one cannot be made; none is left behind then.
 */
export function openReports(paths: readonly string[]): PendingFile[] {
  const files: PendingFile[] = [];
  try {
    for (const path of paths) files.push(new PendingFile(path));
    return files;
  } catch (thrown) {
    for (const file of files) file.discard();
    const { message } = asSyncError(thrown);
    throw new SyncError("usage", message, { cause: thrown, hint: "nothing was changed; name another file" });
  }
}
