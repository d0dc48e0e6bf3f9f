/**
 * Which process something belongs to, so that what a dead one left is told from what a living one holds.
 *
 * @module
 */

/** A process, as far as the system tells. What is not known is empty. */
export interface ProcessIdentity {
  /** Its number. */
  readonly pid: number;
  /** When it was started, in a form of the system's own: a number is used again, both together are not. */
  readonly started: string;
  /** The start of the system under which it runs. */
  readonly boot: string;
  /** Name of its machine. */
  readonly host: string;
}
