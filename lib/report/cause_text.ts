/**
 * Failures, warnings and ignored entries in sum, by their causes.
 *
 * @module
 */
import { formatCount, formatNumberOf } from "../bytes/quantities.ts";
import type { Cause } from "../model/cause.ts";
import { type CauseCount, type CauseCounts, sumOfCauses } from "../model/cause_tally.ts";

/**
 * What did not go well, at the end of a line of totals.
 *
 * @param failureCount Entries that failed.
 * @param causes Counts by cause.
 * @returns For example `"; 3 failed (permission 2, io 1); 1 warning (vanished)"`; empty when all went well.
 */
export function causesText(failureCount: number, causes: CauseCounts): string {
  const failed = failureCount === 0 ? "" : `; ${formatCount(failureCount)} failed${namesText(causes, "failed")}`;
  const warned = sumOfCauses(causes, "warned");
  const ignored = sumOfCauses(causes, "ignored");
  return failed +
    (warned === 0 ? "" : `; ${formatNumberOf(warned, "warning")}${namesText(causes, "warned")}`) +
    (ignored === 0 ? "" : `; ${formatCount(ignored)} ignored${namesText(causes, "ignored")}`);
}

/** Names of the causes, with their counts when there are several. */
function namesText(causes: CauseCounts, as: keyof CauseCount): string {
  const met = (Object.entries(causes) as [Cause, CauseCount][]).filter(([, count]) => count[as] > 0);
  if (met.length === 0) return "";
  if (met.length === 1) return ` (${met[0]![0]})`;
  return ` (${met.map(([cause, count]) => `${cause} ${formatCount(count[as])}`).join(", ")})`;
}
