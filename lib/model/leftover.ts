/**
 * Temporary names. Content is written under such a name and renamed over the old entry; what an interrupted run left
 * is recognised by it, in a source (never copied) and in a destination (swept).
 *
 * @module
 */

/** First bytes of every temporary name. */
export const TEMPORARY_PREFIX = ".undrift-";

const TEMPORARY_REGEXP = /^\.undrift-[0-9a-f]{12}-[0-9a-z]+\.tmp$/;

/**
 * Makes a temporary name. It is short whatever the final name is, so a final name of 255 bytes works.
 *
 * @param run Twelve hexadecimal digits that are this run's own.
 * @param serial Number within the run.
 * @returns The name.
 */
export function temporaryName(run: string, serial: number): string {
  return `${TEMPORARY_PREFIX}${run}-${serial.toString(36)}.tmp`;
}

/**
 * Tells whether a name is one that {@linkcode temporaryName} makes.
 *
 * @param name Name of an entry.
 * @returns Whether it is a leftover of an interrupted run (or the work of a running one).
 */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY_REGEXP.test(name);
}

/** Temporary names of one thread, none of them twice. */
export class TemporaryNames {
  readonly #run: string;
  #serial = 0;

  /** Starts counting; `run` is twelve hexadecimal digits of this thread's own. */
  constructor(run: string) {
    this.#run = run;
  }

  /** The next name. */
  next(): string {
    return temporaryName(this.#run, this.#serial++);
  }
}
