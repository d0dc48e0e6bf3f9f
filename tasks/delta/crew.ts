/**
 * Threads that work on the segments of one file. Results come in the order of the segments; a thread is told of its next
 * segments while it works on one, and they are ahead of the one who takes the results by few segments only. This thread
 * may work, too: it has started long before the first of the others has.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import { toError } from "../../lib/model/event.ts";
import type { Thread } from "../../lib/model/thread.ts";
import { environment } from "../../lib/os/env.ts";
import { startThread, workerAddress } from "../../lib/os/threads.ts";
import type { Segment } from "./segment.ts";
import type { SegmentWork, WorkerInit, WorkerMessage, WorkerOrder } from "./worker.ts";

/** How many segments a thread is told of at once: it need not wait until this one has time to hear that it is done. */
const ORDERS = 3;

/** How segments are shared. */
export interface CrewOptions<Result> {
  /** How many threads, with this one if it works. */
  readonly jobs: number;
  /** How far each may be ahead of the one who takes the results, in segments. */
  readonly ahead: number;
  /** Works on a segment in this thread. @default {undefined: the others do everything} */
  readonly own?: (segment: Segment) => Result;
}

/**
 * Works on segments.
 *
 * @param init The file, and what to do.
 * @param segments Its segments.
 * @param options How they are shared.
 * @returns What came of each, in order.
 * @throws {SyncError} when a segment cannot be worked on or a thread dies.
 */
export async function* inThreads<Work extends keyof SegmentWork>(
  init: WorkerInit<Work>,
  segments: readonly Segment[],
  options: CrewOptions<SegmentWork[Work]["result"]>,
): AsyncGenerator<SegmentWork[Work]["result"]> {
  const crew = new Crew<SegmentWork[Work]["result"]>(init, segments, options);
  try {
    for (const { index } of segments) yield await crew.take(index);
  } finally {
    await crew.end();
  }
}

class Crew<Result> {
  readonly #segments: readonly Segment[];
  readonly #results: readonly PromiseWithResolvers<Result>[];
  readonly #threads: readonly Thread[];
  /** Threads that can be told of a segment, once for each that they can be told of. */
  readonly #idle: Thread[] = [];
  readonly #own: ((segment: Segment) => Result) | undefined;
  readonly #done = new Set<number>();
  readonly #ahead: number;
  #hasFailed = false;
  #ordered = 0;
  #taken = 0;

  constructor(init: unknown, segments: readonly Segment[], { jobs, ahead, own }: CrewOptions<Result>) {
    this.#segments = segments;
    this.#own = own;
    this.#ahead = jobs * ahead;
    this.#results = segments.map(() => Promise.withResolvers<Result>());
    for (const { promise } of this.#results) promise.catch(() => {}); // may fail while nobody waits for it
    const others = Math.min(jobs, segments.length) - (own === undefined ? 0 : 1);
    this.#threads = Array.from({ length: others }, () => this.#start(init));
    for (let order = 0; order < ORDERS; order++) this.#idle.push(...this.#threads);
    this.#giveOrders();
  }

  #start(init: unknown): Thread {
    const thread = startThread(workerAddress(import.meta.url, "./worker.ts", "tasks/delta/worker.ts"), init);
    thread.onMessage((message) => this.#hear(thread, message as WorkerMessage));
    thread.onFailure((reason) => {
      this.#fail(new SyncError("internal", `Cannot go on: a thread ended: ${reason.message}`, { cause: reason }));
    });
    return thread;
  }

  #hear(thread: Thread, message: WorkerMessage): void {
    if (message.type === "failed") return this.#fail(toError(message.failure));
    this.#finish(message.index, message.result as Result);
    this.#idle.push(thread);
    this.#giveOrders();
  }

  #finish(index: number, result: Result): void {
    this.#done.add(index);
    this.#results[index]?.resolve(result);
  }

  #fail(error: SyncError): void {
    this.#hasFailed = true;
    for (const { reject } of this.#results) reject(error);
  }

  #giveOrders(): void {
    while (this.#idle.length > 0) {
      const segment = this.#next();
      if (segment === undefined) return;
      this.#idle.shift()?.post({ segment } satisfies WorkerOrder);
    }
  }

  /** The next segment that nobody works on, unless it is too far ahead. */
  #next(): Segment | undefined {
    return this.#ordered < this.#taken + this.#ahead ? this.#segments[this.#ordered++] : undefined;
  }

  /** The result of a segment; they are taken in order. */
  async take(index: number): Promise<Result> {
    await this.#lendHand(index);
    const result = await this.#results[index]?.promise;
    if (result === undefined) throw new SyncError("internal", "Cannot work on a segment that does not exist");
    this.#taken = index + 1;
    this.#giveOrders();
    return result;
  }

  /** Works in this thread, too, while a segment is not done. */
  async #lendHand(index: number): Promise<void> {
    while (this.#own !== undefined && !this.#hasFailed && !this.#done.has(index)) {
      const segment = this.#next();
      if (segment === undefined) return;
      this.#finish(segment.index, this.#own(segment));
      await environment().turn(); // the others are heard
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}
