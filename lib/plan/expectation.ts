/**
 * What is expected of a plan and of what is done: `deletions<=10`, `linked>=90%`, `bytes<1GB`.
 *
 * A share is one of a whole that the table of metrics names. Of a whole that is nothing every share holds: a run that
 * writes no file has linked as much of them as anybody can ask for.
 *
 * @module
 */
import { formatBytes, formatCount } from "../bytes/quantities.ts";
import { SyncError } from "../errors.ts";
import type { PlanSummary } from "./summary.ts";

/** What expectations are held against. */
export interface ExpectationFacts {
  /** Totals of a plan, or of what was done. */
  readonly summary: PlanSummary;
  /** Entries that failed. */
  readonly failures: number;
  /** Entries that were warned of. */
  readonly warnings: number;
}

/** One number that something can be expected of. */
export interface MetricRow {
  /** What it counts, for people. */
  readonly words: string;
  /** The number. */
  readonly part: (facts: ExpectationFacts) => number;
  /** What 100 % are, for people; absent where a share makes no sense. */
  readonly wholeWords?: string;
  /** The number that 100 % are. */
  readonly whole?: (facts: ExpectationFacts) => number;
  /** Whether it counts bytes, so that it may have a unit. @default {false} */
  readonly isBytes?: boolean;
}

const OF_SOURCE = {
  wholeWords: "entries of the source",
  whole: ({ summary }: ExpectationFacts) => summary.sourceEntries,
} as const;

const OF_DESTINATION = {
  wholeWords: "entries of the destination",
  whole: ({ summary }: ExpectationFacts) => summary.destinationEntries,
} as const;

/** What something can be expected of. */
export type Metric =
  | "deletions"
  | "creations"
  | "updates"
  | "metadata"
  | "files"
  | "bytes"
  | "linked"
  | "moved"
  | "failures"
  | "warnings"
  | "entries";

/** All metrics. */
export const METRICS: Readonly<Record<Metric, MetricRow>> = {
  deletions: { words: "entries removed", part: ({ summary }) => summary.deleted, ...OF_DESTINATION },
  creations: { words: "entries made", part: ({ summary }) => summary.created, ...OF_SOURCE },
  updates: { words: "entries written over or replaced", part: ({ summary }) => summary.updated, ...OF_SOURCE },
  metadata: { words: "entries of which only metadata is set", part: ({ summary }) => summary.metadata, ...OF_SOURCE },
  files: { words: "files written", part: ({ summary }) => summary.files, ...OF_SOURCE },
  bytes: { words: "bytes in the files written", part: ({ summary }) => summary.bytes, isBytes: true },
  linked: {
    words: "entries made as hard links, also of other trees",
    part: ({ summary }) => summary.linked + summary.basisLinked,
    wholeWords: "files written or linked",
    whole: ({ summary }) => summary.files + summary.linked + summary.basisLinked,
  },
  moved: { words: "entries renamed instead of copied", part: ({ summary }) => summary.moved, ...OF_SOURCE },
  failures: { words: "entries that failed", part: ({ failures }) => failures, ...OF_SOURCE },
  warnings: { words: "entries warned of", part: ({ warnings }) => warnings, ...OF_SOURCE },
  entries: { words: "entries of the source", part: ({ summary }) => summary.sourceEntries, ...OF_DESTINATION },
};

/** Names of all metrics, in the order of the table. */
export const METRIC_NAMES: readonly Metric[] = Object.keys(METRICS) as Metric[];

/** A number, or text: a number with a unit (`"1.5GB"`, `"200MiB"`) or a share (`"90%"`). */
export type Amount = number | string;

/** What is expected of one metric; all of it has to hold. */
export interface Bounds {
  /** `<=` @default {anything} */
  readonly atMost?: Amount;
  /** `>=` @default {anything} */
  readonly atLeast?: Amount;
  /** `<` @default {anything} */
  readonly below?: Amount;
  /** `>` @default {anything} */
  readonly above?: Amount;
  /** `=` @default {anything} */
  readonly equal?: Amount;
  /** `!=` @default {anything} */
  readonly not?: Amount;
}

/** What is expected, by metric. */
export type Expectations = Readonly<Partial<Record<Metric, Bounds>>>;

interface OperatorRow {
  readonly sign: string;
  readonly holds: (found: number, bound: number) => boolean;
}

/** All comparisons, by their name in {@linkcode Bounds}. */
const OPERATORS: Readonly<Record<keyof Bounds, OperatorRow>> = {
  atMost: { sign: "<=", holds: (found, bound) => found <= bound },
  atLeast: { sign: ">=", holds: (found, bound) => found >= bound },
  below: { sign: "<", holds: (found, bound) => found < bound },
  above: { sign: ">", holds: (found, bound) => found > bound },
  equal: { sign: "=", holds: (found, bound) => found === bound },
  not: { sign: "!=", holds: (found, bound) => found !== bound },
};

/**
 * The name of a comparison.
 *
 * @param sign How it is written.
 * @returns Its name in {@linkcode Bounds}, or `undefined` for what is none.
 */
