/**
 * A folder that belongs to one run alone, made by whichever of its threads needs it first. Its name is the time of the
 * run; when another run has that name already, a number is added.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";

/** The folder, as plain data that all threads share. */
export interface RunFolder {
  /** Its name, as long as nobody else has it. */
  readonly name: string;
  /** How far it is, and its number. */
  readonly memory: SharedArrayBuffer;
}

const STATE = 0;
const NUMBER = 1;
const FREE = 0;
const BEING_MADE = 1;
const MADE = 2;
const NAP_MS = 1;

/**
 * Decides on a name; nothing is made.
 *
 * @param name The name to try first.
 * @returns The folder.
 */
export function runFolder(name: string): RunFolder {
  return { name, memory: new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT) };
}

/**
 * The name of the folder; the first call makes it.
 *
 * @param folder The folder.
 * @param make Makes a folder; must fail with `"exists"` for a name that is taken.
 * @returns The name that it got.
 * @throws {SyncError} when it cannot be made; the next call tries again.
 */
export function claimFolder(folder: RunFolder, make: (name: string) => void): string {
  const memory = new Int32Array(folder.memory);
  for (;;) {
    const state = Atomics.compareExchange(memory, STATE, FREE, BEING_MADE);
    if (state === MADE) return nameOf(folder, Atomics.load(memory, NUMBER));
    if (state === FREE) return makeFirst(folder, memory, make);
    Atomics.wait(memory, STATE, BEING_MADE, NAP_MS);
  }
}

function makeFirst(folder: RunFolder, memory: Int32Array, make: (name: string) => void): string {
  let next = FREE;
  try {
    const number = firstFree(folder, make);
    Atomics.store(memory, NUMBER, number);
    next = MADE;
    return nameOf(folder, number);
  } finally {
    Atomics.store(memory, STATE, next);
    Atomics.notify(memory, STATE);
  }
}

function firstFree(folder: RunFolder, make: (name: string) => void): number {
  for (let number = 1;; number++) {
    try {
      make(nameOf(folder, number));
      return number;
    } catch (thrown) {
      if (asSyncError(thrown).code !== "exists") throw thrown;
    }
  }
}

function nameOf({ name }: RunFolder, number: number): string {
  return number === 1 ? name : `${name}-${number}`;
}
