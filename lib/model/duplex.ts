/**
 * A connection to a peer, as sessions see it: bytes in both directions, and how the other side ended. Adapters make
 * them of processes and sockets, tests of memory.
 *
 * @module
 */
import type { SyncError } from "../errors.ts";

/** A connection. One reader and one writer. */
export interface Duplex {
  /**
   * The next bytes that arrived.
   *
   * @returns At least one byte; `undefined` when the peer sends no more. What is returned belongs to the caller.
   * @throws {SyncError} code `"connection"` when the connection broke, or what it was closed with.
   */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Sends bytes. They must hold still until they are gone, so they are not to be written to again.
   *
   * @param bytes What is sent.
   * @returns `undefined` when more may be sent at once; otherwise what to wait for before more is. It never rejects: that
   * a peer is gone shows when reading, together with what it said before.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** Says that no more is sent. */
  finish(): void;
  /**
   * Ends both directions, and whatever is at the other end of a process that this one started.
   *
   * @param reason What a reader that waits gets. @default {the end of the bytes}
   */
  close(reason?: SyncError): void;
  /** How the other side ended; known when it has. */
  readonly ended: Promise<PeerEnd>;
}

/** How the other side of a connection ended. */
export interface PeerEnd {
  /** The code that its process ended with; absent for a socket and for a process that a signal ended. */
  readonly exitCode?: number;
  /** The signal that ended its process. */
  readonly signal?: string;
  /** Why it could not be started, or what broke the connection, in the words of the system. */
  readonly failure?: string;
  /** What it said on its standard error, the last lines of it. */
  readonly words: string;
}
