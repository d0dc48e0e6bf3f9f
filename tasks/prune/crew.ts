/**
 * Removes trees that were set aside, several at the same time: this thread begins, and others help when there is more
 * to do than it does in a moment.
 *
 * @module
 */
import { clearTree } from "../../lib/apply/clear_tree.ts";
import { SyncError } from "../../lib/errors.ts";
import type { Env } from "../../lib/model/env.ts";
import { type Failure, toError, toFailure } from "../../lib/model/event.ts";
import type { RelPath } from "../../lib/model/rel_path.ts";
import type { Steps } from "../../lib/model/steps.ts";
import type { Thread } from "../../lib/model/thread.ts";
import type { Tree } from "../../lib/model/tree.ts";
import type { NativeTicket } from "../../lib/os/native_tree.ts";
import { ticketOf } from "../../lib/os/open_tree.ts";
import { startThread, workerAddress } from "../../lib/os/threads.ts";
import { walkSubtree } from "../../lib/scan/subtree.ts";
import type { WorkerInit, WorkerMessage, WorkerOrder } from "./worker.ts";

/** What removing needs. */
export interface CrewInit {
  /** The store. */
  readonly tree: Tree;
  /** The world. */
  readonly env: Env;
  /** Threads that work at the same time, this one included. */
  readonly jobs: number;
  /** Stops the work. */
  readonly signal: AbortSignal;
  /** Hears that so many entries more are gone. */
  readonly removed: (count: number) => void;
  /** Hears of an entry that will not go. */
  readonly failed: (failure: Failure) => void;
}

/** How long this thread works between two turns of the event loop. */
const SLICE_MS = 15;

/**
 * Removes trees.
 *
 * @param paths Where they are.
 * @param init How it is done.
 * @throws {SyncError} code `"cancelled"` when it was stopped; what is left is removed by the next run.
 */
export async function clearTrees(paths: readonly RelPath[], init: CrewInit): Promise<void> {
  const crew = new Crew(paths, init);
  try {
    await crew.work();
  } finally {
    await crew.end();
  }
}

class Crew {
  readonly #init: CrewInit;
  /** Trees that nobody has begun with; the last is taken first. */
  readonly #waiting: RelPath[];
  readonly #threads: Thread[] = [];
  readonly #busy: Promise<void>[] = [];
  #fatal: SyncError | undefined;
  #ended = false;

  constructor(paths: readonly RelPath[], init: CrewInit) {
    this.#waiting = [...paths].reverse();
    this.#init = init;
  }

  async work(): Promise<void> {
    for (let path = this.#waiting.pop(); path !== undefined; path = this.#waiting.pop()) {
      await this.#drive(clearTree(this.#init.tree, path, walkSubtree, {
        removed: this.#init.removed,
        failed: (failed, error) => this.#init.failed(toFailure(failed, error)),
      }));
    }
    const stop = Promise.withResolvers<void>();
    const { signal } = this.#init;
    signal.addEventListener("abort", () => stop.resolve(), { once: true });
    await Promise.race([Promise.all(this.#busy), stop.promise]);
    this.#check();
  }

  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  async #drive(steps: Steps): Promise<void> {
    const { env } = this.#init;
    let sliceEnd = env.now() + SLICE_MS;
    try {
      for (;;) {
        this.#check();
        if (steps.next().done === true) return;
        if (env.now() < sliceEnd) continue;
        this.#callHelpers();
        await env.turn();
        sliceEnd = env.now() + SLICE_MS;
      }
    } finally {
      steps.return();
    }
  }

  #check(): void {
    if (this.#init.signal.aborted) throw new SyncError("cancelled", "Cannot finish pruning: it was stopped");
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  #callHelpers(): void {
    const ticket = ticketOf(this.#init.tree);
    if (ticket === undefined) return;
    const most = Math.min(this.#init.jobs - 1, this.#threads.length + this.#waiting.length);
    while (this.#threads.length < most) this.#busy.push(this.#help(ticket));
  }

  /** One thread, until nothing is waiting. */
  #help(store: NativeTicket): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const address = workerAddress(import.meta.url, "./worker.ts", "tasks/prune/worker.ts");
    const thread = startThread(address, { store } satisfies WorkerInit);
    this.#threads.push(thread);
    const next = () => {
      const path = this.#ended || this.#fatal !== undefined ? undefined : this.#waiting.pop();
      if (path === undefined) resolve();
      else thread.post({ path } satisfies WorkerOrder);
    };
    thread.onMessage((message) => {
      const told = message as WorkerMessage;
      if (told.type === "removed") return this.#init.removed(told.count);
      if (told.type === "failed") return this.#init.failed(told.failure);
      if (told.fatal !== undefined) this.#fatal ??= toError(told.fatal);
      next();
    });
    thread.onFailure((reason) => {
      this.#fatal ??= new SyncError("internal", `Cannot go on: a thread ended: ${reason.message}`, { cause: reason });
      resolve();
    });
    next();
    return promise;
  }
}
