/**
 * Threads that work on the segments of one file. Results come in the order of the segments; a thread is told its next
 * segment when it is done with one, and they are ahead of the one who takes the results by few segments only.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import { toError } from "../../lib/model/event.ts";
import type { Thread } from "../../lib/model/thread.ts";
import { startThread, workerAddress } from "../../lib/os/threads.ts";
import type { Segment } from "./segment.ts";
import type { SegmentWork, WorkerInit, WorkerMessage, WorkerOrder } from "./worker.ts";

/** How far a thread may be ahead of the one who takes the results, in segments. */
const AHEAD = 4;

/**
 * Works on segments.
 *
 * @param init The file, and what to do.
 * @param segments Its segments.
 * @param jobs How many threads.
 * @returns What came of each, in order.
 * @throws {SyncError} when a segment cannot be worked on or a thread dies.
 */
export async function* inThreads<Work extends keyof SegmentWork>(
  init: WorkerInit<Work>,
  segments: readonly Segment[],
  jobs: number,
): AsyncGenerator<SegmentWork[Work]["result"]> {
  const crew = new Crew<SegmentWork[Work]["result"]>(init, segments, jobs);
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
  /** Threads that wait for a segment. */
  readonly #idle: Thread[] = [];
  readonly #ahead: number;
  #ordered = 0;
  #taken = 0;

  constructor(init: unknown, segments: readonly Segment[], jobs: number) {
    this.#segments = segments;
    this.#ahead = jobs * AHEAD;
    this.#results = segments.map(() => Promise.withResolvers<Result>());
    for (const { promise } of this.#results) promise.catch(() => {}); // may fail while nobody waits for it
    this.#threads = Array.from({ length: Math.min(jobs, segments.length) }, () => this.#start(init));
    this.#idle.push(...this.#threads);
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
    this.#results[message.index]?.resolve(message.result as Result);
    this.#idle.push(thread);
    this.#giveOrders();
  }

  #fail(error: SyncError): void {
    for (const { reject } of this.#results) reject(error);
  }

  #giveOrders(): void {
    while (this.#idle.length > 0 && this.#ordered < Math.min(this.#segments.length, this.#taken + this.#ahead)) {
      const segment = this.#segments[this.#ordered++];
      if (segment !== undefined) this.#idle.pop()?.post({ segment } satisfies WorkerOrder);
    }
  }

  /** The result of a segment; they are taken in order. */
  async take(index: number): Promise<Result> {
    const result = await this.#results[index]?.promise;
    if (result === undefined) throw new SyncError("internal", "Cannot work on a segment that does not exist");
    this.#taken = index + 1;
    this.#giveOrders();
    return result;
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}
