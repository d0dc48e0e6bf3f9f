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
 * Makes the gate of one thread, open.
 *
 * @returns Memory to share.
 */
export function gateMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/**
 * Enters as a thread that has started.
 *
 * @param gate Its gate.
 * @returns Whether it is still counted on.
 */
export function enterGate(gate: SharedArrayBuffer): boolean {
  return Atomics.compareExchange(new Int32Array(gate), 0, STARTING, ENTERED) === STARTING;
}

/**
 * Closes the gate of a thread that has not entered.
 *
 * @param gate Its gate.
 * @returns Whether the thread is locked out; `false` when it has entered and has to be waited for.
 */
export function closeGate(gate: SharedArrayBuffer): boolean {
  return Atomics.compareExchange(new Int32Array(gate), 0, STARTING, CLOSED) !== ENTERED;
}
