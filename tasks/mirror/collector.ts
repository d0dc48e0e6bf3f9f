/**
 * Gathers what all threads tell: events go on to whoever listens, failures are kept for the report.
 *
 * @module
 */
import { printable } from "../../lib/bytes/printable.ts";
import type { SyncError } from "../../lib/errors.ts";
import { causeOf, type CausePolicy } from "../../lib/model/cause.ts";
import { type CauseCounts, CauseTally } from "../../lib/model/cause_tally.ts";
import type { Degradation } from "../../lib/model/capabilities.ts";
import type { Env } from "../../lib/model/env.ts";
import { type Failure, toFailure } from "../../lib/model/event.ts";
import type { RelPath } from "../../lib/model/rel_path.ts";
import type { Action } from "../../lib/plan/action.ts";
import { addAction, addSummary, emptySummary, type PlanSummary, type RunningSummary } from "../../lib/plan/summary.ts";
import { type Batch, type CounterMemory, readCounts } from "./threads/listener.ts";
import type { MirrorEvent, MirrorOutcome, MirrorReport } from "./report.ts";

/** Failures that are kept; more are only counted. */
const KEPT_FAILURES = 1_000;
const PROGRESS_EVERY_MS = 100;

/** See the module comment. */
export class Collector {
  /** What was carried out. */
  readonly done: RunningSummary = emptySummary();
  /** Failures that are kept. */
  readonly failures: Failure[] = [];
  /** What could not be kept, each once. */
  readonly warnings: Degradation[] = [];
  /** Number of failures. */
  failureCount = 0;
  /** Whether the root itself could not be made right. */
  rootFailed = false;
  readonly #env: Env;
  readonly #counters: CounterMemory;
  readonly #onEvent: ((event: MirrorEvent) => void) | undefined;
  readonly #tellsActions: boolean;
  readonly #seen = new Set<string>();
  readonly #started: number;
  #totals: { totalFiles: number; totalBytes: number } | undefined;
  #switched: Pick<MirrorReport, "switchedEntries" | "switchMs"> = {};
  #nextProgress: number;
  #isPlanned = false;
  readonly #causes: CauseTally;
  #lastProgress = "";

  /** Starts the clock. */
  constructor(
    env: Env,
    counters: CounterMemory,
    onEvent: ((event: MirrorEvent) => void) | undefined,
    tellsActions = true,
    policy: CausePolicy = {},
  ) {
    this.#env = env;
    this.#counters = counters;
    this.#onEvent = onEvent;
    this.#tellsActions = tellsActions && onEvent !== undefined;
    this.#causes = new CauseTally(policy);
    this.#started = env.now();
    this.#nextProgress = this.#started + PROGRESS_EVERY_MS;
  }

  /** Whether actions have to be sent here one by one. */
  get observed(): boolean {
    return this.#tellsActions;
  }

  /** Passes an event on. */
  emit(event: MirrorEvent): void {
    this.#onEvent?.(event);
  }

  /** Takes what a thread tells. */
  add(batch: Batch): void {
    for (const action of batch.actions) this.emit({ type: "action", action });
    for (const failure of batch.failures) this.addFailure(failure);
  }

  /** Adds what a thread carried out. */
  addDone(done: PlanSummary): void {
    addSummary(this.done, done);
  }

