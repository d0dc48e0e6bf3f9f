/**
 * What every format is made of: a report is told step by step, and each step gives the text that is to be appended.
 * Formats that can be written as they come give it at once and keep nothing; others keep what they need and give all
 * of it at the end.
 *
 * @module
 */
import type { CheckTotals, Finding } from "../compare/finding.ts";
import type { SyncErrorCode } from "../errors.ts";
import type { CauseCounts } from "../model/cause_tally.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure } from "../model/event.ts";
import type { Action } from "../plan/action.ts";
import type { PlanSummary } from "../plan/summary.ts";

/** How a task ended, for programs. */
export type Ending =
  /** Source and destination agree. */
  | "done"
  /** A plan was made and nothing was changed. */
  | "planned"
  /** Everything was tried; some entries failed. */
  | "partial"
  /** It was interrupted or could not go on. */
  | "stopped"
  /** It was refused before anything changed. */
  | "refused"
  /** Two sides were compared, and differ. */
  | "different";

/** What is known before the first step. */
export interface ReportHead {
  /** Name of the task. */
  readonly task: string;
  /** Its source, as it was given; absent for a saved plan that could not be read. */
  readonly source?: string;
  /** Its destination. */
  readonly destination?: string;
}

/** A snapshot that was published. */
export interface SnapshotFacts {
  /** Its name. */
  readonly name: string;
  /** The snapshot that it shares with; absent when it is the first. */
  readonly basis?: string;
  /** Whether it goes on with what an earlier run had begun. */
  readonly resumed: boolean;
  /** Whether everything was compared with the source once more before it was published. */
  readonly verified: boolean;
  /** Files that it shares with older snapshots. */
  readonly sharedFiles: number;
  /** Bytes in these. */
  readonly sharedBytes: number;
  /** Files that it holds alone. */
  readonly newFiles: number;
  /** Bytes in these. */
  readonly newBytes: number;
}

/** What is known at the end. */
export interface ReportSummary {
  /** How it ended. */
  readonly outcome: Ending;
  /** Exit code of the process; absent when a program asked for the report. */
  readonly exitCode?: number;
  /** Totals; absent when the task ended before there were any. */
  readonly totals?: PlanSummary;
  /** Totals of a comparison; absent for other tasks. */
  readonly checked?: CheckTotals;
  /** Bytes of content written; absent for a plan. */
  readonly copiedBytes?: number;
  /** Bytes of content that were there already, in files that were changed in place or made of
   * old ones; absent when there were none. */
  readonly sparedBytes?: number;
  /** Entries that failed. */
  readonly failures: number;
  /** Entries that failed, were warned of, or were ignored, by cause; absent when the task ended before it began. */
  readonly causes?: CauseCounts;
  /** How many entries were switched at once; absent when that was not asked for. */
  readonly switchedEntries?: number;
  /** How long that took, in milliseconds. */
  readonly switchMs?: number;
  /** How long it took; absent for a plan. */
  readonly durationMs?: number;
  /** The snapshot that was published, if the task is one. */
  readonly snapshot?: SnapshotFacts;
  /** Why it was refused or stopped, why the plan would be, or what of the outcome was not as expected. */
  readonly error?: { readonly code: SyncErrorCode; readonly message: string; readonly hint?: string };
}

/** A report that is being written. Every method returns what is to be appended, often nothing. */
export interface ReportDocument {
  /** It begins; called once, first. */
  start(head: ReportHead): string;
  /** A step that is planned, or was carried out. */
  action(action: Action): string;
  /** What a comparison found at one path. */
  finding(finding: Finding): string;
  /** Something cannot be kept, or an entry is odd. */
  warning(warning: Degradation, entry?: Failure): string;
  /** An entry failed. */
  failure(failure: Failure): string;
  /** It is complete; called once, last. */
  end(summary: ReportSummary): string;
}
