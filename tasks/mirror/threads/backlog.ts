/**
 * Back-pressure between threads: a thread counts the batches that it has sent and the main thread has not taken yet,
 * and waits when they are too many. So what waits in the main thread's queue stays small, however fast others are.
 *
 * @module
 */

/** Batches that may wait. */
const MOST_WAITING = 8;
/** How long a thread sleeps at most before it looks if the run was stopped. */
const NAP_MS = 50;

/**
 * Makes the memory of one thread, with nothing waiting.
 *
 * @returns Memory to share.
 */
export function backlogMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/**
 * Sends a batch, and sleeps after it until the main thread has taken enough of what waits. Blocks the thread.
 *
 * @param memory Memory of this thread.
 * @param stopped Whether the run was stopped; then nothing is waited for.
 * @param send Sends the batch.
 */
export function sendBatch(memory: SharedArrayBuffer, stopped: () => boolean, send: () => void): void {
  const waiting = new Int32Array(memory);
  Atomics.add(waiting, 0, 1);
  send();
  for (;;) {
    const count = Atomics.load(waiting, 0);
    if (count < MOST_WAITING || stopped()) return;
    Atomics.wait(waiting, 0, count, NAP_MS);
  }
}

/**
 * Says that a batch was taken.
 *
 * @param memory Memory of the thread that sent it.
 */
export function tookBatch(memory: SharedArrayBuffer): void {
  const waiting = new Int32Array(memory);
  Atomics.sub(waiting, 0, 1);
  Atomics.notify(waiting, 0);
}
