/**
 * What GitHub Actions takes: annotations as workflow commands on the standard output, and values for later steps in the
 * file that `GITHUB_OUTPUT` names. The step summary is `markdown.ts`.
 *
 * The runner reads every line of a job's log. A name must neither end a line nor a property, nor be taken for a command
 * of its own.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { differenceCount, type FindingKind } from "../compare/finding.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure } from "../model/event.ts";
import type { Action } from "../plan/action.ts";
import { hasChanges } from "../plan/summary.ts";
import type { Ending, ReportDocument, ReportSummary } from "./document.ts";
import { FINDING_WORDS, findingPath, findingWhy } from "./finding_text.ts";
import { Ranked } from "./ranked.ts";
import { summaryText } from "./text.ts";
import { type Deed, DEED_NAMES, deedOf, DEEDS, oneLine, refusalWord, shownPath } from "./words.ts";
import { whyText } from "./why.ts";

/** GitHub shows ten of a kind and step; more would hide others. */
const MOST_ANNOTATIONS = 10;

const WEIGHT = { error: 100, failure: 90, warning: 4 } as const;

/** What a finding asks for, and how much. */
const FINDING_LEVELS: Readonly<Record<FindingKind, { readonly level: Level | undefined; readonly weight: number }>> = {
  rotten: { level: "error", weight: 95 },
  unreadable: { level: "error", weight: WEIGHT.failure },
  content: { level: "error", weight: 80 },
  type: { level: "error", weight: 70 },
  missing: { level: "error", weight: 60 },
  changed: { level: "warning", weight: 50 },
  extra: { level: "warning", weight: 40 },
  metadata: { level: "warning", weight: 30 },
  same: { level: undefined, weight: 0 },
};

/** How an annotation is shown. */
export type Level = "error" | "warning" | "notice";

interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
}

/**
 * The annotations of a run: at most ten, the worst first, the last of them with the totals.
 *
 * @returns The report, to be told; all lines come at its end.
 */
export function annotationsDocument(): ReportDocument {
  const ranked = new Ranked<Annotation>(MOST_ANNOTATIONS - 1);
  const steps = new Ranked<{ readonly deed: Deed; readonly text: string }>(MOST_ANNOTATIONS - 1);
  let title = "undrift";
  return {
    start: (head) => {
      title = `undrift ${head.task}`;
      return "";
    },
    action: (action) => {
      const deed = deedOf(action);
      steps.add(DEEDS[deed].weight, () => ({ deed, text: stepText(action) }));
      return "";
    },
    finding: (finding) => {
      const { level, weight } = FINDING_LEVELS[finding.finding];
      const message = `${findingPath(finding)} (${findingWhy(finding)})`;
      const words = FINDING_WORDS[finding.finding].word;
      if (level !== undefined) ranked.add(weight, () => ({ level, title: `${title}: ${words}`, message }));
      return "";
    },
    warning: ({ message }: Degradation) => {
      ranked.add(WEIGHT.warning, () => ({ level: "warning", title, message: oneLine(message) }));
      return "";
    },
    failure: (failure: Failure) => {
      ranked.add(WEIGHT.failure, () => ({ level: "error", title: `${title}: failed`, message: failureLine(failure) }));
      return "";
    },
    end: (summary) => {
      const { error, outcome } = summary;
      if (error !== undefined) {
        const hint = error.hint === undefined ? "" : ` (${oneLine(error.hint)})`;
        const message = `${oneLine(error.message)}${hint}`;
        ranked.add(WEIGHT.error, () => ({ level: "error", title: `${title}: ${refusalWord(outcome)}`, message }));
      }
      for (const { deed, text } of steps.worst()) {
        const level = levelOf(deed, outcome);
        if (level === undefined) continue;
        const words = DEEDS[deed][outcome === "planned" ? "plan" : "done"];
        ranked.add(DEEDS[deed].weight, () => ({ level, title: `${title}: ${words}`, message: text }));
      }
      const totals = summaryText(summary);
      const last: Annotation[] = totals === undefined ? [] : [{ level: "notice", title, message: totals }];
      return [...ranked.worst(), ...last].map(annotationLine).join("");
    },
  };
}

