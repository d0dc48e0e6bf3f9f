/**
 * A peer that is a process of this machine: a remote shell that leads to another one, or the peer itself.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { kill } from "node:process";
import type { Duplex, PeerEnd } from "../model/duplex.ts";
import { LastWords } from "./last_words.ts";
import { StreamDuplex } from "./stream_duplex.ts";

/** How long a process that was told to end may take, before it is made to. */
const GRACE_MS = 2000;

/** What is started. */
export interface SubprocessSpec {
  /** The program and its arguments; no shell sees them. */
  readonly command: readonly string[];
  /** Hears of each line on its standard error. @default {nobody} */
  readonly onWords?: (line: string) => void;
  /** The environment. @default {that of this process} */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a process as a peer.
 *
 * @param spec What to start.
 * @returns The connection. That a program cannot be started is told by {@linkcode Duplex.ended}.
 */
export function startSubprocess({ command, onWords = () => {}, env }: SubprocessSpec): Duplex {
  const [program = "", ...args] = command;
  const words = new LastWords(onWords);
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], ...(env === undefined ? {} : { env }) });
  child.stderr.on("data", (bytes: Uint8Array) => words.push(bytes));
  child.stderr.on("error", () => {});
  return new StreamDuplex({
    input: child.stdout,
    output: child.stdin,
    destroy: () => end(child),
    ended: endOf(child, words),
  });
}

function endOf(child: ChildProcess, words: LastWords): Promise<PeerEnd> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ failure: error.message, words: words.text }));
    // Not "exit": what it said last may come after it.
    child.once("close", (code, signal) => {
      words.end();
      const how = code === null ? (signal === null ? {} : { signal }) : { exitCode: code };
      resolve({ ...how, words: words.text });
    });
  });
}

/** Lets a process end by itself, and makes it when it does not. */
function end(child: ChildProcess): void {
  child.stdin?.destroy();
  child.stdout?.destroy();
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  send(pid, "SIGTERM");
  const timer = setTimeout(() => send(pid, "SIGKILL"), GRACE_MS);
  child.once("exit", () => clearTimeout(timer));
  timer.unref();
}

/** Not `child.kill()`: Deno takes a process for ended after its first signal, whether it was or not. */
function send(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
