/**
 * How much one run may read.
 *
 * @module
 */
import { parseAge, parseSize } from "../../lib/filter/limits.ts";

/** How much one run may read; what is absent is not limited. */
export interface Budget {
  /** Milliseconds. @default {no limit} */
  readonly milliseconds?: number;
  /** Bytes. @default {no limit} */
  readonly bytes?: number;
}

/**
 * Reads a budget: a time such as `30m` or `8h`, or a size such as `100GB`. `m` alone is minutes.
 *
 * @param given A text, or the numbers.
 * @returns The numbers.
 * @throws {RangeError} when it is of neither form, or nothing.
 */
export function budgetOf(given: string | Budget): Budget {
  const budget = typeof given === "string" ? parse(given) : given;
  const { milliseconds, bytes } = budget;
  for (const value of [milliseconds, bytes]) {
    if (value !== undefined && !(value > 0 && value <= Number.MAX_SAFE_INTEGER)) throw unusable(given);
  }
  if (milliseconds === undefined && bytes === undefined) throw unusable(given);
  return budget;
}

function parse(text: string): Budget {
  // The forms do not overlap: times end with one of smhdw, sizes with b or a larger unit.
  const seconds = /^[\d.]+[smhdw]$/.test(text) ? parseAge(text, 0) : undefined;
  if (seconds !== undefined) return { milliseconds: -seconds * 1000 };
  const bytes = /[a-z]$/i.test(text) ? parseSize(text) : undefined;
  return bytes === undefined ? {} : { bytes };
}

function unusable(given: string | Budget): RangeError {
  return new RangeError(
    `Cannot use budget ${JSON.stringify(given)}: it must be a time such as 30m or a size such as 100GB`,
  );
}
