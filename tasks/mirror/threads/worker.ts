/**
 * The module that worker threads run: it takes directories from the shared frontier until none is left, once for each
 * pass, and sends what it did.
 *
 * @module
 */
import { asSyncError } from "../../../lib/errors.ts";
import { type Failure, toFailure } from "../../../lib/model/event.ts";
import type { Steps } from "../../../lib/model/steps.ts";
import { environment } from "../../../lib/os/env.ts";
import type { NativeTicket } from "../../../lib/os/native_tree.ts";
import { adoptTree } from "../../../lib/os/open_tree.ts";
import { parentThread } from "../../../lib/os/threads.ts";
import type { RunningSummary } from "../../../lib/plan/summary.ts";
import { throughLens } from "../../../lib/scan/mapped_tree.ts";
import { Frontier } from "../../../lib/scan/frontier.ts";
import { type LedgerMaker, loadLedger } from "../checksums/load_ledger.ts";
import { loadSelector, type SelectorMaker } from "../selection/filter_traits.ts";
import { enterGate } from "./gate.ts";
import { BATCH, type Batch, BatchingListener, type CounterMemory } from "./listener.ts";
import { sendBatch } from "./backlog.ts";
import type { MirrorRules } from "../rules.ts";
import type { Findings } from "./findings.ts";
import type { Pass } from "./passes.ts";
import { Visitor } from "../visit/visit.ts";

/** First message to a worker. */
export interface WorkerInit {
  /** The source. */
  readonly source: NativeTicket;
  /** The destination, if there is one. */
  readonly destination: NativeTicket | undefined;
  /** Where old entries are kept, if they have a place of their own. */
  readonly store: NativeTicket | undefined;
  /** Other trees that files may be found in. */
  readonly bases: readonly (NativeTicket | undefined)[];
  /** The rules of the run. */
  readonly rules: MirrorRules;
  /** Twelve hexadecimal digits of this thread's own. */
  readonly runId: string;
  /** Number of this thread. */
  readonly slot: number;
  /** Where numbers go. */
  readonly counters: CounterMemory;
  /** Directories to visit. */
  readonly frontier: SharedArrayBuffer;
  /** Where threads compare large files together, if they do. */
  readonly joint: SharedArrayBuffer | undefined;
  /** Where it says that it has started. */
  readonly gate: SharedArrayBuffer;
  /** Where it counts the batches that the main thread has not taken yet. */
  readonly backlog: SharedArrayBuffer;
  /** Whether actions are kept for a plan. */
  readonly keepActions: boolean;
  /** Whether somebody listens to actions. */
  readonly observed: boolean;
}

/** Further messages to a worker: the pass to work on. */
export interface WorkerOrder {
  /** What is to be done. */
  readonly pass: Pass;
}

/** Messages of a worker. */
export type WorkerMessage =
  | { readonly type: "batch"; readonly batch: Batch }
  | {
    readonly type: "passed";
    readonly findings: Findings;
    readonly done: RunningSummary;
    readonly batch: Batch;
    readonly fatal: Failure | undefined;
  };

/** How long a worker sleeps at most before it looks again. */
const NAP_MS = 100;

/** What was loaded because the rules need it. */
interface Loaded {
  readonly makeSelector: SelectorMaker | undefined;
  readonly makeLedger: LedgerMaker | undefined;
}

/** One worker at work. */
class Worker {
  readonly #frontier: Frontier;
  readonly #listener: BatchingListener;
  readonly #visitor: Visitor;
  readonly #backlog: SharedArrayBuffer;
  readonly #post: (message: WorkerMessage) => void;

  /** Whether the main thread still counted on this one when it had started. */
  readonly entered: boolean;

  constructor(init: WorkerInit, { makeSelector, makeLedger }: Loaded, post: (message: WorkerMessage) => void) {
    this.entered = enterGate(init.gate);
    this.#frontier = new Frontier(init.frontier);
    this.#listener = new BatchingListener(init.counters, init.slot, init.observed);
    this.#backlog = init.backlog;
    this.#post = post;
    this.#visitor = new Visitor({
      source: throughLens(adoptTree(init.source), init.rules.lens),
      destination: init.destination === undefined ? undefined : adoptTree(init.destination),
      store: init.store === undefined ? undefined : adoptTree(init.store),
      bases: init.bases.map((ticket) => ticket && adoptTree(ticket)),
      rules: init.rules,
      listener: this.#listener,
      runId: init.runId,
      keepActions: init.keepActions,
      makeSelector,
      ledger: makeLedger?.(),
      joint: init.joint,
      slot: init.slot,
    });
  }

  work(pass: Pass): void {
    let fatal: Failure | undefined;
    try {
      this.#takeUntilDone(pass);
    } catch (thrown) {
      const error = asSyncError(thrown);
      fatal = toFailure(error.path ?? "", error);
      this.#frontier.stop();
    }
    this.#post({
      type: "passed",
      findings: this.#visitor.takeFindings(),
      done: this.#listener.takeDone(),
      batch: this.#listener.takeBatch(),
      fatal,
    });
  }

  #takeUntilDone(pass: Pass): void {
    const frontier = this.#frontier;
    while (!frontier.stopped) {
      const pending = frontier.take();
      if (pending === undefined) {
        if (frontier.finished) return;
        frontier.wait(NAP_MS);
        continue;
      }
      this.#drive(this.#visitor.visit(pass, pending, frontier));
      frontier.done();
      frontier.share();
      this.#tell();
    }
  }

  /** Sends what there is to tell, and waits when the main thread cannot take it as fast. */
  #tell(): void {
    if (this.#listener.size < BATCH) return;
    sendBatch(this.#backlog, () => this.#frontier.stopped, () => {
      this.#post({ type: "batch", batch: this.#listener.takeBatch() });
    });
  }

  #drive(steps: Steps): void {
    while (steps.next().done !== true) {
      this.#tell();
      this.#frontier.share();
      // Between two steps: the `finally` blocks inside remove what is half done.
      if (this.#frontier.stopped) steps.return();
    }
  }
}

const parent = parentThread();
let worker: Worker | undefined;
/** Orders that came while something was loaded; absent before the first message. */
let waiting: WorkerOrder[] | undefined;

function begin(init: WorkerInit, loaded: Loaded): void {
  worker = new Worker(init, loaded, (answer) => parent.post(answer));
  for (const order of waiting?.splice(0) ?? []) obey(worker, order);
}

function obey(by: Worker, { pass }: WorkerOrder): void {
  if (by.entered) by.work(pass);
}

parent.onMessage((message) => {
  if (worker !== undefined) return obey(worker, message as WorkerOrder);
  if (waiting !== undefined) return void waiting.push(message as WorkerOrder);
  waiting = [];
  const init = message as WorkerInit;
  const { selection, checksums } = init.rules;
  if (selection === undefined && checksums === undefined) {
    return begin(init, { makeSelector: undefined, makeLedger: undefined });
  }
  Promise.all([loadSelector(selection), loadLedger(checksums, environment())])
    .then(([makeSelector, makeLedger]) => begin(init, { makeSelector, makeLedger }));
});
