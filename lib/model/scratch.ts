/**
 * Space beside memory for what is only of use while this process lives.
 *
 * @module
 */

/** A file that nobody else sees and that leaves nothing behind, whatever happens to the process. */
export interface Scratch {
  /** Writes all bytes at a position. Fails with `"no-space"`. */
  write(bytes: Uint8Array, position: number): void;
  /** Reads bytes at a position into a buffer; returns how many, 0 at the end. */
  read(into: Uint8Array, position: number): number;
  /** Gives the space back. Closing twice does nothing. */
  close(): void;
}
