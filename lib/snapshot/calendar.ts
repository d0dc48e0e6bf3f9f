/**
 * The calendar that snapshots are counted by: hours, days, ISO weeks, months and years as they are in a time zone, with
 * its changes of summer time. It is `Temporal`'s; both runtimes have it, with the time zones.
 *
 * A period is named by a text, so that two moments are of one period when the texts are equal. The hour that comes
 * twice when clocks are put back is two periods, since its name has the offset; a day with 23 or 25 hours is one.
 *
 * @module
 */

/** Periods that snapshots are counted by. */
export type Period = "hourly" | "daily" | "weekly" | "monthly" | "yearly";

/** A length of time on a calendar. */
export interface Span {
  /** Years, as on the calendar: from Feb 29 back to Feb 28. */
  readonly years: number;
  /** Months, as on the calendar: from Mar 31 back to Feb 28 or 29. */
  readonly months: number;
  /** Weeks of seven days. */
  readonly weeks: number;
  /** Days, as on the calendar, however many hours they have. */
  readonly days: number;
  /** Hours of sixty minutes. */
  readonly hours: number;
  /** Minutes. */
  readonly minutes: number;
}

const SPAN_REGEXP = /^(?:(\d{1,4})y)?(?:(\d{1,4})mo)?(?:(\d{1,4})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})min)?$/;

/**
 * The period that a moment is in.
 *
 * @param period Which kind of period.
 * @param atMs Milliseconds since 1970.
 * @param timeZone Name of a time zone, or an offset such as `+05:30`.
 * @returns For example `"2026-10-25T02+01:00"`, `"2026-10-25"`, `"2026-W43"`, `"2026-10"`, `"2026"`.
 */
export function periodOf(period: Period, atMs: number, timeZone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  const date = at.toPlainDate().toString();
  switch (period) {
    case "hourly":
      return `${date}T${two(at.hour)}${at.offset}`;
    case "daily":
      return date;
    case "weekly":
      return `${at.yearOfWeek}-W${two(at.weekOfYear!)}`;
    case "monthly":
      return date.slice(0, -3);
    case "yearly":
      return date.slice(0, -6);
  }
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/**
 * The moment that is a span of time before another, on the calendar of a time zone.
 *
 * @param atMs Milliseconds since 1970.
 * @param span How long before.
 * @param timeZone Name of a time zone.
 * @returns Milliseconds since 1970.
 */
export function momentBefore(atMs: number, span: Span, timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).subtract(span).epochMilliseconds;
}

/**
 * A moment as people of a time zone read it.
 *
 * @param atMs Milliseconds since 1970.
 * @param timeZone Name of a time zone.
 * @returns For example `"2026-10-25 02:30:00"`.
 */
export function localTime(atMs: number, timeZone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  return at.toPlainDateTime().toString({ smallestUnit: "second" }).replace("T", " ");
}

/**
 * Parses a span of time: `30d`, `1y6mo`, `36h`, `90min`, `2w`, from the largest unit to the smallest.
 *
 * @param text The text. A plain `m` is not understood: it is minutes to some tools and months to others.
 * @returns The span; `undefined` when it is none, or has no length.
 */
export function parseSpan(text: string): Span | undefined {
  const numbers = SPAN_REGEXP.exec(text)?.slice(1).map((digits: string | undefined) => Number(digits ?? 0)) ?? [];
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0] = numbers;
  if (years + months + weeks + days + hours + minutes === 0) return undefined;
  return { years, months, weeks, days, hours, minutes };
}

/**
 * Whether a text names a time zone that is known here.
 *
 * @param text For example `"Europe/Berlin"`, `"UTC"`, `"+05:30"`.
 * @returns Whether it can be used.
 */
export function isTimeZone(text: string): boolean {
  try {
    // A moment with a zone is understood, too, where a zone is wanted; it is none.
    if (!/^[A-Za-z0-9_+\-/:]+$/.test(text) || /^\d/.test(text)) return false;
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return true;
  } catch {
    return false;
  }
}
