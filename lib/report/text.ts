/**
 * Actions, failures, warnings and totals in words, for people. Columns are of fixed width, so that lines can be written
 * as they come.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure } from "../model/event.ts";
import type { Action, Reason } from "../plan/action.ts";
import type { CauseCounts } from "../model/cause_tally.ts";
import { hasChanges, type PlanSummary } from "../plan/summary.ts";
import { causesText } from "./cause_text.ts";
import { checkText } from "./finding_text.ts";
import { type Paint, painter, type Style } from "./paint.ts";
import { formatBytes, formatCount, formatDuration, formatNumberOf } from "../bytes/quantities.ts";
import type { ReportSummary, SnapshotFacts } from "./document.ts";
import {
  type Deed,
  DEED_NAMES,
  deedOf,
  DEEDS,
  entryOf,
  KIND_WORDS,
  oneLine,
  reasonTexts,
  shownPath,
  shownTarget,
} from "./words.ts";
import { whyText } from "./why.ts";

const VERB_WIDTH = 6;
const WHAT_WIDTH = 9;
const SIZE_WIDTH = 8;
/** Below the path, so that paths still stand in a column. */
const WHY_INDENT = " ".repeat(VERB_WIDTH + WHAT_WIDTH + SIZE_WIDTH + 8);

/** Verbs that are others in the list than in totals. */
const VERBS: Readonly<Partial<Record<Deed, string>>> = { adjust: "update", remove: "remove" };

/** Reasons that the verb says already. */
const PLAIN_REASONS: readonly Reason[] = ["missing", "extraneous", "leftover", "moved"];

const PLAIN: Paint = painter(false);

/**
 * The line for one action, without its end.
 *
 * @param action A step of a plan.
 * @param paint Colours. @default {none}
 * @returns Verb, what it is, size, path, and the reasons in words when the verb does not say them.
 */
export function actionText(action: Action, paint: Paint = PLAIN): string {
  return `${headText(action, paint)}${paint("dim", reasonsOf(action))}`;
}

/**
 * The line for one action and below it, in whole words, why it is done.
 *
 * @param action A step of a plan.
 * @param paint Colours. @default {none}
 * @returns Two lines without the last line end.
 */
export function explainedText(action: Action, paint: Paint = PLAIN): string {
  return `${headText(action, paint)}\n${WHY_INDENT}${paint("dim", whyText(action))}`;
}

function headText(action: Action, paint: Paint): string {
  const { verb, style } = verbOf(action);
  const entry = entryOf(action);
  const size = entry.kind === "file" && action.op !== "set-metadata" ? formatBytes(entry.size) : "";
  const head = `${paint(style, verb.padEnd(VERB_WIDTH))}  ${whatOf(action).padEnd(WHAT_WIDTH)}`;
  return `${head}  ${paint("dim", size.padStart(SIZE_WIDTH))}  ${shownPath(action)}${shownTarget(action)}`;
}

function verbOf(action: Action): { verb: string; style: Style } {
  if (action.op === "link" || (action.op === "write-file" && action.basis?.links === true)) {
    return { verb: "link", style: "cyan" };
  }
  const deed = deedOf(action);
  return { verb: VERBS[deed] ?? DEEDS[deed].plan, style: DEEDS[deed].style };
}

function whatOf(action: Action): string {
  if (action.op === "set-metadata") return "metadata";
  if (action.op === "remove-source") return "source";
  return action.op === "sweep" ? "leftover" : KIND_WORDS[entryOf(action).kind];
}

function reasonsOf(action: Action): string {
  const told = action.op === "delete" || action.op === "remove-source" ? [] : reasonTexts(action, PLAIN_REASONS);
  return told.length === 0 ? "" : `  (${told.join(", ")})`;
}

/**
 * What could not be made right, in one line. The message names the entry by its last name, so its folder is told, too.
 *
 * @param failure The failure.
 * @param paint Colours. @default {none}
 * @returns One line; the hint is not in it.
 */
export function failureText(failure: Failure, paint: Paint = PLAIN): string {
  const where = failure.path === "" ? "" : `${printable(failure.path)}: `;
  return `${paint("red", "failed:")} ${where}${oneLine(failure.message)}`;
}

/**
 * What this machine cannot keep, in one line.
 *
 * @param warning The warning.
 * @param paint Colours. @default {none}
 * @returns One line.
 */
export function warningText(warning: Degradation, paint: Paint = PLAIN): string {
  return `${paint("yellow", "warning:")} ${oneLine(warning.message)}`;
}

/**
 * An error in one line, or two with its hint.
 *
 * @param program Name of the program.
 * @param error Message and hint.
 * @param paint Colours. @default {none}
 * @returns Lines without the last line end.
 */
export function errorText(
  program: string,
  error: { readonly message: string; readonly hint?: string | undefined },
  paint: Paint = PLAIN,
): string {
  const line = `${paint("red", `${program}:`)} ${oneLine(error.message)}`;
  return error.hint === undefined ? line : `${line}\n${paint("cyan", "hint:")} ${oneLine(error.hint)}`;
}

/**
 * Totals of a plan in one line.
 *
 * @param summary The totals.
 * @param failures How many entries could not be looked at.
 * @param causes Failures, warnings and ignored entries by cause. @default {{}}
 * @returns For example `"plan: create 3, delete 1; write 2 files, 1.5 MiB"`.
 */
