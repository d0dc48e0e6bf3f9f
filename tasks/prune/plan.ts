/**
 * What pruning a store would do, and doing it.
 *
 * @module
 */
import { asSyncError, SyncError } from "../../lib/errors.ts";
import type { Env } from "../../lib/model/env.ts";
import { type Failure, toFailure } from "../../lib/model/event.ts";
import type { RelPath } from "../../lib/model/rel_path.ts";
import type { Tree } from "../../lib/model/tree.ts";
import type { SnapshotName } from "../../lib/snapshot/name.ts";
import { candidatesOf, forgetSetAside, setAside, setAsideBefore } from "../../lib/snapshot/removal.ts";
import { type Candidate, judgeSnapshots, type Verdict } from "../../lib/snapshot/retention.ts";
import { storedSnapshots } from "../../lib/snapshot/store.ts";
import { lockStore, openStore } from "../snapshot/open_store.ts";
import { clearTrees } from "./crew.ts";
import type { ResolvedPruneOptions } from "./options.ts";
import type { PruneReport, PruneSummary, PruneWatch } from "./report.ts";

/** One store and what is to be done with it. */
export interface PruneSubject {
  /** The store, as it was given. */
  readonly store: string;
  /** The options. */
  readonly options: ResolvedPruneOptions;
  /** The world. */
  readonly env: Env;
}

/** What pruning would do: iterate it, and apply exactly that. */
export interface PrunePlan extends Iterable<Verdict> {
  /** The store, as it was given. */
  readonly store: string;
  /** What becomes of every snapshot and why, newest first. */
  readonly verdicts: readonly Verdict[];
  /** The time zone of the policy. */
  readonly timeZone: string;
  /** Totals. */
  readonly summary: PruneSummary;
  /**
   * Removes exactly what the plan says.
   *
   * @param watch Signal and listener.
   * @returns The report.
   * @throws {SyncError} code `"drift"` when a snapshot of the plan is gone or has changed since, `"destination-busy"` when
   * another run changes the store, `"cancelled"` when it was stopped.
   */
  apply(watch?: PruneWatch): Promise<PruneReport>;
}

/** What was decided, and on what grounds. */
interface Decided {
  readonly candidates: readonly Candidate[];
  readonly verdicts: readonly Verdict[];
  readonly summary: PruneSummary;
}

const MOST_FAILURES = 100;

/**
 * Decides, and changes nothing.
 *
 * @param subject The store and the policy.
 * @param watch Signal and listener.
 * @returns The plan.
 * @throws {SyncError} code `"store-unusable"` when there is no store.
 */
export function planPrune(subject: PruneSubject, watch: PruneWatch): PrunePlan {
  const { store, options } = subject;
  signalOf(subject, watch).throwIfStopped();
  const tree = openStore({ store, layer: options.layer, env: subject.env });
  let decided: Decided;
  try {
    decided = decide(tree, subject);
  } finally {
    tree.close();
  }
  const { verdicts, summary } = decided;
  for (const verdict of verdicts) watch.onEvent?.({ type: "verdict", verdict });
  return {
    store,
    verdicts,
    summary,
    timeZone: options.rules.timeZone,
    apply: (later = {}) => runPrune(subject, later, decided),
    [Symbol.iterator]: () => verdicts[Symbol.iterator](),
  };
}

function decide(tree: Tree, { options, env }: PruneSubject): Decided {
  const candidates = candidatesOf(tree, storedSnapshots(tree));
  const verdicts = judgeSnapshots(candidates, options.rules, env.wallClock());
  const kept = verdicts.filter(({ keep }) => keep).length;
  const summary = { kept, removed: verdicts.length - kept, unfinished: setAsideBefore(tree).length };
  return { candidates, verdicts, summary };
}

/**
 * Prunes a store.
 *
 * @param subject The store and the policy.
 * @param watch Signal and listener.
 * @param planned What was decided before. @default {it is decided now}
 * @returns The report.
 * @throws {SyncError} when the store cannot be used or was changed since, or the run was stopped.
 */
export async function runPrune(subject: PruneSubject, watch: PruneWatch, planned?: Decided): Promise<PruneReport> {
  const { store, options: { layer, lockWait }, env } = subject;
  watch.onEvent?.({ type: "start", task: "prune", store });
  const { signal, throwIfStopped } = signalOf(subject, watch);
  throwIfStopped();
  const access = { store, layer, env };
  const tree = openStore(access);
  try {
    const lock = await lockStore(tree, access, { lockWait, signal });
    try {
      return await new PruneRun(subject, watch, tree, signal).run(planned);
    } finally {
      lock.release();
    }
  } finally {
    tree.close();
  }
}

