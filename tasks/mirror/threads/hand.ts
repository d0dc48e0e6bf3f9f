/**
 * One thread beside the main one, as the crew sees it.
 *
 * @module
 */
import { SyncError } from "../../../lib/errors.ts";
import type { Thread } from "../../../lib/model/thread.ts";
import { startThread, workerAddress } from "../../../lib/os/threads.ts";
import { tookBatch } from "./backlog.ts";
import { closeGate } from "./gate.ts";
import type { Pass } from "./passes.ts";
import type { WorkerInit, WorkerMessage, WorkerOrder } from "./worker.ts";

/** What a thread says at the end of a pass. */
export type Passed = Extract<WorkerMessage, { type: "passed" }>;

/** Who hears of a thread. */
export interface HandEvents {
  /** It has something to tell. */
  onMessage(message: WorkerMessage): void;
  /** It died. If it had entered, a directory may be half done. */
  onDeath(error: SyncError, entered: boolean): void;
}

/** A thread at work. */
export class Hand {
  readonly #thread: Thread;
  readonly #gate: SharedArrayBuffer;
  readonly #backlog: SharedArrayBuffer;
  #passed = promiseOf<Passed>();

  /**
   * Starts a thread.
   *
   * @throws {Error} when the runtime does not start threads here.
   */
  constructor(init: WorkerInit, events: HandEvents) {
    this.#gate = init.gate;
    this.#backlog = init.backlog;
    this.#thread = startThread(workerAddress(import.meta.url, "./worker.ts", "tasks/mirror/threads/worker.ts"), init);
    this.#thread.onMessage((message) => {
      const answer = message as WorkerMessage;
      events.onMessage(answer);
      if (answer.type === "passed") this.#passed.resolve(answer);
      else tookBatch(this.#backlog);
    });
    this.#thread.onFailure((reason) => {
      const error = new SyncError("internal", `Cannot go on: a thread ended: ${reason.message}`, { cause: reason });
      this.#passed.reject(error);
      events.onDeath(error, !this.lockOut());
    });
  }

  /** Sends it to work. */
  order(pass: Pass): void {
    this.#thread.post({ pass } satisfies WorkerOrder);
  }

  /** Keeps a thread that is still starting from taking anything; `false` when it has to be waited for. */
  lockOut(): boolean {
    return closeGate(this.#gate);
  }

  /** What the thread found in the pass at hand. */
  async passed(): Promise<Passed> {
    const passed = await this.#passed.promise;
    this.#passed = promiseOf<Passed>();
    return passed;
  }

  /** Ends the thread; resolves when it touches nothing any more. */
  end(): Promise<void> {
    return this.#thread.end();
  }
}

/** A promise that may be rejected while nobody waits for it. */
function promiseOf<Value>(): PromiseWithResolvers<Value> {
  const promise = Promise.withResolvers<Value>();
  promise.promise.catch(() => {});
  return promise;
}
