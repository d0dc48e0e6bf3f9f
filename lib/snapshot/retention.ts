/**
 * Which snapshots are kept, and why each is kept or is not. Values go in, verdicts come out; there is no clock here, and
 * nothing is touched.
 *
 * A rule that counts goes back from the newest snapshot and keeps the newest of each of the last so many days (hours,
 * weeks, ...) that have one: periods without a snapshot do not count. `within` is measured back from the newest snapshot,
 * not from the clock. So nothing goes only because time passes: when no run succeeds any more, nothing ages.
 *
 * A run that had failures pushes nothing out, either: a snapshot that is known to be whole is judged as if there were
 * whole ones alone; one that is not is judged among all. With the same rules twice the kept set stays bounded, even where
 * every run fails at the same unreadable file. The newest of all and the newest whole one are always kept. What is dated
 * after the clock is kept and counts for nothing, since one of the two dates is wrong.
 *
 * @module
 */
import { compareNames } from "../bytes/name.ts";
import { momentBefore, type Period, periodOf, type Span } from "./calendar.ts";

/** How many snapshots are kept. Every rule is on its own: what one of them keeps is kept. */
export interface RetentionRules {
  /** How many of the newest. */
  readonly last: number;
  /** For how many hours, days, weeks, months and years one is kept. */
  readonly counts: Readonly<Record<Period, number>>;
  /** How long before the newest all are kept. */
  readonly within: Span | undefined;
  /** One with any of these tags is kept. */
  readonly tags: readonly string[];
  /** The time zone of the calendar. */
  readonly timeZone: string;
}

/** What is known of one snapshot. */
export interface Candidate {
  /** Its name. */
  readonly name: string;
  /** When it was taken, in milliseconds since 1970. */
  readonly takenMs: number;
  /** Its tags. */
  readonly tags: readonly string[];
  /** Whether it is known that its run went through to its end without a failure. */
  readonly whole: boolean;
  /** Whether something beside the rules wants it, such as `latest`. @default {false} */
  readonly pinned?: boolean;
}

/** A rule that counts. */
export type CountingRule = "last" | Period;

/** Why a snapshot is kept. */
export type KeepReason =
  /** It is the newest. */
  | { readonly because: "newest" }
  /** It is the newest whose run had no failures. */
  | { readonly because: "newest-whole" }
  /** `latest` leads to it. */
  | { readonly because: "pinned" }
  /** It is dated after the clock. */
  | { readonly because: "future" }
  /** It has a tag. */
  | { readonly because: "tag"; readonly tag: string }
  /** It is not older than this, in milliseconds since 1970. */
  | { readonly because: "within"; readonly sinceMs: number }
  /** It is the newest of a period, which is one of those that count. */
  | {
    readonly because: CountingRule;
    /** Name of the period; for `last` that of the snapshot. */
    readonly period: string;
    /** Which one it is, from 1. */
    readonly place: number;
    /** How many there are to be. */
    readonly of: number;
    /** Set when only those without failures were counted, and there are others. */
    readonly among?: "whole";
  };

/** Why a rule does not keep a snapshot. */
export type LetGoReason =
  /** It has none of the tags. */
  | { readonly because: "tag" }
  /** It is older than this. */
  | { readonly because: "within"; readonly sinceMs: number }
  /** Its period is kept by a newer one, or, without that, is not among those that count. */
  | {
    readonly because: CountingRule;
    readonly period: string;
    readonly of: number;
    /** The newer one. */
    readonly keptBy?: string;
  };

/** What becomes of one snapshot. */
export type Verdict =
  | { readonly name: string; readonly keep: true; readonly reasons: readonly KeepReason[] }
  | { readonly name: string; readonly keep: false; readonly reasons: readonly LetGoReason[] };

const PERIODS: readonly Period[] = ["hourly", "daily", "weekly", "monthly", "yearly"];

/**
 * Decides about every snapshot of a store.
 *
 * @param candidates The complete ones, in any order.
 * @param rules The policy.
 * @param nowMs The clock, in milliseconds since 1970.
 * @returns A verdict for each, newest first, none without a reason.
 */
