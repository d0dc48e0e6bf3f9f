/**
 * The threads of a run. The main thread begins at once and works in short slices, so that signals, timers and messages
 * are handled; other threads are started only when there turns out to be enough to do, and then take directories from
 * the same frontier.
 *
 * @module
 */
import { jointMemory } from "../../../lib/apply/joint_comparison.ts";
import { addStagedWork, emptyStagedWork } from "../../../lib/apply/staging.ts";
import { asSyncError, SyncError } from "../../../lib/errors.ts";
import type { Env } from "../../../lib/model/env.ts";
import { toError } from "../../../lib/model/event.ts";
import { comparePaths, type RelPath } from "../../../lib/model/rel_path.ts";
import { finish, type Steps } from "../../../lib/model/steps.ts";
import { behindLens } from "../../../lib/scan/mapped_tree.ts";
import { ticketOf } from "../../../lib/os/open_tree.ts";
import type { Action, Delete, RemoveSource, Sweep } from "../../../lib/plan/action.ts";
import { Frontier, frontierMemory, type Pending } from "../../../lib/scan/frontier.ts";
import { backlogMemory } from "./backlog.ts";
import type { Collector } from "../collector.ts";
import type { Ledger } from "../checksums/ledger.ts";
import type { LedgerMaker } from "../checksums/load_ledger.ts";
import type { SelectorMaker } from "../selection/filter_traits.ts";
import { gateMemory } from "./gate.ts";
import { Hand } from "./hand.ts";
import { BATCH, type Batch, BatchingListener, type CounterMemory } from "./listener.ts";
import type { Roots } from "../trees/roots.ts";
import type { MirrorRules } from "../rules.ts";
import { addFindings, type Findings } from "./findings.ts";
import type { Pass } from "./passes.ts";
import { Visitor } from "../visit/visit.ts";

/** How long the main thread works before the event loop has its turn. */
const SLICE_MS = 12;
/** A run that takes longer than this gets its other threads. */
const ALONE_MS = 8;
/** How long the main thread waits for work at most before it looks again. */
const NAP_MS = 20;

/** What a crew works with. */
export interface CrewInit {
  /** The world. */
  readonly env: Env;
  /** Both trees. */
  readonly roots: Roots;
  /** The rules of the run. */
  readonly rules: MirrorRules;
  /** Hears of everything. */
  readonly collector: Collector;
  /** Where numbers go. */
  readonly counters: CounterMemory;
  /** Largest number of threads, this one included. */
  readonly jobs: number;
  /** Takes every action of a survey, when a plan is kept. */
  readonly keep: ((action: Action) => void) | undefined;
  /** Stops the run. */
  readonly signal: AbortSignal;
  /** Makes what selects, when not everything takes part. */
  readonly makeSelector: SelectorMaker | undefined;
  /** Makes what asks the catalog, when there is one. */
  readonly makeLedger: LedgerMaker | undefined;
}

/**
 * What a run that was stopped throws.
 *
 * @returns An error with code `"cancelled"`.
 */
export function stopped(): SyncError {
  return new SyncError("cancelled", "Cannot finish the mirror: it was stopped");
}

/** The threads of one run. */
export class Crew {
  readonly #init: CrewInit;
  readonly #memory = frontierMemory();
  readonly #frontier = new Frontier(this.#memory);
  readonly #listener: BatchingListener;
  readonly #visitor: Visitor;
  readonly #ledger: Ledger | undefined;
  readonly #joint: SharedArrayBuffer | undefined;
  readonly #hands: Hand[] = [];
  #mayHire = false;
  #neverHire = false;
  #staged = emptyStagedWork();
  #fatal: SyncError | undefined;
  #sliceEnd = 0;

