/**
 * A peer at the other end of a socket: an rsync daemon.
 *
 * @module
 */
import { createConnection, type Socket } from "node:net";
import { SyncError } from "../errors.ts";
import type { Duplex, PeerEnd } from "../model/duplex.ts";
import { StreamDuplex } from "./stream_duplex.ts";

/** Where to connect. */
export interface SocketSpec {
  /** Name or address of the machine. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** How long connecting may take, in milliseconds. @default {as long as the system tries} */
  readonly timeoutMs?: number | undefined;
}

/**
 * Connects.
 *
 * @param spec Where to.
 * @returns The connection.
 * @throws {SyncError} code `"connection"` when nobody answers, or not in time.
 */
export async function connectSocket({ host, port, timeoutMs }: SocketSpec): Promise<Duplex> {
  const socket = createConnection({ host, port });
  try {
    await connected(socket, timeoutMs);
  } catch (thrown) {
    socket.destroy();
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new SyncError("connection", `Cannot connect to ${host}, port ${port}: ${why}`, {
      hint: "check the name, the port and the firewall, and that an rsync daemon runs there",
      cause: thrown,
    });
  }
  socket.setNoDelay(true);
  return new StreamDuplex({
    input: socket,
    output: socket,
    destroy: () => void socket.destroy(),
    ended: endOf(socket),
  });
}

function connected(socket: Socket, timeoutMs: number | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = timeoutMs === undefined
      ? undefined
      : setTimeout(() => reject(new Error(`nobody answered within ${timeoutMs / 1000} s`)), timeoutMs);
    const settle = (how: () => void) => {
      clearTimeout(timer);
      how();
    };
    socket.once("connect", () => settle(resolve));
    socket.once("error", (error) => settle(() => reject(error)));
  });
}

function endOf(socket: Socket): Promise<PeerEnd> {
  return new Promise((resolve) => {
    socket.once("error", (error) => resolve({ failure: error.message, words: "" }));
    socket.once("close", () => resolve({ words: "" }));
  });
}
