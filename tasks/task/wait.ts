/**
 * Waiting that can be stopped.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";

/**
 * Waits.
 *
 * @param milliseconds How long.
 * @param signal Ends it early.
 * @throws {SyncError} code `"cancelled"` when it was ended early.
 */
export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new SyncError("cancelled", "It was stopped", { cause: signal.reason }));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}
