/**
 * One thread beside the main one, as the crew sees it.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import { toError } from "../../lib/model/event.ts";
import type { Thread } from "../../lib/model/thread.ts";
import { startThread, workerAddress } from "../../lib/os/threads.ts";
import type { FileResult, Job } from "./job.ts";
import type { WorkerInit, WorkerMessage, WorkerOrder } from "./worker.ts";

/** Jobs that a thread has at a time: one that it does, and the next, so that it never waits. */
const DEPTH = 2;

/** A job that somebody waits for. */
export interface PendingJob {
  /** What is to be done. */
  readonly job: Job;
  /** Takes what came of it. */
  readonly done: (results: readonly FileResult[]) => void;
}

/** Who hears of a thread. */
export interface HandEvents {
  /** It can take more, or has ended a job. */
  onMessage(): void;
  /** It cannot go on; its jobs are given back. */
  onFailure(error: SyncError, jobs: readonly PendingJob[]): void;
}

/** A thread at work. */
export class Hand {
  readonly #thread: Thread;
  readonly #events: HandEvents;
  readonly #jobs = new Map<number, PendingJob>();
  #number = 0;
  #isReady = false;
  #left: (() => void) | undefined;

  /**
   * Starts a thread.
   *
   * @throws {Error} when the runtime does not start threads here.
   */
  constructor(init: WorkerInit, events: HandEvents) {
    this.#events = events;
    this.#thread = startThread(workerAddress(import.meta.url, "./worker.ts", "tasks/checking/worker.ts"), init);
    this.#thread.onMessage((message) => this.#hear(message as WorkerMessage));
    this.#thread.onFailure((reason) => {
      this.#fail(new SyncError("internal", `Cannot go on: a thread ended: ${reason.message}`, { cause: reason }));
    });
  }

  /** Whether it takes another job now. */
  get isFree(): boolean {
    return this.#isReady && this.#jobs.size < DEPTH;
  }

  /** Gives it a job. */
  give(pending: PendingJob): void {
    const number = this.#number++;
    this.#jobs.set(number, pending);
    this.#thread.post({ number, job: pending.job } satisfies WorkerOrder);
  }

  /** Ends it; when it is in the middle of a job, as soon as it has heard of the stop. */
  async end(): Promise<void> {
    if (this.#jobs.size > 0 && this.#isReady) await new Promise<void>((resolve) => this.#left = resolve);
    this.#isReady = false;
    await this.#thread.end();
  }

  #hear(message: WorkerMessage): void {
    switch (message.type) {
      case "ready":
        this.#isReady = true;
        break;
      case "failed":
        return this.#fail(toError(message.failure));
      case "left":
        this.#jobs.delete(message.number);
        break;
      case "done": {
        const pending = this.#jobs.get(message.number);
        this.#jobs.delete(message.number);
        pending?.done(message.results);
      }
    }
    if (this.#jobs.size === 0) this.#left?.();
    this.#events.onMessage();
  }

  #fail(error: SyncError): void {
    this.#isReady = false;
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    this.#left?.();
    this.#events.onFailure(error, jobs);
  }
}
