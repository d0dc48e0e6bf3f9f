/**
 * Threads, as far as the core sees them: something that takes messages and gives messages.
 *
 * @module
 */

/** The other end of a thread. */
export interface Thread {
  /** Sends plain data. */
  post(message: unknown): void;
  /** Receives plain data. One handler; set it before anything is sent. */
  onMessage(handler: (message: unknown) => void): void;
  /** Hears that the thread ended without being told to, or said something that could not be read. */
  onFailure(handler: (reason: Error) => void): void;
  /** Ends the thread; resolves when it has ended. */
  end(): Promise<void>;
}
