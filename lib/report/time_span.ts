/**
 * How far two points in time are apart, in words.
 *
 * @module
 */
import type { Entry } from "../model/entry.ts";

/** The two numbers of a time. */
export type Moment = Pick<Entry, "mtimeSeconds" | "mtimeNanoseconds">;

const NANOSECONDS = 1_000_000_000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Says how far one time is before or after another.
 *
 * @param one A time.
 * @param other What it is compared with.
 * @returns For example `"newer by 3 s"`, `"older by 2 d 1 h"`, `"newer by 40 ns"`, or `"of the same time"`.
 */
export function timeSpanText(one: Moment, other: Moment): string {
  const seconds = one.mtimeSeconds - other.mtimeSeconds;
  const nanoseconds = one.mtimeNanoseconds - other.mtimeNanoseconds;
  const order = Math.sign(seconds) || Math.sign(nanoseconds);
  if (order === 0) return "of the same time";
  // The larger minus the smaller, with the nanoseconds borrowed from the seconds where they have to be.
  const [whole, part] = [seconds * order, nanoseconds * order];
  const span = part < 0 ? lengthText(whole - 1, part + NANOSECONDS) : lengthText(whole, part);
  return `${order > 0 ? "newer" : "older"} by ${span}`;
}

function lengthText(seconds: number, nanoseconds: number): string {
  if (seconds === 0) return fractionText(nanoseconds);
  if (seconds < MINUTE) return `${decimal(seconds * 1_000 + Math.floor(nanoseconds / 1_000_000))} s`;
  if (seconds < HOUR) return pair(seconds, MINUTE, "min", 1, "s");
  if (seconds < DAY) return pair(seconds, HOUR, "h", MINUTE, "min");
  return pair(seconds, DAY, "d", HOUR, "h");
}

function fractionText(nanoseconds: number): string {
  if (nanoseconds < 1_000) return `${nanoseconds} ns`;
  if (nanoseconds < 1_000_000) return `${decimal(nanoseconds)} µs`;
  return `${decimal(Math.floor(nanoseconds / 1_000))} ms`;
}

/** Thousandths as a decimal number. */
function decimal(thousandths: number): string {
  return String(thousandths / 1_000);
}

function pair(seconds: number, unit: number, word: string, smaller: number, smallerWord: string): string {
  const rest = Math.floor((seconds % unit) / smaller);
  const head = `${Math.floor(seconds / unit)} ${word}`;
  return rest === 0 ? head : `${head} ${rest} ${smallerWord}`;
}
