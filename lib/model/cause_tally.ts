/**
 * Counts entries that failed or are odd by their cause, and decides by a policy what each means for the run.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import type { Degradation } from "./capabilities.ts";
import { type Cause, CAUSE_NAMES, causeOf, type CausePolicy, CAUSES, type Consequence } from "./cause.ts";
import type { Failure } from "./event.ts";

/** How many entries one cause concerned, by what it meant. */
export interface CauseCount {
  /** Entries that failed. */
  readonly failed: number;
  /** Entries that were warned of. */
  readonly warned: number;
  /** Entries that were ignored. */
  readonly ignored: number;
}

/** Counts by cause; a cause that did not occur is absent. */
export type CauseCounts = Readonly<Partial<Record<Cause, CauseCount>>>;

const COUNTED_AS = { fail: "failed", warn: "warned", ignore: "ignored" } as const satisfies Readonly<
  Record<Consequence, keyof CauseCount>
>;

/** See the module comment. */
export class CauseTally {
  readonly #policy: CausePolicy;
  readonly #counts: Partial<Record<Cause, { -readonly [Key in keyof CauseCount]: CauseCount[Key] }>> = {};
  readonly #firstWarned = new Map<Cause, string>();

  /** Counts by a policy. */
  constructor(policy: CausePolicy) {
    this.#policy = policy;
  }

  /**
   * Counts one entry.
   *
   * @param failure What happened to it.
   * @param strict Whether a cause of which the policy says nothing fails, whatever is usual.
   * @returns What it means for the run.
   */
  take(failure: Failure, strict: boolean): Consequence {
    const cause = causeOf(failure.code);
    if (cause === undefined) return "fail";
    const consequence = this.#policy[cause] ?? (strict ? "fail" : CAUSES[cause].usual);
    this.#counts[cause] ??= { failed: 0, warned: 0, ignored: 0 };
    this.#counts[cause][COUNTED_AS[consequence]]++;
    if (consequence === "warn" && !this.#firstWarned.has(cause)) this.#firstWarned.set(cause, failure.path);
    return consequence;
  }

  /** The counts so far, in the order of the table of causes. */
  get counts(): CauseCounts {
    const known = CAUSE_NAMES.flatMap((cause) => {
      const count = this.#counts[cause];
      return count === undefined ? [] : [[cause, { ...count }] as const];
    });
    return Object.fromEntries(known);
  }

  /** All that was warned of in sum, one warning for each cause. */
  get warnings(): Degradation[] {
    return [...this.#firstWarned].map(([cause, first]) => {
      const warned = this.#counts[cause]?.warned ?? 0;
      const entries = warned === 1 ? "1 entry" : `${warned} entries`;
      return { name: cause, message: `${entries} ${CAUSES[cause].words}, first "${printable(first)}"` };
    });
  }
}

/**
 * How many entries were counted in one way, over all causes.
 *
 * @param counts The counts.
 * @param as Which of them.
 * @returns The sum.
 */
export function sumOfCauses(counts: CauseCounts, as: keyof CauseCount): number {
  return Object.values(counts).reduce((sum, count) => sum + count[as], 0);
}
