/**
 * Tells a snapshot as one task, although it is made by mirrors: their steps go on, their beginnings and ends do not.
 *
 * @module
 */
import { asSyncError } from "../../lib/errors.ts";
import type { Degradation } from "../../lib/model/capabilities.ts";
import type { SnapshotFacts } from "../../lib/report/document.ts";
import { addSummary, emptySummary } from "../../lib/plan/summary.ts";
import { Collector } from "../mirror/collector.ts";
import type { MirrorEvent, MirrorReport } from "../mirror/report.ts";
import { counterMemory } from "../mirror/threads/listener.ts";
import type { SnapshotPair } from "./pair.ts";
import type { SnapshotReport, SnapshotWatch } from "./report.ts";

/** See the module comment. */
export class Telling {
  readonly #pair: SnapshotPair;
  readonly #watch: SnapshotWatch;
  readonly #started: number;
  readonly #warnings: Degradation[] = [];
  #last: MirrorReport | undefined;

  /** Says that the task begins. */
  constructor(pair: SnapshotPair, watch: SnapshotWatch) {
    this.#pair = pair;
    this.#watch = watch;
    this.#started = pair.env.now();
    watch.onEvent?.({ type: "start", task: "snapshot", source: pair.source, destination: pair.store });
  }

  /** What a mirror is watched with. */
  get inner(): { readonly onEvent?: (event: MirrorEvent) => void; readonly actions?: boolean } {
    const { onEvent, actions } = this.#watch;
    const onInner = (event: MirrorEvent) => {
      if (event.type === "end") this.#last = event.report;
      else if (event.type !== "start") onEvent?.(event);
    };
    // Without a listener nobody needs to hear of single actions, which is faster.
    return { onEvent: onInner, actions: onEvent !== undefined && actions !== false };
  }

  /** Says something of the store. */
  warn(warning: Degradation): void {
    this.#warnings.push(warning);
    this.#watch.onEvent?.({ type: "warning", warning });
  }

  /** Says that the task is done. */
  end(report: MirrorReport, snapshot: SnapshotFacts): SnapshotReport {
    return this.#end(this.#reportOf(report, snapshot));
  }

  /** Says that it could not go on, and throws why. */
  fail(thrown: unknown): never {
    const error = asSyncError(thrown);
    this.#end({ ...this.#reportOf(this.#last ?? this.#emptyReport(thrown)), outcome: "stopped" });
    throw error;
  }

  #end(report: SnapshotReport): SnapshotReport {
    this.#watch.onEvent?.({ type: "end", report });
    return report;
  }

  #reportOf(report: MirrorReport, snapshot?: SnapshotFacts): SnapshotReport {
    const { env, source, store } = this.#pair;
    return {
      ...report,
      task: "snapshot",
      source,
      destination: store,
      warnings: [...this.#warnings, ...report.warnings],
      ...(snapshot === undefined ? {} : { snapshot }),
      durationMs: env.now() - this.#started,
    };
  }

  /** What is said when not even a mirror had begun. */
  #emptyReport(thrown: unknown): MirrorReport {
    const { env, source, store, options } = this.#pair;
    const collector = new Collector(env, counterMemory(options.mirror.jobs), this.#watch.onEvent && this.inner.onEvent);
    const error = asSyncError(thrown);
    if (error.code !== "cancelled") collector.ended(error);
    return collector.report({ source, destination: store }, "stopped");
  }
}

/**
 * What several mirrors did, one after the other.
 *
 * @param first The report of the first.
 * @param second The report of the next; what failed in it counts.
 * @returns One report.
 */
export function joinReports(first: MirrorReport, second: MirrorReport): MirrorReport {
  const done = emptySummary();
  for (const report of [first, second]) addSummary(done, report.done);
  const { sourceEntries, destinationEntries, skipped } = second.done;
  return {
    ...second,
    done: { ...done, sourceEntries, destinationEntries, skipped },
    copiedBytes: first.copiedBytes + second.copiedBytes,
    unmet: first.unmet,
    warnings: [
      ...first.warnings,
      ...second.warnings.filter(({ name }) => !first.warnings.some((w) => w.name === name)),
    ],
    durationMs: first.durationMs + second.durationMs,
  };
}
