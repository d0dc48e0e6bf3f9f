/**
 * Trees written down as plain data: what a test starts from and what it expects to find.
 *
 * @module
 */
import type { Xattrs } from "./entry.ts";

/** The entries of a directory, by name. */
export type TreeLiteral = { readonly [name: string]: NodeLiteral };

/** Metadata that any entry of a {@linkcode TreeLiteral} can carry. */
export interface NodeAttributes {
  /** Permission bits. @default {0o644 for files, 0o755 for directories} */
  readonly mode?: number;
  /** Number of the owner. @default {0} */
  readonly uid?: number;
  /** Number of the group. @default {0} */
  readonly gid?: number;
  /** Seconds since 1970 as decimal text with up to nine digits after the point. @default {"1000000000"} */
  readonly mtime?: string;
  /** Extended attributes, values in base64. @default {{}} */
  readonly xattrs?: Xattrs;
}

/** What one entry of a {@linkcode TreeLiteral} is. */
export type NodeContent =
  | { readonly file: string | Uint8Array }
  | { readonly dir: TreeLiteral }
  | { readonly link: string }
  | { readonly hardLinkOf: string }
  | { readonly fifo: true }
  | { readonly socket: true }
  | { readonly blockDevice: readonly [major: number, minor: number] }
  | { readonly characterDevice: readonly [major: number, minor: number] };

/** One entry of a {@linkcode TreeLiteral}. */
export type NodeLiteral = NodeAttributes & NodeContent;

const TIME_REGEXP = /^(-?)(\d+)(?:\.(\d{1,9}))?$/;
const SECOND = 1_000_000_000;

/**
 * Reads a time.
 *
 * @param text Decimal seconds since 1970, such as `"1700000000.000000001"` or `"-1.5"`.
 * @returns Whole seconds, rounded down, and nanoseconds to add.
 * @throws {TypeError} when it is not such a text.
 */
export function parseSeconds(text: string): [seconds: number, nanoseconds: number] {
  const [, sign, whole, fraction = ""] = TIME_REGEXP.exec(text) ?? [];
  if (whole === undefined) throw new TypeError(`Cannot use time "${text}": it must be decimal seconds`);
  const seconds = Number(whole);
  const nanoseconds = Number(fraction.padEnd(9, "0"));
  if (sign === "") return [seconds, nanoseconds];
  return nanoseconds === 0 ? [0 - seconds, 0] : [-seconds - 1, SECOND - nanoseconds];
}

/**
 * Writes a time.
 *
 * @param seconds Whole seconds since 1970, negative before.
 * @param nanoseconds Nanoseconds to add.
 * @returns Decimal seconds without needless zeros; {@linkcode parseSeconds} reads it back.
 */
export function formatSeconds(seconds: number, nanoseconds: number): string {
  const isBefore = seconds < 0 && nanoseconds > 0;
  const whole = isBefore ? `-${-seconds - 1}` : `${seconds}`;
  const rest = isBefore ? SECOND - nanoseconds : nanoseconds;
  return rest === 0 ? whole : `${whole}.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
}
