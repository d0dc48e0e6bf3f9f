/**
 * What the core needs of the world beside trees: clocks, randomness, a turn for the event loop. It is made once in an
 * adapter and handed down; tests make it by hand.
 *
 * @module
 */

/** The world, as a value. */
export interface Env {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** Hexadecimal digits that nobody can guess. */
  randomHex(digits: number): string;
  /** Lets signals, timers and messages be handled. */
  turn(): Promise<void>;
  /** Number of cores this process may use. */
  readonly cores: number;
}