/** One run that has the store for itself. */
class PruneRun {
  readonly #subject: PruneSubject;
  readonly #watch: PruneWatch;
  readonly #tree: Tree;
  readonly #signal: AbortSignal;
  readonly #failures: Failure[] = [];
  readonly #started: number;
  #failureCount = 0;
  #removedEntries = 0;
  #setAside = 0;

  constructor(subject: PruneSubject, watch: PruneWatch, tree: Tree, signal: AbortSignal) {
    this.#subject = subject;
    this.#watch = watch;
    this.#tree = tree;
    this.#signal = signal;
    this.#started = subject.env.now();
  }

  async run(planned: Decided | undefined): Promise<PruneReport> {
    const now = decide(this.#tree, this.#subject);
    if (planned !== undefined) refuseDrift(planned, now);
    const decided = planned ?? now;
    for (const verdict of decided.verdicts) this.#watch.onEvent?.({ type: "verdict", verdict });
    const usedBefore = this.#tree.space()?.usedBytes;
    try {
      const before = setAsideBefore(this.#tree);
      for (const path of before) forgetSetAside(this.#tree, path);
      await clearTrees([...before, ...this.#setAll(decided.verdicts)], {
        tree: this.#tree,
        env: this.#subject.env,
        jobs: this.#subject.options.jobs,
        signal: this.#signal,
        removed: (count) => this.#removed(count),
        failed: (failure) => this.#failed(failure),
      });
    } catch (thrown) {
      this.#end(decided, "stopped", usedBefore);
      throw thrown;
    }
    return this.#end(decided, this.#failureCount === 0 ? "done" : "partial", usedBefore);
  }

  /** From here on none of them is a snapshot any more, whatever happens. The oldest go first. */
  #setAll(verdicts: readonly Verdict[]): RelPath[] {
    const aside: RelPath[] = [];
    for (const { name, keep } of [...verdicts].reverse()) {
      if (keep) continue;
      try {
        aside.push(setAside(this.#tree, name as SnapshotName));
        this.#setAside++;
      } catch (thrown) {
        this.#failed(toFailure(name, asSyncError(thrown)));
      }
    }
    return aside;
  }

  #removed(count: number): void {
    if (count === 0) return;
    this.#removedEntries += count;
    this.#watch.onEvent?.({ type: "progress", removedEntries: this.#removedEntries });
  }

  #failed(failure: Failure): void {
    if (this.#failures.length < MOST_FAILURES) this.#failures.push(failure);
    this.#failureCount++;
    this.#watch.onEvent?.({ type: "failure", failure });
  }

  #end(decided: Decided, outcome: PruneReport["outcome"], usedBefore: number | undefined): PruneReport {
    const { store, env, options } = this.#subject;
    const usedAfter = this.#tree.space()?.usedBytes;
    const report: PruneReport = {
      task: "prune",
      store,
      outcome,
      verdicts: decided.verdicts,
      timeZone: options.rules.timeZone,
      summary: { ...decided.summary, removed: this.#setAside },
      removedEntries: this.#removedEntries,
      ...(usedBefore === undefined || usedAfter === undefined
        ? {}
        : { freedBytes: Math.max(0, usedBefore - usedAfter) }),
      failures: this.#failures,
      failureCount: this.#failureCount,
      durationMs: env.now() - this.#started,
    };
    this.#watch.onEvent?.({ type: "end", report });
    return report;
  }
}

/** What the plan keeps must still be there, as it was; further snapshots do no harm. */
function refuseDrift(planned: Decided, now: Decided): void {
  const present = new Map(now.candidates.map((candidate) => [candidate.name, candidate]));
  for (const candidate of planned.candidates) {
    const found = present.get(candidate.name);
    const isSame = found !== undefined && found.whole === candidate.whole && found.pinned === candidate.pinned &&
      found.tags.join() === candidate.tags.join();
    // A newer snapshot takes `latest` from the one before.
    const isOlder = found !== undefined && candidate.pinned === true && found.pinned === false &&
      now.candidates.length > planned.candidates.length;
    if (isSame || isOlder) continue;
    const why = found === undefined ? "is not there any more" : "is not what it was";
    throw new SyncError("drift", `Cannot apply the plan: snapshot ${candidate.name} ${why}`, {
      path: candidate.name,
      hint: "make a new plan",
    });
  }
}

function signalOf({ options }: PruneSubject, watch: PruneWatch) {
  const signal = AbortSignal.any([options.signal, watch.signal].filter((each) => each !== undefined));
  const throwIfStopped = () => {
    if (signal.aborted) throw new SyncError("cancelled", "Cannot prune: it was stopped");
  };
  return { signal, throwIfStopped };
}
