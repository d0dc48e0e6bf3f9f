/**
 * Worker threads of both runtimes and of the standalone binary, as {@linkcode Thread}s.
 *
 * @module
 */
import { parentPort, Worker } from "node:worker_threads";
import { isStandalone } from "./standalone.ts";
import type { Thread } from "../model/thread.ts";

/**
 * Address of a worker's module. In the standalone binary all modules share one address, and embedded entry points lie
 * below its root under the path they have in the project.
 *
 * @param meta `import.meta.url` of the caller.
 * @param relative Path from the caller's module.
 * @param fromRoot Path from the root of the project.
 * @returns Where to load the worker from.
 */
export function workerAddress(meta: string, relative: string, fromRoot: string): URL {
  return isStandalone(meta) ? new URL(`./${fromRoot.replace(/\.ts$/, ".js")}`, meta) : new URL(relative, meta);
}

/**
 * Starts a thread.
 *
 * @param address Module to run, as {@linkcode workerAddress} gives it.
 * @param init Plain data for the thread, its first message.
 * @returns The thread; it ends when it is told to, or with the process.
 */
export function startThread(address: URL, init: unknown): Thread {
  const worker = new Worker(address);
  let ending = false;
  worker.postMessage(init);
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (handler) => void worker.on("message", handler),
    onFailure: (handler) => {
      worker.on("error", (reason) => handler(reason as Error));
      worker.on("messageerror", (reason) => handler(reason as Error));
      worker.on("exit", (code) => {
        if (!ending) handler(new Error(`it left with code ${code}`));
      });
    },
    async end() {
      ending = true;
      worker.unref();
      await worker.terminate();
    },
  };
}

/**
 * The thread that started this one, seen from a worker.
 *
 * @returns Its other end.
 */
export function parentThread(): Thread {
  const port = parentPort!;
  return {
    post: (message) => port.postMessage(message),
    onMessage: (handler) => void port.on("message", handler),
    onFailure: () => {},
    end: () => Promise.resolve(port.close()),
  };
}