export function planText(summary: PlanSummary, failures: number, causes: CauseCounts = {}): string {
  const tail = withheldText(summary) + causesText(failures, causes);
  if (!hasChanges(summary)) {
    return `plan: nothing to do, ${formatNumberOf(summary.sourceEntries, "entry agrees", "entries agree")}${tail}`;
  }
  const written = summary.files === 0
    ? ""
    : `; write ${formatNumberOf(summary.files, "file")}, ${formatBytes(summary.bytes)}`;
  return `plan: ${countsText(summary, "plan")}${written}${savedText(summary)}${tail}`;
}

/** What {@linkcode doneText} needs to know. */
export interface Finished {
  /** Totals of what was carried out. */
  readonly done: PlanSummary;
  /** Bytes of content that were written. */
  readonly copiedBytes: number;
  /** Bytes of content that were there already, in files that were changed in place. */
  readonly sparedBytes?: number | undefined;
  /** How many entries failed. */
  readonly failureCount: number;
  /** Failures, warnings and ignored entries by cause. */
  readonly causes: CauseCounts;
  /** How many entries were switched at once, if that was asked for. */
  readonly switchedEntries?: number | undefined;
  /** How long that took. */
  readonly switchMs?: number | undefined;
  /** How long it took. */
  readonly durationMs: number;
  /** The snapshot that was published, if the task is one. */
  readonly snapshot?: SnapshotFacts | undefined;
  /** Whether it was stopped before its end. */
  readonly stopped: boolean;
}

/**
 * Totals of a finished run in one line.
 *
 * @param finished What the run did.
 * @returns For example `"done: created 3, deleted 1; 2 files, 1.5 MiB in 38 ms (39 MiB/s)"`.
 */
export function doneText(finished: Finished): string {
  const { done, durationMs, failureCount } = finished;
  const head = finished.stopped ? "stopped" : "done";
  const snapshot = finished.snapshot === undefined ? "" : snapshotText(finished.snapshot);
  const tail = switchText(finished) + withheldText(done) + causesText(failureCount, finished.causes) + snapshot;
  const took = ` in ${formatDuration(durationMs)}`;
  if (!hasChanges(done)) {
    return `${head}: ${finished.stopped ? "nothing was changed" : "nothing to do"}${took}${tail}`;
  }
  const saved = savedText(done);
  if (done.files === 0) return `${head}: ${countsText(done, "done")}${took}${saved}${tail}`;
  const written = `${formatNumberOf(done.files, "file")}, ${writtenText(finished)}`;
  return `${head}: ${countsText(done, "done")}; ${written}${took}${rateText(finished)}${saved}${tail}`;
}

function writtenText({ copiedBytes, sparedBytes = 0 }: Finished): string {
  if (sparedBytes === 0) return formatBytes(copiedBytes);
  return `${formatBytes(copiedBytes)} of ${formatBytes(copiedBytes + sparedBytes)} written`;
}

/** What a snapshot shares is always said: one that silently copied everything looks the same otherwise. */
function snapshotText(
  { name, sharedFiles, sharedBytes, newFiles, newBytes, resumed, verified }: SnapshotFacts,
): string {
  const shared = `shared ${formatNumberOf(sharedFiles, "file")}, ${formatBytes(sharedBytes)}`;
  const fresh = `new ${formatNumberOf(newFiles, "file")}, ${formatBytes(newBytes)}`;
  const notes = `${resumed ? ", went on with an earlier run" : ""}${verified ? ", verified" : ""}`;
  return `; snapshot ${name}: ${shared}; ${fresh}${notes}`;
}

function savedText({ movedBytes }: PlanSummary): string {
  return movedBytes === 0 ? "" : `; ${formatBytes(movedBytes)} moved, not copied`;
}

/**
 * The totals of a report in one line.
 *
 * @param summary How the task ended.
 * @returns The line of {@linkcode planText} or {@linkcode doneText}; nothing when it ended before there were totals.
 */
export function summaryText(summary: ReportSummary): string | undefined {
  if (summary.checked !== undefined) return checkText(summary.checked, summary.durationMs);
  const { totals, failures, outcome, causes = {}, copiedBytes = 0, sparedBytes, durationMs = 0 } = summary;
  const { switchedEntries, switchMs, snapshot } = summary;
  if (totals === undefined) return undefined;
  if (outcome === "planned") return planText(totals, failures, causes);
  const stopped = outcome === "stopped" || outcome === "refused";
  return doneText({
    done: totals,
    copiedBytes,
    sparedBytes,
    failureCount: failures,
    causes,
    switchedEntries,
    switchMs,
    durationMs,
    snapshot,
    stopped,
  });
}

function switchText({ switchedEntries, switchMs }: Finished): string {
  if (switchedEntries === undefined || switchMs === undefined) return "";
  return `; switched ${formatNumberOf(switchedEntries, "entry", "entries")} within ${formatDuration(switchMs)}`;
}

function rateText({ copiedBytes, durationMs }: Finished): string {
  if (copiedBytes === 0 || durationMs <= 0) return "";
  return ` (${formatBytes(copiedBytes / (durationMs / 1000))}/s)`;
}

function countsText(summary: PlanSummary, tense: "plan" | "done"): string {
  return DEED_NAMES.map((deed) => DEEDS[deed]).filter(({ total }) => summary[total] > 0)
    .map((words) => `${words[tense]} ${formatCount(summary[words.total])}`).join(", ");
}

function withheldText({ withheld }: PlanSummary): string {
  return withheld === 0 ? "" : `; ${formatNumberOf(withheld, "deletion")} withheld`;
}
