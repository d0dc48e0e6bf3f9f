/**
 * Times as `node:fs` takes them. It wants seconds as a double, whose step today is 240 ns, and both runtimes cut what
 * they get: so a value is chosen that comes back as the same time after rounding down to the step of the layer.
 *
 * From the year 2242 on (2 ** 33 seconds) a double no longer tells single microseconds apart, and Bun's layer may be one
 * off. Negative numbers mean "now" to both; before 1970 Bun takes text and Deno a `Date` (Deno 2.9.6 refuses fractions of
 * those where the handle or the symlink itself is meant: the caller then sees EINVAL).
 *
 * @module
 */

/** Nanoseconds. */
const MILLISECOND = 1_000_000;
const MICROSECOND = 1_000;
const SECOND_BIG = 1_000_000_000n;

/** Whole seconds since 1970 and nanoseconds to add. */
export interface Time {
  /** Whole seconds, negative before 1970. */
  readonly seconds: number;
  /** Nanoseconds to add, 0 to 999,999,999. */
  readonly nanoseconds: number;
}

/**
 * Splits nanoseconds since 1970 and rounds them down to a step.
 *
 * @param nanoseconds What `lstat` gave.
 * @param step The step in nanoseconds; divides a second.
 * @returns The time.
 */
export function timeOf(nanoseconds: bigint, step: number): Time {
  let rest = Number(nanoseconds % SECOND_BIG);
  let seconds = Number(nanoseconds / SECOND_BIG);
  if (rest < 0) {
    rest += Number(SECOND_BIG);
    seconds -= 1;
  }
  return { seconds, nanoseconds: rest - rest % step };
}

/**
 * The argument for `utimes` and its relatives.
 *
 * @param time The time to set.
 * @param step The step of the layer, in nanoseconds.
 * @returns A value that reads back as `time`, rounded down to the step.
 */
export function timeArgument(time: Time, step: number): number | string | Date {
  const { seconds, nanoseconds } = time;
  if (step >= MILLISECOND) return millisecondArgument(seconds, Math.floor(nanoseconds / MILLISECOND));
  if (nanoseconds % MILLISECOND === 0) return new Date(seconds * 1000 + nanoseconds / MILLISECOND);
  const value = microsecondValue(seconds, nanoseconds);
  return value < 0 ? String(value) : value;
}

function millisecondArgument(seconds: number, milliseconds: number): number | Date {
  if (seconds < 0) return new Date(seconds * 1000 + milliseconds);
  // Half a step up: the double may lie below the millisecond, and Deno cuts.
  return milliseconds === 0 ? seconds : seconds + (milliseconds + 0.5) / 1000;
}

/** The double nearest to a time that still lies in the time's microsecond. */
function microsecondValue(seconds: number, nanoseconds: number): number {
  const first = nanoseconds - nanoseconds % MICROSECOND;
  const value = seconds + (nanoseconds + 0.5) / 1e9;
  const spacing = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 52);
  const back = Math.floor((value - seconds) * 1e9);
  if (back < first) return value + spacing;
  return back >= first + MICROSECOND ? value - spacing : value;
}
