/**
 * Threads that read files, with results in the order in which they were asked for. The main thread asks, and reads, too,
 * in slices, so that signals are handled; others are started when there turns out to be enough to do. What is asked for
 * is ahead of what was taken by a bounded number of batches, so memory is bounded, however slow the taker is.
 *
 * @module
 */
import { asSyncError, SyncError } from "../../lib/errors.ts";
import type { HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import type { Degradation } from "../../lib/model/capabilities.ts";
import type { Env } from "../../lib/model/env.ts";
import type { Steps } from "../../lib/model/steps.ts";
import type { Tree } from "../../lib/model/tree.ts";
import { ticketOf } from "../../lib/os/open_tree.ts";
import type { FileWork } from "./file_work.ts";
import { Hand, type PendingJob } from "./hand.ts";
import type { FileResult, Job } from "./job.ts";

/** How long the main thread works before the event loop has its turn. */
const SLICE_MS = 12;
/** Work that takes longer than this gets its other threads. */
const ALONE_MS = 8;
/** Batches that may be under way or wait to be taken. */
const AHEAD = 256;
/** Jobs that wait to be given to a thread. */
const WAITING = 8;

/** What a crew works with. */
export interface CrewInit {
  /** The world. */
  readonly env: Env;
  /** What is read. */
  readonly trees: readonly Tree[];
  /** Which checksums are taken, if any are. */
  readonly algorithm: HashAlgorithm | undefined;
  /** Reads on the main thread. */
  readonly own: FileWork;
  /** Largest number of threads, this one included. */
  readonly jobs: number;
  /** Stops the work. */
  readonly signal: AbortSignal;
  /** Hears of threads that cannot be started. */
  readonly onWarning: (warning: Degradation) => void;
}

/** Items in order, and what has to be read for them. */
export interface Batch<Item> {
  /** What is asked about. */
  readonly items: readonly Item[];
  /** What has to be read. */
  readonly jobs: readonly Job[];
}

/** A batch that was read. */
export interface ReadBatch<Item> {
  /** What was asked about. */
  readonly items: readonly Item[];
  /** What came of each job. */
  readonly results: readonly (readonly FileResult[])[];
}

/** A batch under way. */
interface Active<Item> {
  readonly items: readonly Item[];
  readonly results: (readonly FileResult[])[];
  open: number;
}

/** See the module comment. */
export class CheckingCrew {
  readonly #init: CrewInit;
  readonly #waiting: PendingJob[] = [];
  readonly #hands: Hand[] = [];
  readonly #stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #started: number;
  #mayHire: boolean;
  #sliceEnd: number;
  /** Asks for more, when there is room for it. */
  #refill: () => void = () => {};
  /** What went wrong while nobody waited. */
  #broken: SyncError | undefined;
  #heard = Promise.withResolvers<void>();

  /** Prepares the main thread; others follow when they are needed. */
  constructor(init: CrewInit) {
    this.#init = init;
    this.#mayHire = init.jobs > 1;
    this.#started = init.env.now();
    this.#sliceEnd = this.#started + SLICE_MS;
  }

  /**
   * Reads what batches ask for. Leaving the loop stops it.
   *
   * @param batches Asked for as they are needed.
   * @returns The batches in order, with what was read.
   * @throws {SyncError} code `"cancelled"` when it was stopped.
   */
  async *read<Item>(batches: Iterator<Batch<Item>>): AsyncGenerator<ReadBatch<Item>, void, undefined> {
    const queue: Active<Item>[] = [];
    let isExhausted = false;
    const wantsMore = () => !isExhausted && queue.length < AHEAD && this.#waiting.length < WAITING;
    this.#refill = () => {
      const until = this.#init.env.now() + SLICE_MS;
      while (wantsMore() && this.#init.env.now() < until) {
        const next = batches.next();
        if (next.done === true) isExhausted = true;
        else queue.push(this.#begin(next.value));
      }
    };
    try {
      for (;;) {
        this.#checkSignal();
        this.#refill();
        this.#giveOrders();
        while (queue[0]?.open === 0) yield queue.shift()!;
        await this.#turnIfDue();
        if (queue.length === 0 && isExhausted) return;
        if (!wantsMore()) await this.#workOrWait();
        if (this.#broken !== undefined) throw this.#broken;
      }
    } finally {
      this.#refill = () => {};
      await this.#end();
    }
  }

  #begin<Item>({ items, jobs }: Batch<Item>): Active<Item> {
    const active: Active<Item> = { items, results: [], open: jobs.length };
    for (const [index, job] of jobs.entries()) {
      this.#waiting.push({
        job,
        done: (results) => {
          active.results[index] = results;
          active.open--;
        },
      });
    }
    return active;
  }

  #giveOrders(): void {
    for (const hand of this.#hands) {
      while (hand.isFree && this.#waiting.length > 0) hand.give(this.#waiting.shift()!);
    }
  }

  /** Does a job on this thread; without one it waits for the others. */
  async #workOrWait(): Promise<void> {
    const pending = this.#waiting.shift();
    if (pending === undefined) {
      await this.#nextMessage();
      return this.#checkSignal();
    }
    const steps = this.#init.own.do(pending.job);
    try {
      pending.done(await this.#drive(steps));
    } finally {
      steps.return([]);
    }
  }

  async #drive(steps: Steps<FileResult[]>): Promise<FileResult[]> {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await this.#turnIfDue();
    }
  }

  async #turnIfDue(): Promise<void> {
    const { env } = this.#init;
    if (this.#mayHire && env.now() - this.#started > ALONE_MS) this.#hire();
    if (env.now() < this.#sliceEnd) return;
    await env.turn();
    this.#checkSignal();
    this.#sliceEnd = env.now() + SLICE_MS;
  }

  #checkSignal(): void {
    if (this.#init.signal.aborted) throw new SyncError("cancelled", "Cannot finish: it was stopped");
  }

  /** Resolves when a thread says something, or when it is to stop. */
  async #nextMessage(): Promise<void> {
    const { signal } = this.#init;
    const wake = () => this.#hear();
    signal.addEventListener("abort", wake);
    try {
      if (!signal.aborted) await this.#heard.promise;
    } finally {
      signal.removeEventListener("abort", wake);
    }
    this.#heard = Promise.withResolvers<void>();
    this.#sliceEnd = this.#init.env.now() + SLICE_MS;
  }

  /** A thread must not wait until the main one is done with a long file. */
  #hear(): void {
    try {
      this.#refill();
      this.#giveOrders();
    } catch (thrown) {
      this.#broken ??= asSyncError(thrown);
    }
    this.#heard.resolve();
  }

  /** Starts the other threads, where the trees can be shared with them. Without them it only takes longer. */
  #hire(): void {
    this.#mayHire = false;
    const { trees, algorithm, jobs } = this.#init;
    const tickets = trees.map(ticketOf).filter((ticket) => ticket !== undefined);
    if (tickets.length < trees.length) return;
    const init = { trees: tickets, algorithm, stop: this.#stop };
    try {
      for (let count = 1; count < jobs; count++) {
        const hand: Hand = new Hand(init, {
          onMessage: () => this.#hear(),
          onFailure: (error, given) => this.#lose(hand, error, given),
        });
        this.#hands.push(hand);
      }
    } catch (thrown) {
      this.#warn(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  /** Reading has left nothing half done: somebody else does it again. */
  #lose(hand: Hand, { message }: SyncError, given: readonly PendingJob[]): void {
    const at = this.#hands.indexOf(hand);
    if (at >= 0) this.#hands.splice(at, 1);
    hand.end().catch(() => {});
    this.#waiting.unshift(...given);
    this.#warn(message);
    this.#hear();
  }

  #warn(why: string): void {
    this.#init.onWarning({ name: "fewer-threads", message: `Another thread cannot be used: ${why}` });
  }

  /** Ends the other threads; resolves when none of them touches a tree any more. */
  async #end(): Promise<void> {
    Atomics.store(new Int32Array(this.#stop), 0, 1);
    await Promise.allSettled(this.#hands.map((hand) => hand.end()));
  }
}
