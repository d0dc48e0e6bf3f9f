/**
 * Why a session could not begin, in words that say what to do. A remote shell tells it by an exit code, by what it
 * printed, or by what came where the protocol should have begun.
 *
 * @module
 */
import { decodeName } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import type { PeerEnd } from "../model/duplex.ts";

/** What is known of a session that did not begin. */
export interface FailedStart {
  /** The machine, for people. */
  readonly peer: string;
  /** The command that was to reach it. */
  readonly command: readonly string[];
  /** How that command ended. */
  readonly end: PeerEnd;
  /** The first bytes that came, if any. */
  readonly received: Uint8Array;
}

/** Exit codes of ssh and of shells. */
const CODE = { ssh: 255, notExecutable: 126, notFound: 127 } as const;
/** The version that a session begins with is four bytes, and no peer's is larger. */
const VERSION_BYTES = 4;
const MOST_VERSION = 99;
const OLDEST_SPOKEN = 30;
const SHOWN_BYTES = 80;

/** What ssh says, and what helps. */
const SSH_HINTS: readonly (readonly [said: RegExp, hint: string])[] = [
  [
    /host key verification failed|identification has changed/i,
    "check the machine's host key, then put it into known_hosts",
  ],
  [/permission denied/i, "check the user's name and that a key of yours is accepted there: try ssh by hand"],
  [/could not resolve/i, "check the machine's name"],
  [/connection refused/i, "check the port, and that an ssh server runs there"],
  [/timed out|no route|unreachable/i, "check the network and the firewall"],
  [/invalid format|error in libcrypto/i, "the private key is damaged: it must end with a newline and have no CR"],
];

/** What exit codes of rsync mean. */
const RSYNC_CODES: Readonly<Record<number, string>> = {
  1: "it does not understand its command line",
  2: "it speaks no version of the protocol that is understood here",
  3: "it cannot use the files or directories that were named",
  4: "it does not support what was asked for",
  5: "it could not begin the session",
  10: "its connection broke",
  11: "it could not read or write a file",
  12: "the connection ended in the middle of the protocol",
  20: "it was stopped by a signal",
  22: "it has no memory left",
  30: "it waited for too long",
  35: "its daemon did not answer in time",
};

/**
 * Explains a session that did not begin.
 *
 * @param start What is known of it.
 * @returns An error of code `"connection"`, or `"peer-protocol"` when something else than rsync answered.
 */
export function explainStart(start: FailedStart): SyncError {
  return explainAnswer(start) ?? explainEnd(start);
}

/** What came, if anything came. */
function explainAnswer({ peer, received }: FailedStart): SyncError | undefined {
  if (received.length === 0) return undefined;
  const version = received.length < VERSION_BYTES
    ? -1
    : new DataView(received.buffer, received.byteOffset).getInt32(0, true);
  if (version < 0 || version > MOST_VERSION) {
    const text = printable(decodeName(received.subarray(0, SHOWN_BYTES)).trimEnd());
    return new SyncError("peer-protocol", `Cannot talk to rsync on ${peer}: something else said "${text}" first`, {
      hint: "let the login scripts over there print nothing when nobody looks: ssh HOST true must be silent",
    });
  }
  if (version >= OLDEST_SPOKEN) return undefined;
  const who = version === 27 || version === 29 ? "openrsync, or an rsync before 3.0" : "an rsync before 3.0";
  return new SyncError("peer-protocol", `Cannot talk to rsync on ${peer}: it speaks protocol ${version} (${who})`, {
    hint: "install rsync 3.0 or later there, and name it with --rsync-path if it is not the first one",
  });
}

function explainEnd({ peer, command, end }: FailedStart): SyncError {
  const [program = ""] = command;
  const said = lastLines(end.words);
  if (end.failure !== undefined) {
    return new SyncError("connection", `Cannot start "${printable(program)}" to reach ${peer}: ${end.failure}`, {
      hint: "install an ssh client, or name another remote shell with --rsh",
    });
  }
  if (end.exitCode === CODE.notFound || /rsync: (?:command )?not found|rsync: No such file/.test(end.words)) {
    return new SyncError("connection", `Cannot start rsync on ${peer}: it is not there${said}`, {
      hint: "install rsync there, or say where it is with --rsync-path",
    });
  }
  if (end.exitCode === CODE.notExecutable) {
    return new SyncError("connection", `Cannot start rsync on ${peer}: it may not be executed${said}`, {
      hint: "check its permissions there, or name another one with --rsync-path",
    });
  }
  if (end.exitCode === CODE.ssh) {
    const hint = SSH_HINTS.find(([words]) => words.test(end.words))?.[1];
    return new SyncError("connection", `Cannot connect to ${peer}${said}`, {
      hint: hint ?? `try it by hand: ${printable(program)} ${peer} true`,
    });
  }
  return new SyncError("connection", `Cannot begin with rsync on ${peer}: ${wayOfEnding(end)}${said}`);
}

/**
 * How a peer ended, in words.
 *
 * @param end How it ended.
 * @returns For example `"it ended with code 12 (the connection ended in the middle of the protocol)"`.
 */
export function wayOfEnding({ exitCode, signal, failure }: PeerEnd): string {
  if (failure !== undefined) return failure;
  if (signal !== undefined) return `it was ended by ${signal}`;
  if (exitCode === undefined) return "it closed the connection";
  const meaning = RSYNC_CODES[exitCode];
  return `it ended with code ${exitCode}${meaning === undefined ? "" : ` (${meaning})`}`;
}

const LINES_SHOWN = 3;

function lastLines(words: string): string {
  const lines = words.split("\n").map((line) => line.trim()).filter((line) => line !== "").slice(-LINES_SHOWN);
  return lines.length === 0 ? "" : `: ${lines.map(printable).join("; ")}`;
}