  /** Takes one action that was carried out by other ways. */
  applied(action: Action): void {
    addAction(this.done, action);
    if (this.#tellsActions) this.emit({ type: "action", action });
  }

  /** Takes one failure. The same entry may fail in two passes; it is told once. */
  addFailure(failure: Failure): void {
    this.rootFailed ||= failure.path === "";
    this.#addFailure(failure);
  }

  #addFailure(failure: Failure): void {
    const key = `${failure.code} ${failure.path}`;
    if (this.#seen.has(key)) return;
    if (this.#seen.size < KEPT_FAILURES) this.#seen.add(key);
    switch (this.#causes.take(failure, this.#isPlanned)) {
      case "fail":
        return this.#fail(failure);
      case "warn":
        return this.emit({ type: "warning", warning: warningOf(failure), failure });
      case "ignore":
        return;
    }
  }

  #fail(failure: Failure): void {
    if (this.failures.length < KEPT_FAILURES) this.failures.push(failure);
    this.failureCount++;
    this.emit({ type: "failure", failure });
  }

  /** Takes something that is not as it should be below an entry that is right itself. */
  incomplete(path: RelPath, error: SyncError): void {
    this.#addFailure(toFailure(path, error));
  }

  /** Takes the error that ends the run; no policy makes light of it. */
  ended(error: SyncError): void {
    const failure = toFailure(error.path ?? "", error);
    if (this.failures.some(({ code, path }) => code === failure.code && path === failure.path)) return;
    this.#fail(failure);
  }

  /** Takes an error as a failure. */
  failed(path: RelPath, error: SyncError): void {
    this.addFailure(toFailure(path, error));
  }

  /** Says what could not be kept, once. */
  warn(warning: Degradation): void {
    if (this.warnings.some((known) => known.name === warning.name)) return;
    this.warnings.push(warning);
    this.emit({ type: "warning", warning });
  }

  /** From now on exactly a plan is carried out: an entry that vanishes from the source is a failure, too. */
  followPlan(): void {
    this.#isPlanned = true;
  }

  /** Takes how many entries both sides have. */
  sawEntries({ sourceEntries, destinationEntries, skipped }: PlanSummary): void {
    this.done.sourceEntries = sourceEntries;
    this.done.destinationEntries = destinationEntries;
    this.done.skipped = { ...skipped };
  }

  /** Takes how many entries were switched at once, and how long it took. */
  switched(entries: number, milliseconds: number): void {
    this.#switched = { switchedEntries: entries, switchMs: Math.round(milliseconds * 1000) / 1000 };
  }

  /** Says what is ahead, once it is known. */
  setTotals(planned: PlanSummary): void {
    this.#totals = { totalFiles: planned.files, totalBytes: planned.bytes };
  }

  /** Says how far the run is, when it is time to. */
  tick(): void {
    if (this.#onEvent === undefined || this.#env.now() < this.#nextProgress) return;
    this.progress();
  }

  /** Says how far the run is. */
  progress(): void {
    this.#nextProgress = this.#env.now() + PROGRESS_EVERY_MS;
    const { spared, bytes, ...counts } = readCounts(this.#counters);
    const progress = { ...counts, bytes: bytes + spared, ...this.#totals };
    const text = JSON.stringify(progress);
    if (text === this.#lastProgress) return;
    this.#lastProgress = text;
    this.emit({ type: "progress", progress });
  }

  /** How many entries failed, were warned of, or were ignored so far, by cause. */
  get causes(): CauseCounts {
    return this.#causes.counts;
  }

  /** The report of the run as it is now. */
  report(pair: { readonly source: string; readonly destination: string }, outcome: MirrorOutcome): MirrorReport {
    const { bytes: copiedBytes, spared } = readCounts(this.#counters);
    return {
      task: "mirror",
      source: pair.source,
      destination: pair.destination,
      outcome,
      done: this.done,
      copiedBytes,
      ...(spared === 0 ? {} : { sparedBytes: spared }),
      failures: this.failures,
      failureCount: this.failureCount,
      warnings: [...this.warnings, ...this.#causes.warnings],
      causes: this.#causes.counts,
      unmet: [],
      ...this.#switched,
      durationMs: this.#env.now() - this.#started,
    };
  }
}

/** A warning about one entry; what vanished is named by what happened, not by the call that met it. */
function warningOf({ path, code, message }: Failure): Degradation {
  const name = causeOf(code) ?? code;
  return {
    name,
    message: name === "vanished" ? `"${printable(path)}" vanished from the source while it was mirrored` : message,
  };
}