  /** Prepares the main thread; others follow when they are needed. */
  constructor(init: CrewInit) {
    this.#init = init;
    const isJoint = init.jobs > 1 && init.rules.apply.content?.inPlace === true;
    this.#joint = isJoint ? jointMemory(init.jobs) : undefined;
    this.#ledger = init.makeLedger?.();
    this.#listener = new BatchingListener(init.counters, 0, init.collector.observed);
    this.#visitor = new Visitor({
      source: init.roots.source,
      destination: init.roots.destination,
      store: init.roots.store?.tree,
      bases: init.roots.bases.trees,
      rules: init.rules,
      listener: this.#listener,
      runId: init.env.randomHex(12),
      keepActions: init.keep !== undefined,
      makeSelector: init.makeSelector,
      ledger: this.#ledger,
      joint: this.#joint,
      slot: 0,
    });
  }

  /**
   * Visits directories until none is left.
   *
   * @param pass What is done in each.
   * @param seeds Where to begin.
   * @returns What all threads found.
   * @throws {SyncError} code `"cancelled"` when the run was stopped, or the failure that ended it.
   */
  async pass(pass: Pass, seeds: readonly Pending[]): Promise<Findings> {
    this.#frontier.reset();
    for (const { path, flags } of seeds) this.#frontier.push(path, flags);
    for (const hand of this.#hands) hand.order(pass);
    this.#mayHire = this.#hands.length === 0 && !this.#neverHire;
    try {
      await this.#work(pass);
    } catch (thrown) {
      this.#frontier.stop();
      await this.#gather();
      throw thrown;
    }
    const findings = await this.#gather();
    if (this.#frontier.stopped) {
      throw new SyncError("internal", "Cannot go on: the walk was stopped and nobody says why");
    }
    return findings;
  }

  async #work(pass: Pass): Promise<void> {
    const frontier = this.#frontier;
    const started = this.#init.env.now();
    this.#sliceEnd = started + SLICE_MS;
    while (!frontier.finished && !frontier.stopped) {
      const pending = frontier.take();
      if (pending === undefined) {
        this.#checkSignal();
        await frontier.waitAsync(NAP_MS);
        await this.#turn();
        continue;
      }
      const visit = this.#visitor.visit(pass, pending, frontier);
      await this.#drive(visit, () => frontier.canShare && this.#hireAfter(started, pass));
      frontier.done();
      frontier.share();
      this.#hireAfter(started, pass);
      if (this.#init.env.now() >= this.#sliceEnd) await this.#turn();
    }
  }

  #hireAfter(started: number, pass: Pass): void {
    if (this.#mayHire && this.#init.env.now() - started > ALONE_MS) this.#hire(pass);
  }

  /** Does the steps of one directory, with turns of the event loop in between. */
  async #drive(steps: Steps, between?: () => void): Promise<void> {
    try {
      while (steps.next().done !== true) {
        if (this.#frontier.stopped) return;
        between?.();
        this.#frontier.share();
        if (this.#listener.size >= BATCH) this.#tell();
        if (this.#init.env.now() >= this.#sliceEnd) await this.#turn();
      }
    } finally {
      steps.return();
    }
  }

  async #turn(): Promise<void> {
    this.#tell();
    await this.#init.env.turn();
    this.#sliceEnd = this.#init.env.now() + SLICE_MS;
    this.#checkSignal();
  }

  #checkSignal(): void {
    if (this.#init.signal.aborted) throw stopped();
  }

  #tell(): void {
    this.#take(this.#listener.takeBatch());
    this.#init.collector.tick();
  }

  #take(batch: Batch): void {
    const { keep, collector } = this.#init;
    if (keep !== undefined) { for (const action of batch.planned) keep(action); }
    collector.add(batch);
  }

  /** Nobody waits for a message, so what goes wrong with it ends the run at the next step. */
  #onMessage(batch: Batch): void {
    try {
      this.#take(batch);
    } catch (thrown) {
      this.#fatal ??= asSyncError(thrown);
      this.#frontier.stop();
    }
  }

  /** Starts the other threads, where the trees can be shared with them. Without them the run only takes longer. */
  #hire(pass: Pass): void {
    this.#mayHire = false;
    const { roots, jobs, rules, counters, keep, collector, env } = this.#init;
    const keepActions = keep !== undefined;
    const source = ticketOf(behindLens(roots.source));
    const destination = roots.destination === undefined ? undefined : ticketOf(roots.destination);
    const store = roots.store?.tree === undefined ? undefined : ticketOf(roots.store.tree);
    if (source === undefined || (roots.destination !== undefined && destination === undefined)) return;
    if (roots.store?.tree !== undefined && store === undefined) return;
    const bases = roots.bases.trees.map((tree) => tree && ticketOf(tree));
    const shared = {
      source,
      destination,
      store,
      bases,
      rules,
      counters,
      keepActions,
      frontier: this.#memory,
      joint: this.#joint,
    };
    try {
      for (let slot = 1; slot < jobs; slot++) {
        const memory = { gate: gateMemory(), backlog: backlogMemory() };
        const own = { slot, ...memory, runId: env.randomHex(12), observed: collector.observed };
        const hand = new Hand({ ...shared, ...own }, {
          onMessage: (message) => this.#onMessage(message.batch),
          onDeath: (error, entered) => this.#onDeath(error, entered),
        });
        hand.order(pass);
        this.#hands.push(hand);
      }
    } catch (thrown) {
      this.#warnAlone(asSyncError(thrown));
    }
  }

  /** A thread that had entered may have left a directory half done; one that had not has left nothing. */
  #onDeath(error: SyncError, entered: boolean): void {
    if (!entered) return this.#warnAlone(error);
    this.#fatal ??= error;
    this.#frontier.stop();
  }

  #warnAlone({ message }: SyncError): void {
    this.#neverHire = true;
    this.#init.collector.warn({ name: "fewer-threads", message: `Another thread cannot be started: ${message}` });
  }

  /** Waits for the other threads and adds up what was found. */
  async #gather(): Promise<Findings> {
    const { collector } = this.#init;
    const findings = this.#takeFindings();
    this.#onMessage(this.#listener.takeBatch());
    collector.addDone(this.#listener.takeDone());
    // A thread that is still starting has nothing to add; waiting for it would only make a short run longer.
    const late = this.#hands.filter((hand) => hand.lockOut());
    for (const hand of late) this.#dismiss(hand);
    for (const ended of await Promise.allSettled(this.#hands.map((hand) => hand.passed()))) {
      if (ended.status === "rejected") {
        this.#fatal ??= asSyncError(ended.reason);
        continue;
      }
      addFindings(findings, ended.value.findings, this.#init.jobs);
      for (const warning of ended.value.findings.checksums.warnings) collector.warn(warning);
      addStagedWork(this.#staged, ended.value.findings.staged);
      this.#visitor.learn(ended.value.findings.staged);
      collector.addDone(ended.value.done);
      if (ended.value.fatal !== undefined) this.#fatal ??= toError(ended.value.fatal);
    }
    collector.progress();
    if (this.#fatal !== undefined) throw this.#fatal;
    return findings;
  }

  #dismiss(hand: Hand): void {
    this.#hands.splice(this.#hands.indexOf(hand), 1);
    hand.end().catch(() => {});
  }

  /**
   * Carries out changes directory by directory, on this thread.
   *
   * @param groups Directories in the order in which they are to be done, and what is to be done in each.
   * @returns Directories in which something old was moved aside.
   */
  async apply(groups: Iterable<readonly [RelPath, readonly Action[]]>): Promise<RelPath[]> {
    return await this.#inOrder(groups, (path, actions) => this.#visitor.applyIn(path, actions));
  }

  /**
   * Removes entries directory by directory, on this thread.
   *
   * @param groups Directories in the order in which they are to be done, and what is to be removed in each.
   */
  async remove(groups: Iterable<readonly [RelPath, readonly (Delete | Sweep)[]]>): Promise<void> {
    await this.#inOrder(groups, (path, actions) => this.#visitor.removeIn(path, actions));
  }

  /**
   * Removes from the source what the destination has, directory by directory, on this thread.
   *
   * @param groups Directories, and what is to be removed from each.
   */
  async removeSources(groups: Iterable<readonly [RelPath, readonly RemoveSource[]]>): Promise<void> {
    await this.#inOrder(groups, (path, actions) => this.#visitor.removeSourcesIn(path, actions));
  }

  /**
   * Sets the metadata of directories that are on both sides, on this thread.
   *
   * @param directories Where something was moved away.
   */
  async settleLeft(directories: Iterable<RelPath>): Promise<void> {
    for (const path of directories) await this.drive(this.#visitor.removeIn(path, [], true));
  }

  /** Does steps on this thread, with turns of the event loop in between. */
  async drive(steps: Steps): Promise<void> {
    this.#frontier.reset();
    this.#sliceEnd = this.#init.env.now() + SLICE_MS;
    await this.#drive(steps);
    this.#checkSignal();
  }

  async #inOrder<Item>(
    groups: Iterable<readonly [RelPath, Item]>,
    work: (path: RelPath, item: Item) => Steps,
  ): Promise<RelPath[]> {
    this.#frontier.reset();
    this.#sliceEnd = this.#init.env.now() + SLICE_MS;
    for (const [path, item] of groups) {
      await this.#drive(work(path, item));
      if (this.#init.env.now() >= this.#sliceEnd) await this.#turn();
    }
    await this.#turn();
    this.#init.collector.addDone(this.#listener.takeDone());
    this.#init.collector.progress();
    return this.#takeFindings().deletions;
  }

  /** What the main thread found; what it staged is kept until the switch. */
  #takeFindings(): Findings {
    const findings = this.#visitor.takeFindings();
    addStagedWork(this.#staged, findings.staged);
    for (const warning of findings.checksums.warnings) this.#init.collector.warn(warning);
    return findings;
  }

  /**
   * Switches everything that was staged, and sets the metadata of its directories.
   *
   * @param flushes Whether it is written to the disk before.
   * @returns Directories in which something old was moved aside.
   */
  async switchStaged(flushes: boolean): Promise<RelPath[]> {
    const { held, directories } = this.#staged;
    if (held.length === 0 && directories.length === 0) return [];
    const { env, collector, roots } = this.#init;
    if (flushes) roots.destination?.flush();
    const work = this.#visitor.switchOf(this.#staged);
    try {
      this.#sliceEnd = env.now() + SLICE_MS;
      await this.#drive(work.prepare());
      await this.#turn();
      this.#staged = emptyStagedWork();
      const started = env.now();
      const entries = work.now();
      collector.switched(entries, env.now() - started);
      finish(work.finish());
    } finally {
      work.close();
    }
    const groups = [...new Set(directories)].sort(comparePaths).map((path) => [path, undefined] as const);
    return await this.#inOrder(groups, (path) => this.#visitor.settleIn(path));
  }

  /** Removes what was staged and was not switched. */
  discardStaged(): void {
    const staged = this.#staged;
    this.#staged = emptyStagedWork();
    if (staged.held.length > 0) finish(this.#visitor.discard(staged));
  }

  /** Ends the other threads; resolves when none of them touches a tree any more. */
  async end(): Promise<void> {
    const ends = this.#hands.map((hand) => hand.end());
    this.#ledger?.close();
    // After a pass they are idle; only where one failed it is not known what the others are doing.
    if (this.#fatal !== undefined) await Promise.allSettled(ends);
    else for (const end of ends) end.catch(() => {});
  }
}