export function operatorOf(sign: string): keyof Bounds | undefined {
  return (Object.keys(OPERATORS) as (keyof Bounds)[]).find((name) => OPERATORS[name].sign === sign);
}

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** An amount that was understood. */
interface ReadAmount {
  readonly value: number;
  readonly isShare: boolean;
}

/** Reads an amount, or says what is wrong with it. */
function readAmount(metric: Metric, amount: unknown): ReadAmount | string {
  const row = METRICS[metric];
  const [, digits = "", unit = ""] = /^(\d{1,15}(?:\.\d{1,15})?) ?([A-Za-z%]*)$/.exec(String(amount)) ?? [];
  if (!["number", "string"].includes(typeof amount) || digits === "") return "it must be a number from 0";
  const value = Number(digits);
  if (unit === "%") {
    return row.whole === undefined ? `${metric} has no whole to be a share of` : { value, isShare: true };
  }
  if (unit !== "" && row.isBytes !== true) return `${metric} has no unit`;
  const scale = unit === "" ? 1 : Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (scale === undefined) return `"${unit}" is no unit; units are ${Object.keys(UNITS).join(", ")}`;
  if (row.isBytes !== true && !Number.isInteger(value)) return `${metric} is a whole number`;
  return { value: value * scale, isShare: false };
}

/**
 * What is wrong with one bound.
 *
 * @param metric The metric.
 * @param amount What it is compared with.
 * @returns The end of a sentence; `undefined` when it can be used.
 */
export function amountProblem(metric: Metric, amount: unknown): string | undefined {
  const read = readAmount(metric, amount);
  return typeof read === "string" ? read : undefined;
}

/**
 * What is wrong with expectations that come from outside.
 *
 * @param expectations Anything.
 * @returns What, and the end of a sentence; `undefined` when they can be used.
 */
export function expectationsProblem(expectations: unknown): string | undefined {
  if (!isRecord(expectations)) return "it must be an object";
  for (const [metric, bounds] of Object.entries(expectations)) {
    if (!isMetric(metric)) return `${metric}: there is no such metric; metrics are ${METRIC_NAMES.join(", ")}`;
    if (!isRecord(bounds)) return `${metric}: it must be an object`;
    for (const [operator, amount] of Object.entries(bounds)) {
      if (!Object.hasOwn(OPERATORS, operator)) return `${metric}: ${operator} is no comparison`;
      const problem = amountProblem(metric, amount);
      if (problem !== undefined) return `${metric}: ${operator}: ${problem}`;
    }
  }
  return undefined;
}

/**
 * Whether a word names a metric.
 *
 * @param word Any text.
 * @returns `true` for a name of the table.
 */
export function isMetric(word: string): word is Metric {
  return Object.hasOwn(METRICS, word);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One expectation that does not hold. */
export interface UnmetExpectation {
  /** The expectation, as it is written on a command line. */
  readonly expected: string;
  /** What was found instead, for people. */
  readonly found: string;
}

/**
 * Holds expectations against facts.
 *
 * @param expectations What is expected; it was checked before.
 * @param facts What there is.
 * @returns What does not hold, in the order of the metrics; empty when everything does.
 */
export function unmetExpectations(expectations: Expectations, facts: ExpectationFacts): UnmetExpectation[] {
  return METRIC_NAMES.flatMap((metric) =>
    (Object.entries(expectations[metric] ?? {}) as [keyof Bounds, Amount][]).flatMap(([operator, amount]) => {
      const found = unmetBy(metric, operator, amount, facts);
      return found === undefined ? [] : [{ expected: `${metric}${OPERATORS[operator].sign}${amount}`, found }];
    })
  );
}

/** What was found instead; `undefined` when the expectation holds. */
function unmetBy(
  metric: Metric,
  operator: keyof Bounds,
  amount: Amount,
  facts: ExpectationFacts,
): string | undefined {
  const row = METRICS[metric];
  const { value, isShare } = readAmount(metric, amount) as ReadAmount;
  const part = row.part(facts);
  if (!isShare) {
    if (OPERATORS[operator].holds(part, value)) return undefined;
    return row.isBytes === true ? `${formatBytes(part)} (${formatCount(part)} bytes)` : formatCount(part);
  }
  const whole = row.whole!(facts);
  if (whole === 0 || OPERATORS[operator].holds(part * 100, value * whole)) return undefined;
  return `${Math.floor(part * 1000 / whole) / 10}% (${formatCount(part)} of ${formatCount(whole)} ${row.wholeWords})`;
}

/**
 * The error for expectations that do not hold.
 *
 * @param unmet Which.
 * @param of Whether they were held against a plan or against what was done.
 * @returns The error, with code `"expectation-failed"`.
 */
export function unmetError(unmet: readonly UnmetExpectation[], of: "plan" | "outcome"): SyncError {
  const list = unmet.map(({ expected, found }) => `${expected}, but it is ${found}`).join("; ");
  return of === "plan"
    ? new SyncError("expectation-failed", `Cannot go on: the plan is not as expected: ${list}`, {
      hint: "look at the plan with --dry-run --explain; if it is right, change what is expected with --expect",
    })
    : new SyncError("expectation-failed", `The outcome is not as expected: ${list}`);
}
