/**
 * A report in Markdown: the step summary of GitHub Actions, or a comment on a pull request. Totals in a table, then what
 * asks for a look, deletions first; long lists are cut and say so.
 *
 * Names are set as code, with every character that Markdown or HTML could take for more than itself as a character
 * reference: no pipe ends a cell, no backtick or tag the code, and nothing becomes a link or a mention.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { formatBytes, formatCount } from "../bytes/quantities.ts";
import { type Finding, FINDING_KINDS, type FindingKind } from "../compare/finding.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure } from "../model/event.ts";
import type { Action } from "../plan/action.ts";
import type { ReportDocument, ReportHead, ReportSummary } from "./document.ts";
import { FINDING_WORDS, findingPath, findingWhy, toldKinds } from "./finding_text.ts";
import { summaryText } from "./text.ts";
import {
  type Deed,
  DEED_NAMES,
  deedOf,
  DEEDS,
  deedsToTell,
  entryOf,
  oneLine,
  OUTCOME_WORDS,
  shownPath,
  shownTarget,
} from "./words.ts";
import { whyText } from "./why.ts";

/** Bytes that GitHub takes of the summary of one step. */
const MOST_BYTES = 1 << 20;
/** Rows of one list. */
const MOST_ROWS = 100;
/** Characters of one name or message. */
const MOST_CHARACTERS = 200;

/** A list that is cut. */
interface Rows {
  readonly rows: string[];
  count: number;
}

/**
 * A report in Markdown.
 *
 * @returns The report, to be told; all of it comes at its end.
 */
export function markdownDocument(): ReportDocument {
  const deeds: Partial<Record<Deed, Rows>> = {};
  const findings: Partial<Record<FindingKind, Rows>> = {};
  const failures: Rows = { rows: [], count: 0 };
  const warnings: string[] = [];
  let head: ReportHead = { task: "" };
  return {
    start: (given) => {
      head = given;
      return "";
    },
    action: (action) => {
      addRow(deeds[deedOf(action)] ??= { rows: [], count: 0 }, () => actionRow(action));
      return "";
    },
    finding: (finding) => {
      if (finding.finding === "same") return "";
      addRow(findings[finding.finding] ??= { rows: [], count: 0 }, () => findingRow(finding));
      return "";
    },
    warning: ({ message }: Degradation) => {
      warnings.push(markdownText(oneLine(message)));
      return "";
    },
    failure: (failure) => {
      addRow(failures, () => failureRow(failure));
      return "";
    },
    end: (summary) => {
      const lists = [...DEED_NAMES].sort((a, b) => DEEDS[b].weight - DEEDS[a].weight)
        .map((deed) => listText(wordOf(deed, summary), "entry", deeds[deed], deed === "delete"));
      const parts = [
        ...opening(head, summary),
        listText("Failed", "failure", failures, true),
        ...FINDING_KINDS.map((kind) => listText(titleCase(FINDING_WORDS[kind].word), "finding", findings[kind], true)),
        ...lists,
        warnings.length === 0 ? "" : `${warnings.map((text) => `- ${text}`).join("\n")}\n`,
      ];
      return withinLimit(parts.filter((part) => part !== ""));
    },
  };
}

function addRow(list: Rows, make: () => string): void {
  list.count++;
  if (list.rows.length < MOST_ROWS) list.rows.push(make());
}

function opening(head: ReportHead, summary: ReportSummary): string[] {
  const { error } = summary;
  const sides = [head.source, head.destination].filter((side) => side !== undefined).map(code);
  const totals = summaryText(summary);
  return [
    `### undrift ${markdownText(head.task)}: ${OUTCOME_WORDS[summary.outcome]}\n`,
    sides.length === 0 ? "" : `${sides.join(" → ")}\n`,
    error === undefined ? "" : `> **${markdownText(oneLine(error.message))}**${hintText(error.hint)}\n`,
    totalsTable(summary),
    totals === undefined ? "" : `${totals}\n`,
  ];
}

