/**
 * Which threads have started, decided by whoever comes first: a thread that enters is waited for, a thread whose gate
 * was closed never takes anything.
 *
 * @module
 */

/** The thread is starting. */
const STARTING = 0;
/** The thread has started first: it is waited for. */
const ENTERED = 1;
/** The main thread was done first: the thread takes nothing. */
const CLOSED = 2;

/**
 * Makes a gate for each thread, all open.
 *
 * @param threads Number of threads.
 * @returns Memory to share.
 */
export function gateMemory(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threads * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * Enters as a thread that has started.
 *
 * @param memory The gates.
 * @param slot Number of the thread.
 * @returns Whether it is still counted on.
 */
export function enterGate(memory: SharedArrayBuffer, slot: number): boolean {
  return Atomics.compareExchange(new Int32Array(memory), slot, STARTING, ENTERED) === STARTING;
}

/**
 * Closes the gate of a thread that has not entered.
 *
 * @param memory The gates.
 * @param slot Number of the thread.
 * @returns Whether the thread is locked out; `false` when it has entered and has to be waited for.
 */
export function closeGate(memory: SharedArrayBuffer, slot: number): boolean {
  return Atomics.compareExchange(new Int32Array(memory), slot, STARTING, CLOSED) !== ENTERED;
}
