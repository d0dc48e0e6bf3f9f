/**
 * Holds what the caller expects against what a run found or did.
 *
 * @module
 */
import { type CauseCounts, sumOfCauses } from "../../lib/model/cause_tally.ts";
import { type Expectations, unmetError, type UnmetExpectation, unmetExpectations } from "../../lib/plan/expectation.ts";
import type { PlanSummary } from "../../lib/plan/summary.ts";

/** What happened to single entries, as a report and a plan count it. */
interface Told {
  readonly failureCount: number;
  readonly causes: CauseCounts;
}

/**
 * What does not hold.
 *
 * @param expectations What is expected.
 * @param summary Totals of a plan, or of what was done.
 * @param told Failures and warnings.
 * @returns What does not hold.
 */
export function unmetBy(expectations: Expectations, summary: PlanSummary, told: Told): UnmetExpectation[] {
  const { failureCount: failures, causes } = told;
  return unmetExpectations(expectations, { summary, failures, warnings: sumOfCauses(causes, "warned") });
}

/**
 * Refuses a plan that is not as expected.
 *
 * @param expectations What is expected.
 * @param summary Totals of the plan.
 * @param told Failures and warnings so far.
 * @throws {SyncError} code `"expectation-failed"`.
 */
export function guardExpectations(expectations: Expectations, summary: PlanSummary, told: Told): void {
  const unmet = unmetBy(expectations, summary, told);
  if (unmet.length > 0) throw unmetError(unmet, "plan");
}
