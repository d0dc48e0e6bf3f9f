/**
 * How commands about a store of snapshots are told: lines for people on stdout and talk on stderr, or NDJSON. Whatever
 * happens, what is told has an end.
 *
 * @module
 */
import { asSyncError, SyncError } from "../errors.ts";
import type { Failure } from "../model/event.ts";
import { errorRecord, record, startRecord, summaryRecord } from "../report/ndjson.ts";
import { type Paint, painter } from "../report/paint.ts";
import { errorText, failureText } from "../report/text.ts";
import { EXIT, exitCodeOfError } from "./exit_code.ts";
import { hasColor, type Io } from "./io.ts";
import type { Values } from "./parse.ts";

/** What is known at the end. */
export interface StoreEnding {
  /** How it ended. */
  readonly outcome: "done" | "planned" | "partial";
  /** How many entries failed. */
  readonly failures: number;
  /** How long it took, where that is of interest. */
  readonly durationMs?: number;
}

/** See the module comment. */
export class StoreOutput {
  /** Whether records are written instead of lines. */
  readonly isJson: boolean;
  /** Colours of lines on stdout. */
  readonly paint: Paint;
  readonly #io: Io;
  readonly #isQuiet: boolean;
  readonly #paintTalk: Paint;
  #failures = 0;

  /** Prepares to tell. */
  constructor(io: Io, values: Values) {
    this.#io = io;
    this.isJson = values.text("format") === "ndjson";
    this.#isQuiet = values.isOn("quiet");
    const color = (values.text("color") ?? "auto") as "auto" | "always" | "never";
    this.paint = painter(hasColor(color, io.stdout, io.env));
    this.#paintTalk = painter(hasColor(color, io.stderr, io.env));
  }

  /**
   * Tells a task from its beginning to its end.
   *
   * @param task Its name.
   * @param store The store, as it was given.
   * @param work Does it, and says how it ended.
   * @returns The exit code.
   */
  async tell(task: string, store: string, work: () => Promise<StoreEnding>): Promise<number> {
    if (this.isJson) this.#io.stdout.write(startRecord({ task, source: store }));
    try {
      const ending = await work();
      const exitCode = ending.failures === 0 ? EXIT.done : EXIT.partial;
      if (this.isJson) this.#io.stdout.write(summaryRecord({ ...ending, exitCode }));
      return exitCode;
    } catch (thrown) {
      return this.fail(thrown);
    }
  }

  /** Writes lines for people. */
  lines(text: string): void {
    if (!this.isJson) this.#io.stdout.write(text);
  }

  /** Writes a record for programs. */
  record(type: string, fields: object): void {
    if (this.isJson) this.#io.stdout.write(record(type, fields));
  }

  /** Says something that is of interest and no data. */
  note(text: string): void {
    if (!this.isJson && !this.#isQuiet) this.#io.stderr.write(`${text}\n`);
  }

  /** Tells of something that could not be done or looked at. */
  failure(failure: Failure): void {
    this.#failures++;
    if (this.isJson) this.#io.stdout.write(errorRecord(failure));
    else this.#io.stderr.write(`${failureText(failure, this.#paintTalk)}\n`);
  }

  /** Tells why it could not go on, and gives the exit code. */
  fail(cause: unknown): number {
    const thrown = asSyncError(cause);
    const isStop = thrown.code === "cancelled";
    const exitCode = isStop ? this.#io.stopCode() ?? EXIT.interrupted : exitCodeOfError(thrown.code);
    if (exitCode === EXIT.readerGone) return exitCode;
    const error = isStop ? stopError() : thrown;
    const { code, message, hint } = error;
    const told = { code, message, ...(hint === undefined ? {} : { hint }) };
    if (this.isJson) {
      const outcome = isStop || this.#failures > 0 ? "stopped" : "refused";
      this.#io.stdout.write(summaryRecord({ outcome, exitCode, failures: this.#failures, error: told }));
    }
    if (code === "internal") throw thrown;
    this.#io.stderr.write(`${errorText("undrift", error, this.#paintTalk)}\n`);
    return exitCode;
  }
}

function stopError(): SyncError {
  return new SyncError("cancelled", "Cannot finish: it was interrupted", {
    hint: "nothing is half done; run the same command again to go on",
  });
}