/** What was done as planned needs no look, but for what is gone. */
function levelOf(deed: Deed, outcome: Ending): Level | undefined {
  if (outcome === "planned") return deed === "delete" ? "warning" : "notice";
  return deed === "delete" ? "notice" : undefined;
}

function stepText(action: Action): string {
  return `${shownPath(action)} (${whyText(action)})`;
}

function failureLine({ path, message, hint }: Failure): string {
  const where = path === "" ? "" : `${printable(path)}: `;
  return `${where}${oneLine(message)}${hint === undefined ? "" : ` (${oneLine(hint)})`}`;
}

function annotationLine({ level, title, message }: Annotation): string {
  return `::${level} title=${escapeProperty(title)}::${escapeData(message)}\n`;
}

/**
 * Escapes the message of a workflow command.
 *
 * @param text The message.
 * @returns The same without anything that ends a line.
 */
export function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/**
 * Escapes a property of a workflow command.
 *
 * @param text The value.
 * @returns The same without anything that ends a line or the property.
 */
export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/**
 * Makes text safe to be printed into the log of a job.
 *
 * @param text Lines.
 * @returns The same without workflow commands of either form: `::name::` opens a line, `##[name]` counts anywhere.
 */
export function withoutCommands(text: string): string {
  return text.replaceAll("##[", "##\\x5b").replaceAll(/^(\s*)::/gm, "$1:\\x3a");
}

/** Values for later steps of a job. */
export type Outputs = Readonly<Record<string, string>>;

/**
 * The values that a run gives to later steps.
 *
 * @param summary How it ended.
 * @returns Names and values: outcome, exit code, whether anything differs, and the totals.
 */
export function outputsOf(summary: ReportSummary): Outputs {
  const { totals, checked } = summary;
  return {
    outcome: summary.outcome,
    ...(summary.exitCode === undefined ? {} : { "exit-code": String(summary.exitCode) }),
    failures: String(summary.failures),
    ...(totals === undefined ? {} : {
      changes: String(hasChanges(totals)),
      ...Object.fromEntries(DEED_NAMES.map((deed) => [DEEDS[deed].done, String(totals[DEEDS[deed].total])])),
      files: String(totals.files),
      bytes: String(totals.bytes),
    }),
    ...(checked === undefined ? {} : {
      differences: String(differenceCount(checked)),
      ...Object.fromEntries(Object.entries(checked).map(([name, count]) => [name, String(count)])),
    }),
    ...(summary.error === undefined ? {} : { error: oneLine(summary.error.message) }),
  };
}

/**
 * The values of a run, told at its end.
 *
 * @param random Hexadecimal digits that nobody can guess.
 * @returns The report, to be told.
 */
export function outputsDocument(random: string): ReportDocument {
  return {
    start: () => "",
    action: () => "",
    finding: () => "",
    warning: () => "",
    failure: () => "",
    end: (summary) => outputLines(outputsOf(summary), random),
  };
}

/**
 * Values as `GITHUB_OUTPUT` takes them. Each is set off by a delimiter that nobody can guess, so that no value can end
 * itself and add another.
 *
 * @param outputs Names and values.
 * @param random Hexadecimal digits that nobody can guess.
 * @returns Lines to append to the file.
 * @throws {RangeError} when a value holds the delimiter, or there are too few digits to rule that out.
 */
export function outputLines(outputs: Outputs, random: string): string {
  const delimiter = `undrift_${random}`;
  const values = Object.values(outputs);
  if (random.length < 16 || values.some((value) => value.includes(delimiter))) {
    throw new RangeError("Cannot write outputs: the delimiter must be random");
  }
  return Object.entries(outputs).map(([name, value]) => `${name}<<${delimiter}\n${value}\n${delimiter}\n`).join("");
}
