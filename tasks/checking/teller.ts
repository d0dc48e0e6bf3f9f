/**
 * Gathers what a task tells that only reads: failures and warnings are kept for its report and go on to whoever listens.
 *
 * @module
 */
import { printable } from "../../lib/bytes/printable.ts";
import type { SyncError } from "../../lib/errors.ts";
import type { Degradation } from "../../lib/model/capabilities.ts";
import { causeOf } from "../../lib/model/cause.ts";
import { type CauseCounts, CauseTally } from "../../lib/model/cause_tally.ts";
import type { Env } from "../../lib/model/env.ts";
import { type Failure, type SyncEvent, toFailure } from "../../lib/model/event.ts";

/** Failures that are kept; more are only counted. */
const KEPT_FAILURES = 1_000;
const PROGRESS_EVERY_MS = 100;

/** What every report of such a task has. */
export interface Told {
  /** Entries that could not be read: the first thousand. */
  readonly failures: readonly Failure[];
  /** How many there were. */
  readonly failureCount: number;
  /** Entries that failed or were warned of, by cause. */
  readonly causes: CauseCounts;
  /** What this machine, runtime or file system could not do, and each cause that was warned of, in sum. */
  readonly warnings: readonly Degradation[];
  /** How long it took. */
  readonly durationMs: number;
}

/** See the module comment. */
export class Teller<Step, Report> {
  readonly #env: Env;
  readonly #onEvent: ((event: SyncEvent<Step, Report>) => void) | undefined;
  readonly #failures: Failure[] = [];
  readonly #warnings: Degradation[] = [];
  readonly #causes = new CauseTally({});
  readonly #started: number;
  #failureCount = 0;
  #nextProgress: number;

  /** Starts the clock. */
  constructor(env: Env, onEvent: ((event: SyncEvent<Step, Report>) => void) | undefined) {
    this.#env = env;
    this.#onEvent = onEvent;
    this.#started = env.now();
    this.#nextProgress = this.#started + PROGRESS_EVERY_MS;
  }

  /** How many entries could not be read. */
  get failureCount(): number {
    return this.#failureCount;
  }

  /** Passes an event on. */
  emit(event: SyncEvent<Step, Report>): void {
    this.#onEvent?.(event);
  }

  /** Takes one entry that could not be read; one that is gone by now is only warned of. */
  failed(failure: Failure): void {
    switch (this.#causes.take(failure, false)) {
      case "fail":
        this.#failureCount++;
        if (this.#failures.length < KEPT_FAILURES) this.#failures.push(failure);
        return this.emit({ type: "failure", failure });
      case "warn":
        return this.emit({ type: "warning", warning: warningOf(failure), failure });
      case "ignore":
        return;
    }
  }

  /** Takes the error that ends the task; it is thrown, too, so it is only kept for the report. */
  ended(error: SyncError): void {
    this.#failureCount++;
    this.#failures.push(toFailure(error.path ?? "", error));
  }

  /** Says what could not be done, once. */
  warn(warning: Degradation): void {
    if (this.#warnings.some(({ name }) => name === warning.name)) return;
    this.#warnings.push(warning);
    this.emit({ type: "warning", warning });
  }

  /** Says how far the task is, when it is time to. */
  progress(counts: { readonly entries: number; readonly files: number; readonly bytes: number }): void {
    if (this.#onEvent === undefined || this.#env.now() < this.#nextProgress) return;
    this.#nextProgress = this.#env.now() + PROGRESS_EVERY_MS;
    this.emit({ type: "progress", progress: { ...counts, deleted: 0 } });
  }

  /** What belongs into the report. */
  get told(): Told {
    return {
      failures: this.#failures,
      failureCount: this.#failureCount,
      causes: this.#causes.counts,
      warnings: [...this.#warnings, ...this.#causes.warnings],
      durationMs: this.#env.now() - this.#started,
    };
  }
}

function warningOf({ path, code, message }: Failure): Degradation {
  const name = causeOf(code) ?? code;
  return { name, message: name === "vanished" ? `"${printable(path)}" vanished while it was read` : message };
}
