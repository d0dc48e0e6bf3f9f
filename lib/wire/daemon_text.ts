/**
 * The lines that a daemon and its client exchange before a session: greetings, the module, a password, arguments.
 *
 * @module
 */
import type { WireInput } from "./input.ts";
import { PEER_LIMITS } from "./limits.ts";

/** How every line of the protocol begins. */
const PREFIX = "@RSYNCD: ";
const ERROR_PREFIX = "@ERROR";

/** Digests for passwords, the strongest first: all peers rank them so. */
export const DAEMON_DIGESTS = ["sha512", "sha256", "sha1", "md5", "md4"] as const;

/** A digest for passwords. */
export type DaemonDigest = (typeof DAEMON_DIGESTS)[number];

/** The first line of each side. */
export interface Greeting {
  /** The version that the side speaks. */
  readonly version: number;
  /** A number that is not 0 for a version that is not released. */
  readonly subversion: number;
  /** The digests that the side knows; empty when it did not say. */
  readonly digests: readonly string[];
}

/** A line of a daemon behind the greeting. */
export type DaemonLine =
  /** A password is needed. */
  | { readonly kind: "authenticate"; readonly challenge: string }
  /** The module is open. */
  | { readonly kind: "ok" }
  /** There is no more. */
  | { readonly kind: "exit" }
  /** The daemon refuses. */
  | { readonly kind: "error"; readonly text: string }
  /** Message of the day, or a line of the list of modules. */
  | { readonly kind: "text"; readonly text: string };

/**
 * Reads a line.
 *
 * @param input Where it is.
 * @returns Its text, a character a byte, without its end.
 * @throws {SyncError} code `"peer-protocol"` when it is too long or holds NUL.
 */
export function readLine(input: WireInput): string {
  let text = "";
  for (let byte = input.u8(); byte !== 0x0a; byte = input.u8()) {
    if (byte === 0) throw input.breach("a line of text", "a NUL");
    if (text.length === PEER_LIMITS.daemonLine) {
      throw input.breach(`a line of at most ${PEER_LIMITS.daemonLine} bytes`, "a longer one");
    }
    if (byte !== 0x0d) text += String.fromCharCode(byte);
  }
  return text;
}

/**
 * Writes a line.
 *
 * @param text Its text, a character a byte, as {@linkcode readLine} gives it.
 * @returns Its bytes, with its end.
 */
export function encodeLine(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(`${text}\n`, (character) => character.charCodeAt(0));
}

/**
 * Understands a greeting.
 *
 * @param line The line.
 * @param input Where it came from, for the error.
 * @returns What it says.
 * @throws {SyncError} code `"peer-protocol"` when it is none, or lacks what its version must say.
 */
export function parseGreeting(line: string, input: WireInput): Greeting {
  const match = /^@RSYNCD: (\d{1,4})(?:\.(\d{1,4}))?(?: (.*))?$/.exec(line);
  if (match === null) throw input.breach("the greeting of a daemon", JSON.stringify(line.slice(0, 80)));
  const version = Number(match[1]);
  const digests = (match[3] ?? "").split(" ").filter((name) => name !== "");
  if (version >= 30 && match[2] === undefined) throw input.breach("a version with its subversion", match[1] ?? "");
  if (version >= 32 && digests.length === 0) throw input.breach("digests behind the version", "none");
  return { version, subversion: Number(match[2] ?? 0), digests };
}

/**
 * Writes a greeting.
 *
 * @param greeting What it says.
 * @returns The line.
 */
export function formatGreeting({ version, subversion, digests }: Greeting): string {
  return [`${PREFIX}${version}.${subversion}`, ...digests].join(" ");
}

/**
 * The version that two greetings settle.
 *
 * @param ours What this side said.
 * @param theirs What the other side said.
 * @returns The lower one; one less when that one is not released.
 */
export function settledVersion(ours: Greeting, theirs: Greeting): number {
  const lower = theirs.version < ours.version ? theirs : ours;
  const isUnreleased = theirs.version === ours.version ? theirs.subversion !== ours.subversion : lower.subversion !== 0;
  return lower.version - (isUnreleased ? 1 : 0);
}

/**
 * Understands a line of a daemon behind its greeting.
 *
 * @param line The line.
 * @returns What it says.
 */
export function parseDaemonLine(line: string): DaemonLine {
  if (line.startsWith(ERROR_PREFIX)) {
    return { kind: "error", text: line.slice(ERROR_PREFIX.length).replace(/^: ?/, "") };
  }
  if (line === `${PREFIX}OK`) return { kind: "ok" };
  if (line === `${PREFIX}EXIT`) return { kind: "exit" };
  const challenge = line.startsWith(`${PREFIX}AUTHREQD `) ? line.slice(PREFIX.length + "AUTHREQD ".length) : undefined;
  return challenge === undefined ? { kind: "text", text: line } : { kind: "authenticate", challenge };
}

/**
 * Writes a line of a daemon.
 *
 * @param line What it says.
 * @returns The line.
 */
export function formatDaemonLine(line: DaemonLine): string {
  switch (line.kind) {
    case "authenticate":
      return `${PREFIX}AUTHREQD ${line.challenge}`;
    case "ok":
      return `${PREFIX}OK`;
    case "exit":
      return `${PREFIX}EXIT`;
    case "error":
      return `${ERROR_PREFIX}: ${line.text}`;
    case "text":
      return line.text;
  }
}

/** Lengths of challenges, which say the digest that the daemon chose. */
const CHALLENGE_LENGTHS: Readonly<Record<number, DaemonDigest>> = { 86: "sha512", 43: "sha256", 27: "sha1" };

/**
 * The digest for an answer.
 *
 * @param challenge What the daemon sent.
 * @param offered The digests of the daemon's greeting; empty when it did not say.
 * @returns The digest; `undefined` when the daemon asks for one that is not known here.
 */
export function digestFor(challenge: string, offered: readonly string[]): DaemonDigest | undefined {
  const byLength = CHALLENGE_LENGTHS[challenge.length];
  if (byLength !== undefined) return byLength;
  if (offered.length === 0) return "md5";
  return DAEMON_DIGESTS.slice(3).find((digest) => offered.includes(digest));
}

/**
 * What a digest is made of, for an answer.
 *
 * @param password The password.
 * @param challenge What the daemon sent.
 * @returns The bytes to digest.
 */
export function answerBytes(password: Uint8Array, challenge: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...password, ...encodeLine(challenge).subarray(0, -1));
}

/**
 * The answer of a user.
 *
 * @param user Name of the user.
 * @param digest Digest of {@linkcode answerBytes}.
 * @returns The line.
 */
export function formatAnswer(user: string, digest: Uint8Array): string {
  return `${user} ${digest.toBase64({ omitPadding: true })}`;
}
