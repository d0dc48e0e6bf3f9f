/**
 * What a verification says while it runs, and at its end.
 *
 * @module
 */
import type { CheckTotals, Finding } from "../../lib/compare/finding.ts";
import type { SyncEvent } from "../../lib/model/event.ts";
import type { Told } from "../checking/teller.ts";

/** What was found. */
export interface VerifyReport extends Told {
  /** Always `"verify"`. */
  readonly task: "verify";
  /** The tree or manifest that was held to be right, as it was given. */
  readonly source: string;
  /** The tree that was held against it. */
  readonly destination: string;
  /** Whether both are the same, differ or could not be told apart completely, or it was stopped. */
  readonly outcome: "same" | "different" | "stopped";
  /** How many paths there are of each kind. */
  readonly totals: CheckTotals;
  /** What differs: the first thousand. */
  readonly findings: readonly Finding[];
}

/** One thing that is said; an action is a finding. */
export type VerifyEvent = SyncEvent<Finding, VerifyReport>;
