/**
 * Work that can be left between two steps. Synchronous calls are fast, and a signal can only be handled when nothing
 * runs; so long work is written as a generator that yields now and then. A worker drives it to the end; the main thread
 * lets the event loop have its turn in between; a stop ends it at a `yield`, where its `finally` blocks tidy up.
 *
 * @module
 */

/** Work in steps, with a result. */
export type Steps<Result = void> = Generator<undefined, Result, undefined>;

/**
 * Does all steps at once.
 *
 * @param steps The work.
 * @returns Its result.
 */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
