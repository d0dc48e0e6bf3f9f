/**
 * Runs a verification: goes through both sides in the order of their paths, has contents read on all threads, and tells
 * what is found in that order. Memory is bounded by the largest directory, not by the number of files.
 *
 * @module
 */
import { addFinding, differenceCount, type Finding, noTotals } from "../../lib/compare/finding.ts";
import { asSyncError } from "../../lib/errors.ts";
import { toFailure } from "../../lib/model/event.ts";
import { inBatches, resultsOf } from "../checking/batches.ts";
import { CheckingCrew } from "../checking/crew.ts";
import { Teller } from "../checking/teller.ts";
import { byCatalog } from "./by_catalog.ts";
import type { VerifySubject } from "./options.ts";
import type { VerifyEvent, VerifyReport } from "./report.ts";
import { openSides, type Sides } from "./sides.ts";

/** How a verification is watched. */
export interface VerifyRunOptions {
  /** Stops it, beside the signal of the task. @default {undefined} */
  readonly signal?: AbortSignal;
  /** Hears every event as it happens; an action is a finding. @default {undefined} */
  readonly onEvent?: (event: VerifyEvent) => void;
  /** Whether `onEvent` hears of what is the same, too. @default {false} */
  readonly same?: boolean;
}

/** Findings that are kept; more are only told and counted. */
const KEPT_FINDINGS = 1_000;

/**
 * Runs a verification.
 *
 * @param subject What is verified.
 * @param watch How it is watched.
 * @returns The report.
 * @throws {SyncError} when a side cannot be opened, a manifest is damaged, or it was stopped.
 */
export async function runVerify(subject: VerifySubject, watch: VerifyRunOptions): Promise<VerifyReport> {
  const { expected, destination, options, env } = subject;
  const source = typeof expected === "string" ? expected : expected.manifest;
  const signal = AbortSignal.any([options.signal, watch.signal].filter((each) => each !== undefined));
  const teller = new Teller<Finding, VerifyReport>(env, watch.onEvent);
  const totals = noTotals();
  const findings: Finding[] = [];
  const report = (outcome: VerifyReport["outcome"]): VerifyReport => {
    return { task: "verify", source, destination, outcome, totals, findings, ...teller.told };
  };
  teller.emit({ type: "start", task: "verify", source, destination });
  let sides: Sides<unknown> | undefined;
  try {
    sides = await openSides(subject, signal);
    for (const warning of sides.warnings) teller.warn(warning);
    for (const { path, error } of sides.missing) teller.failed(toFailure(path, error));
    for await (const finding of found(sides, subject, signal, teller)) {
      addFinding(totals, finding);
      if (finding.finding !== "same" && findings.length < KEPT_FINDINGS) findings.push(finding);
      if (finding.finding !== "same" || watch.same === true) teller.emit({ type: "action", action: finding });
      teller.progress({ entries: totals.entries, files: totals.files, bytes: totals.bytes });
    }
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.code !== "cancelled") teller.ended(error);
    teller.emit({ type: "end", report: report("stopped") });
    throw error;
  } finally {
    sides?.close();
  }
  const ended = report(differenceCount(totals) + teller.failureCount === 0 ? "same" : "different");
  teller.emit({ type: "end", report: ended });
  return ended;
}

/** What is found, in order. */
async function* found<Source>(
  sides: Sides<Source>,
  { options, env }: VerifySubject,
  signal: AbortSignal,
  teller: Teller<Finding, VerifyReport>,
): AsyncGenerator<Finding, void, undefined> {
  const { trees, algorithm, own } = sides;
  const judge = byCatalog(sides.judge, sides.known);
  const onWarning = teller.warn.bind(teller);
  const crew = new CheckingCrew({ env, trees, algorithm, own, jobs: options.jobs, signal, onWarning });
  for await (const batch of crew.read(inBatches(sides.pairs(), (paired) => judge.readingOf(paired)))) {
    for (const [paired, results] of resultsOf(batch)) yield judge.judge(paired, results);
  }
}
