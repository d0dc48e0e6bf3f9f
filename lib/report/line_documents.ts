/**
 * Reports of lines: in words for people, and the lines of `rsync --itemize-changes`.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import type { ReportDocument, ReportHead, ReportSummary } from "./document.ts";
import { findingText } from "./finding_text.ts";
import { itemize } from "./itemize.ts";
import { actionText, errorText, explainedText, failureText, summaryText, warningText } from "./text.ts";

/**
 * A report in words: what and where, a line for each step, warning and failure, and the totals.
 *
 * @param explains Whether a second line says why in whole words. @default {false}
 * @returns The report, to be told.
 */
export function textDocument(explains: boolean = false): ReportDocument {
  return {
    start: (head) => `${headText(head)}\n`,
    action: (action) => `${explains ? explainedText(action) : actionText(action)}\n`,
    finding: (finding) => `${findingText(finding)}\n`,
    warning: (warning) => `${warningText(warning)}\n`,
    failure: (failure) => `${failureText(failure)}\n`,
    end: (summary) => `${endLines(summary).join("\n")}\n`,
  };
}

/**
 * The lines that rsync would print, and nothing else.
 *
 * @returns The report, to be told.
 */
export function itemizeDocument(): ReportDocument {
  return {
    start: () => "",
    action: (action) => `${itemize(action)}\n`,
    finding: (finding) => `${findingText(finding)}\n`,
    warning: () => "",
    failure: () => "",
    end: () => "",
  };
}

/**
 * What a report is about, in one line.
 *
 * @param head Task, source and destination.
 * @returns For example `"mirror photos -> backup"`, escaped.
 */
export function headText({ task, source, destination }: ReportHead): string {
  const sides = [source, destination].filter((side) => side !== undefined).map(printable);
  return [task, sides.join(" -> ")].filter((part) => part !== "").join(" ");
}

function endLines(summary: ReportSummary): string[] {
  const totals = summaryText(summary);
  const error = summary.error === undefined ? undefined : errorText("undrift", summary.error);
  return [totals, error].filter((line) => line !== undefined);
}