export function judgeSnapshots(candidates: readonly Candidate[], rules: RetentionRules, nowMs: number): Verdict[] {
  const newestFirst = [...candidates].sort(compareNewestFirst);
  const counted = newestFirst.filter(({ takenMs }) => takenMs <= nowMs);
  const whole = counted.filter((candidate) => candidate.whole);
  const among = { all: new Ranks(counted, rules), whole: new Ranks(whole, rules, whole.length < counted.length) };
  return newestFirst.map((candidate) => {
    const { name, takenMs } = candidate;
    const reasons: KeepReason[] = [];
    if (candidate === counted[0]) reasons.push({ because: "newest" });
    else if (candidate === whole[0]) reasons.push({ because: "newest-whole" });
    if (candidate.pinned === true) reasons.push({ because: "pinned" });
    if (takenMs > nowMs) reasons.push({ because: "future" });
    for (const tag of rules.tags) if (candidate.tags.includes(tag)) reasons.push({ because: "tag", tag });
    const ranks = candidate.whole ? among.whole : among.all;
    if (takenMs <= nowMs) reasons.push(...ranks.keeps(candidate));
    return reasons.length > 0
      ? { name, keep: true, reasons }
      : { name, keep: false, reasons: [...ranks.letsGo(candidate), ...tagless(rules)] };
  });
}

/**
 * Whether a policy has a rule.
 *
 * @param rules The policy.
 * @returns `false` when it would keep nothing but what is always kept.
 */
export function hasRule(rules: RetentionRules): boolean {
  return rules.last > 0 || PERIODS.some((period) => rules.counts[period] > 0) || rules.within !== undefined ||
    rules.tags.length > 0;
}

function compareNewestFirst(a: Candidate, b: Candidate): number {
  return b.takenMs - a.takenMs || compareNames(b.name, a.name);
}

function tagless(rules: RetentionRules): LetGoReason[] {
  return rules.tags.length === 0 ? [] : [{ because: "tag" }];
}

/** A rule that counts, and the periods it has counted. */
interface Count {
  readonly because: CountingRule;
  readonly of: number;
  periodOf(candidate: Candidate): string;
  /** Who stands for each period, in order. */
  readonly stand: ReadonlyMap<string, { readonly name: string; readonly place: number }>;
}

/** The places that some snapshots have by the rules. */
class Ranks {
  readonly #counts: readonly Count[];
  readonly #sinceMs: number | undefined;
  readonly #isPart: boolean;

  /** Counts; newest first. Whether others are left out is told. */
  constructor(counted: readonly Candidate[], rules: RetentionRules, isPart = false) {
    this.#isPart = isPart;
    const { last, counts, within, timeZone } = rules;
    const asked: readonly (readonly [CountingRule, number])[] = [
      ["last", last],
      ...PERIODS.map((period) => [period, counts[period]] as const),
    ];
    this.#counts = asked.filter(([, of]) => of > 0).map(([because, of]) => {
      const periodOfCandidate = ({ name, takenMs }: Candidate) =>
        because === "last" ? name : periodOf(because, takenMs, timeZone);
      return { because, of, periodOf: periodOfCandidate, stand: standIns(counted, periodOfCandidate) };
    });
    const newest = counted[0];
    if (within !== undefined && newest !== undefined) {
      this.#sinceMs = momentBefore(newest.takenMs, within, timeZone);
    }
  }

  keeps(candidate: Candidate): KeepReason[] {
    const reasons: KeepReason[] = [];
    for (const { because, of, periodOf, stand } of this.#counts) {
      const period = periodOf(candidate);
      const { name, place } = stand.get(period)!;
      if (name !== candidate.name || place > of) continue;
      reasons.push({ because, period, place, of, ...(this.#isPart ? { among: "whole" } : {}) });
    }
    if (this.#sinceMs !== undefined && candidate.takenMs >= this.#sinceMs) {
      reasons.push({ because: "within", sinceMs: this.#sinceMs });
    }
    return reasons;
  }

  letsGo(candidate: Candidate): LetGoReason[] {
    const reasons: LetGoReason[] = this.#counts.map(({ because, of, periodOf, stand }) => {
      const period = periodOf(candidate);
      const { name, place } = stand.get(period)!;
      return { because, period, of, ...(place <= of ? { keptBy: name } : {}) };
    });
    if (this.#sinceMs !== undefined) reasons.push({ because: "within", sinceMs: this.#sinceMs });
    return reasons;
  }
}

function standIns(counted: readonly Candidate[], periodOf: (candidate: Candidate) => string): Count["stand"] {
  const stand = new Map<string, { name: string; place: number }>();
  for (const candidate of counted) {
    const period = periodOf(candidate);
    if (!stand.has(period)) stand.set(period, { name: candidate.name, place: stand.size + 1 });
  }
  return stand;
}
