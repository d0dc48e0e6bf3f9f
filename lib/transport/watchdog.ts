/**
 * Ends a connection on which nothing happens any more: not a byte comes, and none can be sent.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import type { Duplex } from "../model/duplex.ts";

/**
 * Watches a connection.
 *
 * @param inner The connection.
 * @param seconds How long it may stand still.
 * @returns The same connection; it is closed with an error of code `"connection"` when it stood still for so long while
 * somebody waited for it.
 */
export function watched(inner: Duplex, seconds: number): Duplex {
  const stalled = (what: string) =>
    new SyncError("connection", `Cannot go on: the peer ${what} for ${seconds} s`, {
      hint: "allow more with --timeout, or look what holds the peer up",
    });
  const within = async <T>(pending: Promise<T>, what: string): Promise<T> => {
    const timer = setTimeout(() => inner.close(stalled(what)), seconds * 1000);
    try {
      return await pending;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    ended: inner.ended,
    read: () => within(inner.read(), "sent nothing"),
    write: (bytes) => {
      const pending = inner.write(bytes);
      return pending === undefined ? undefined : within(pending, "took nothing");
    },
    finish: () => inner.finish(),
    close: (reason) => inner.close(reason),
  };
}
