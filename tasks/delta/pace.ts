/**
 * Long work on bytes is synchronous as far as it can be, and would never hear that it is to stop: from time to time it
 * lets signals be handled, and looks.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import { environment } from "../../lib/os/env.ts";

/** Some ten milliseconds of work. */
const BYTES_PER_TURN = 2 ** 24;

/** Counts bytes of work. */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  readonly #turn = environment().turn;
  #left = BYTES_PER_TURN;

  /** Of work that a signal may stop. */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /**
   * Tells how much was done.
   *
   * @param bytes How many bytes more.
   * @returns What to wait for; mostly nothing.
   * @throws {SyncError} code `"cancelled"` when the work was stopped.
   */
  did(bytes: number): Promise<void> | undefined {
    this.check();
    this.#left -= bytes;
    return this.#left > 0 ? undefined : this.#pause();
  }

  async #pause(): Promise<void> {
    this.#left = BYTES_PER_TURN;
    await this.#turn();
    this.check();
  }

  /**
   * Looks whether to go on.
   *
   * @throws {SyncError} code `"cancelled"` when the work was stopped.
   */
  check(): void {
    if (this.#signal?.aborted === true) throw new SyncError("cancelled", "Cannot finish the file: it was interrupted");
  }
}
