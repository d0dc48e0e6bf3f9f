/**
 * Numbers for people: counts, sizes, rates, durations and times.
 *
 * @module
 */

/** Units of sizes, each 1024 of the one before. */
const SIZE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;
const STEP = 1024;

/**
 * A count with separated thousands.
 *
 * @param count A whole number from 0.
 * @returns For example `"1,234,567"`.
 */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/**
 * A count with its noun.
 *
 * @param count A whole number from 0.
 * @param noun The noun for one.
 * @param nouns The noun for several. @default {noun with "s"}
 * @returns For example `"1 file"` or `"2 entries"`.
 */
export function formatNumberOf(count: number, noun: string, nouns: string = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/**
 * A size in binary units with at most three digits before the unit and one behind the point.
 *
 * @param bytes A number from 0.
 * @returns For example `"999 B"`, `"1.5 KiB"`, `"120 MiB"`.
 */
export function formatBytes(bytes: number): string {
  const { value, unit } = scale(bytes);
  return `${value} ${SIZE_UNITS[unit]}`;
}

/**
 * A size of two, in the unit of the second.
 *
 * @param part A number from 0.
 * @param whole A number that is not less.
 * @returns For example `"0.4/2.6 GiB"`.
 */
export function formatBytesOf(part: number, whole: number): string {
  const { value, unit } = scale(whole);
  return `${digits(part / STEP ** unit, unit)}/${value} ${SIZE_UNITS[unit]}`;
}

function scale(bytes: number): { value: string; unit: number } {
  let unit = 0;
  // 1023.95 would be shown as 1024.0, so the next unit starts a little earlier.
  while (unit < SIZE_UNITS.length - 1 && bytes / STEP ** unit >= STEP - 0.5) unit++;
  return { value: digits(bytes / STEP ** unit, unit), unit };
}

function digits(value: number, unit: number): string {
  return unit === 0 || value >= 99.95 ? String(Math.round(value)) : value.toFixed(1);
}

/**
 * A duration as a clock shows it.
 *
 * @param seconds A number from 0.
 * @returns For example `"0:07"`, `"12:34"`, `"1:02:03"`, `"3 days 4:05:06"`.
 */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor(whole / 3600) % 24;
  const minutes = Math.floor(whole / 60) % 60;
  const clock = days > 0 || hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  return days > 0 ? `${formatNumberOf(days, "day")} ${clock}` : clock;
}

/**
 * A duration in words.
 *
 * @param milliseconds A number from 0.
 * @returns For example `"38 ms"`, `"2.1 s"`, `"12:34"`.
 */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  return formatClock(milliseconds / 1000);
}

/**
 * A point in time as decimal seconds, without loss.
 *
 * @param seconds Whole seconds since 1970, negative before.
 * @param nanoseconds Nanoseconds to add, 0 to 999,999,999.
 * @returns For example `"1577934245.123456789"`; before 1970 the value itself is negative: `"-0.500000000"`.
 */
export function decimalTime(seconds: number, nanoseconds: number): string {
  const isNegative = seconds < 0;
  const borrow = isNegative && nanoseconds > 0;
  const whole = isNegative ? -seconds - (borrow ? 1 : 0) : seconds;
  const rest = borrow ? 1_000_000_000 - nanoseconds : nanoseconds;
  return `${isNegative ? "-" : ""}${whole}.${String(rest).padStart(9, "0")}`;
}
