/**
 * Limits of size and age: their texts, and whether a file is beyond them.
 *
 * @module
 */
import type { FilterLimits } from "./spec.ts";

/** What limits ask of a file; what is absent is not asked. */
export interface LimitedFile {
  /** Size in bytes. */
  readonly size?: number;
  /** Time of modification in seconds since 1970. */
  readonly mtimeSeconds?: number;
  /** Nanoseconds to add. */
  readonly mtimeNanoseconds?: number;
}

/**
 * Whether a file is beyond a limit.
 *
 * @param limits The limits.
 * @param file The file.
 * @returns `true` when it is spared.
 */
export function isBeyond(limits: FilterLimits, { size, mtimeSeconds, mtimeNanoseconds = 0 }: LimitedFile): boolean {
  const { maxSize = Infinity, minSize = 0, newerThan = -Infinity, olderThan = Infinity } = limits;
  if (size !== undefined && (size > maxSize || size < minSize)) return true;
  if (mtimeSeconds === undefined) return false;
  const mtime = mtimeSeconds + mtimeNanoseconds / 1e9;
  return mtime < newerThan || mtime >= olderThan;
}

/** Powers of the letters of units. */
const UNITS = "bkmgtp";

/**
 * Parses a size as rsync writes it: `1.5m` and `1.5MiB` in steps of 1024, `1.5mb` in steps of 1000, `+1` or `-1` behind.
 *
 * @param text The text.
 * @returns Bytes; `undefined` when it is no size.
 */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d*)?|\.\d+)(?:([bkmgtp])(b|ib)?)?([-+]1)?$/i.exec(text);
  if (match === null) return undefined;
  const [, digits = "", unit = "b", kind = "", offset = "0"] = match;
  const step = kind.toLowerCase() === "b" ? 1000 : 1024;
  const bytes = Math.floor(Number(digits) * step ** UNITS.indexOf(unit.toLowerCase())) + Number(offset);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A date, and perhaps a time and a zone, as ISO 8601 writes them. */
const DATE_REGEXP = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[-+]\d{2}:?\d{2})?)?$/;

/**
 * Parses a point in time: a duration before now (`7d`, `12h`, `90m`, `1w`, `30s`), a date (`2026-01-31`, at midnight
 * UTC) or a date with a time (`2026-01-31T12:00Z`, UTC when no zone is said).
 *
 * @param text The text.
 * @param nowMs The clock, in milliseconds since 1970.
 * @returns Seconds since 1970; `undefined` when it is no time.
 */
export function parseAge(text: string, nowMs: number): number | undefined {
  const duration = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text);
  if (duration !== null) return nowMs / 1000 - Number(duration[1]) * SECONDS[duration[2]!]!;
  if (!DATE_REGEXP.test(text)) return undefined;
  const hasTime = text.length > 10;
  const hasZone = hasTime && /(?:Z|[-+]\d{2}:?\d{2})$/.test(text.slice(10));
  const at = Date.parse(`${text.replace(" ", "T")}${hasTime && !hasZone ? "Z" : ""}`);
  return Number.isNaN(at) ? undefined : at / 1000;
}
