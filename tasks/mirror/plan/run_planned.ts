/**
 * Runs a mirror that has to know everything that it will do before it does anything: the plan is made, and carried out
 * at once.
 *
 * @module
 */
import type { Action } from "../../../lib/plan/action.ts";
import { guardDeletions } from "../../../lib/plan/guards.ts";
import { hasChanges } from "../../../lib/plan/summary.ts";
import { carryOut } from "./carry_out.ts";
import { guardRot, rottenFailures } from "../checksums/rules.ts";
import { guardExpectations } from "../expecting.ts";
import type { MirrorPair } from "../trees/pair.ts";
import { checkSpace } from "../trees/preflight.ts";
import { SpooledActions } from "./planned_actions.ts";
import type { MirrorReport } from "../report.ts";
import { withRun } from "../run.ts";
import { surveyPlan } from "./survey.ts";
import type { RunOptions } from "../options/watch.ts";

/**
 * Makes a plan and carries it out, in one run.
 *
 * @param pair What to mirror.
 * @param watch How it is watched and stopped.
 * @returns The report.
 * @throws {SyncError} when it was refused or could not go on.
 */
export async function runPlanned(pair: MirrorPair, watch: RunOptions): Promise<MirrorReport> {
  let actions = new SpooledActions();
  try {
    const keep = (action: Action) => actions.add(action);
    return await withRun(pair, watch, { changes: true, isLate: true, keep }, async (first, complete) => {
      const { summary, needs, ...surveyed } = await surveyPlan(first, actions);
      actions = surveyed.actions;
      for (const failure of rottenFailures(surveyed.checksums)) first.collector.addFailure(failure);
      guardRot(surveyed.checksums);
      for (const warning of actions.warnings) first.collector.warn(warning);
      guardDeletions(summary.deleted, summary.destinationEntries, pair.options.maxDelete);
      guardExpectations(pair.options.expect, summary, first.collector);
      checkSpace(pair, first.roots.destination, needs, summary.deleted);
      if (hasChanges(summary)) await carryOut(complete(), actions, summary);
    });
  } finally {
    actions.close();
  }
}
