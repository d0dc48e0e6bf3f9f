/**
 * How a task ended, as all reports tell it.
 *
 * @module
 */
import type { SyncError } from "../errors.ts";
import type { Ending, ReportSummary } from "../report/document.ts";
import { EXIT } from "./exit_code.ts";
import type { Conclusion } from "./output.ts";

/**
 * The end of a task as plain data.
 *
 * @param conclusion How it ended.
 * @param exitCode Exit code of the process.
 * @param failures How many entries failed, as far as that was told; counts when the task has no totals.
 * @returns The summary.
 */
export function summaryOf(conclusion: Conclusion, exitCode: number, failures: number): ReportSummary {
  if (conclusion.kind === "planned") {
    const { summary, failureCount, causes, refusal } = conclusion;
    return { outcome: "planned", exitCode, totals: summary, failures: failureCount, causes, ...errorField(refusal) };
  }
  if (conclusion.kind === "checked") {
    const { totals: checked, failureCount, causes, durationMs } = conclusion;
    const outcome = exitCode === EXIT.done ? "done" : exitCode === EXIT.different ? "different" : "partial";
    return { outcome, exitCode, checked, failures: failureCount, causes, durationMs: Math.round(durationMs) };
  }
  const { finished } = conclusion;
  const totals = finished === undefined ? { failures } : {
    totals: finished.done,
    copiedBytes: finished.copiedBytes,
    ...(finished.sparedBytes === undefined ? {} : { sparedBytes: finished.sparedBytes }),
    failures: finished.failureCount,
    causes: finished.causes,
    ...(finished.switchMs === undefined
      ? {}
      : { switchedEntries: finished.switchedEntries ?? 0, switchMs: finished.switchMs }),
    durationMs: Math.round(finished.durationMs),
    ...(finished.snapshot === undefined ? {} : { snapshot: finished.snapshot }),
  };
  if (conclusion.kind === "failed") {
    return {
      outcome: outcomeOf(exitCode, finished !== undefined),
      exitCode,
      ...totals,
      ...errorField(conclusion.error),
    };
  }
  const outcome = conclusion.finished.failureCount === 0 ? "done" : "partial";
  return { outcome, exitCode, ...totals, ...errorField(conclusion.unmet) };
}

/** Want of space refuses a run before its first change, or stops it. */
function outcomeOf(exitCode: number, hasBegun: boolean): Ending {
  if (exitCode === EXIT.noSpace) return hasBegun ? "stopped" : "refused";
  return exitCode === EXIT.refused || exitCode === EXIT.drift ? "refused" : "stopped";
}

function errorField(error: SyncError | undefined): Pick<ReportSummary, "error"> {
  if (error === undefined) return {};
  const { code, message, hint } = error;
  return { error: { code, message, ...(hint === undefined ? {} : { hint }) } };
}
