/**
 * How a task is told to people and programs: what goes where, in which format. Data goes to stdout, talk to stderr.
 *
 * @module
 */
import type { CheckTotals, Finding } from "../compare/finding.ts";
import { SyncError } from "../errors.ts";
import type { CauseCounts } from "../model/cause_tally.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure, Progress } from "../model/event.ts";
import type { Action } from "../plan/action.ts";
import type { PlanSummary } from "../plan/summary.ts";
import type { Finished } from "../report/text.ts";
import type { Values } from "./parse.ts";

/** Formats of lists. */
export type Format = "text" | "itemize" | "ndjson" | "html" | "github" | "junit";

/** How a task ended. */
export type Conclusion =
  /** A plan was made. */
  | {
    readonly kind: "planned";
    readonly summary: PlanSummary;
    readonly failureCount: number;
    readonly causes: CauseCounts;
    readonly refusal?: SyncError;
  }
  /** It ran; what of the outcome is not as expected. */
  | { readonly kind: "ran"; readonly finished: Finished; readonly unmet?: SyncError }
  /** Two sides were compared. */
  | {
    readonly kind: "checked";
    readonly totals: CheckTotals;
    readonly failureCount: number;
    readonly causes: CauseCounts;
    readonly durationMs: number;
  }
  /** It was refused or could not go on; what was done until then, if anything. */
  | { readonly kind: "failed"; readonly error: SyncError; readonly finished: Finished | undefined };

/** Tells one task. */
export interface Output {
  /** Whether single actions are told. */
  readonly listsActions: boolean;
  /** Whether progress is told. */
  readonly showsProgress: boolean;
  /** The task begins. */
  start(task: string, source?: string, destination?: string): void;
  /** An action is planned or was carried out. */
  action(action: Action): void;
  /** What a comparison found at one path. */
  finding(finding: Finding): void;
  /** Counts have grown. */
  progress(progress: Progress): void;
  /** Something cannot be kept, or an entry is odd. */
  warning(warning: Degradation, entry?: Failure): void;
  /** An entry failed. */
  failure(failure: Failure): void;
  /** Something that a person wants to know, such as where a plan was saved. */
  note(text: string): void;
  /** The task is over; gives the exit code, another one when what was told could not be kept. */
  end(conclusion: Conclusion, exitCode: number): number;
}

/** Choices that are common to all commands with a list. */
export interface OutputSettings {
  /** Format of the list. */
  readonly format: Format;
  /** Whether actions are listed. */
  readonly lists: boolean;
  /** Whether each action says why in words. */
  readonly explains: boolean;
  /** Whether talk is left out. */
  readonly quiet: boolean;
  /** Whether progress is shown. */
  readonly progress: boolean;
  /** Colours. */
  readonly color: "auto" | "always" | "never";
}

/**
 * The settings that options ask for.
 *
 * @param values Values of the options.
 * @param previews Whether the command only shows what it would do; then the list is the point of it.
 * @returns The settings.
 * @throws {SyncError} code `"usage"` for options that contradict each other.
 */
export function outputSettings(values: Values, previews: boolean): OutputSettings {
  const format = (values.text("format") ?? "text") as Format;
  const explains = values.isOn("explain");
  if (explains && format === "itemize") {
    throw new SyncError("usage", "Cannot use --explain with --format itemize: its lines have no room for words");
  }
  return {
    format,
    lists: !(format === "text" || format === "github") || previews || values.isOn("verbose") || explains,
    explains,
    quiet: values.isOn("quiet"),
    progress: values.isOn("progress"),
    color: (values.text("color") ?? "auto") as OutputSettings["color"],
  };
}