function hintText(hint: string | undefined): string {
  return hint === undefined ? "" : `\\\n> ${markdownText(oneLine(hint))}`;
}

function totalsTable({ totals, checked, outcome, failures }: ReportSummary): string {
  if (totals === undefined && checked === undefined) return "";
  const tense = outcome === "planned" ? "plan" : "done";
  const columns = [
    ...(totals === undefined
      ? []
      : deedsToTell(totals).map((deed) => [DEEDS[deed][tense], totals[DEEDS[deed].total]] as const)),
    ...(checked === undefined
      ? []
      : [...toldKinds(checked), "same" as const].map((kind) => [FINDING_WORDS[kind].word, checked[kind]] as const)),
    ...(failures === 0 ? [] : [["failed", failures] as const]),
  ];
  return [
    `| ${columns.map(([word]) => word).join(" | ")} |`,
    `|${columns.map(() => " ---: |").join("")}`,
    `| ${columns.map(([, count]) => count === 0 ? "0" : `**${formatCount(count)}**`).join(" | ")} |\n`,
  ].join("\n");
}

function wordOf(deed: Deed, { outcome }: ReportSummary): string {
  return titleCase(DEEDS[deed][outcome === "planned" ? "plan" : "done"]);
}

function titleCase(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function listText(title: string, what: string, list: Rows | undefined, isOpen: boolean): string {
  if (list === undefined || list.count === 0) return "";
  const isFailure = what !== "entry";
  const left = list.count - list.rows.length;
  return [
    `<details${isOpen ? " open" : ""}><summary>${title}: ${formatCount(list.count)}</summary>\n`,
    isFailure ? "| entry | why |" : "| entry | size | why |",
    isFailure ? "| --- | --- |" : "| --- | ---: | --- |",
    ...list.rows,
    ...(left === 0 ? [] : [`\n… and ${formatCount(left)} more`]),
    "\n</details>\n",
  ].join("\n");
}

function actionRow(action: Action): string {
  const { kind, size } = entryOf(action);
  const isSized = kind === "file" && action.op !== "set-metadata";
  const why = markdownText(whyText(action));
  return `| ${codeOfShown(`${shownPath(action)}${shownTarget(action)}`)} | ${
    isSized ? formatBytes(size) : ""
  } | ${why} |`;
}

function findingRow(finding: Finding): string {
  return `| ${codeOfShown(findingPath(finding))} | ${markdownText(findingWhy(finding))} |`;
}

function failureRow({ path, message }: Failure): string {
  return `| ${code(path === "" ? "." : path)} | ${markdownText(oneLine(message))} |`;
}

/** As many parts as fit; what is left out is said. */
function withinLimit(parts: readonly string[]): string {
  const note = "The rest is left out: it would be too long for a summary\n";
  let text = "";
  let left = MOST_BYTES - note.length - 2;
  for (const part of parts) {
    const bytes = new TextEncoder().encode(part).length + 1;
    if (bytes > left) return `${text}${note}`;
    text += `${part}\n`;
    left -= bytes;
  }
  return text;
}

/** A name or path as code. */
function code(name: string): string {
  return codeOfShown(printable(name));
}

function codeOfShown(shown: string): string {
  return `<code>${markdownText(shown)}</code>`;
}

/**
 * Text that stays itself in Markdown, in HTML and in a cell of a table.
 *
 * @param text Any text; what is long is cut in its middle.
 * @returns One line in which every character but letters, digits, spaces, slashes and hyphens is a reference.
 */
export function markdownText(text: string): string {
  const half = MOST_CHARACTERS / 2;
  const points = [...printable(text).replaceAll("\\\\", "\\")];
  const cut = points.length <= MOST_CHARACTERS ? points : [...points.slice(0, half), "…", ...points.slice(-half)];
  return cut.map((point) => /[\p{L}\p{M}\p{N} /…-]/u.test(point) ? point : `&#${point.codePointAt(0)};`).join("");
}
