/**
 * A report as JUnit XML, which most build servers show: a test case for each step. What a plan would do is a failure,
 * since source and destination differ there; what a run did has passed; what could not be done is an error.
 *
 * The worst come first, and of very many only these are listed.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { formatCount, formatNumberOf } from "../bytes/quantities.ts";
import { type Finding, FINDING_KINDS } from "../compare/finding.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure } from "../model/event.ts";
import type { Action } from "../plan/action.ts";
import type { ReportDocument, ReportHead, ReportSummary } from "./document.ts";
import { findingPath, findingWhy } from "./finding_text.ts";
import { headText } from "./line_documents.ts";
import { Ranked } from "./ranked.ts";
import { summaryText } from "./text.ts";
import { type Deed, deedOf, DEEDS, oneLine, refusalWord, shownPath, shownTarget } from "./words.ts";
import { whyText } from "./why.ts";

/** Build servers hold all cases in memory. */
const MOST_CASES = 10_000;

interface Step {
  readonly deed: Deed;
  readonly name: string;
  readonly why: string;
}

/** One test case. */
interface Case {
  readonly group: string;
  readonly name: string;
  /** Why it did not pass. */
  readonly problem?: { readonly tag: "failure" | "error"; readonly type: string; readonly message: string };
}

/**
 * A report as JUnit XML.
 *
 * @returns The report, to be told; all of it comes at its end.
 */
export function junitDocument(): ReportDocument {
  const steps = new Ranked<Step>(MOST_CASES);
  const failed = new Ranked<Case>(MOST_CASES);
  const found = new Ranked<Case>(MOST_CASES);
  const warnings: string[] = [];
  let head: ReportHead = { task: "" };
  return {
    start: (given) => {
      head = given;
      return "";
    },
    action: (action) => {
      steps.add(DEEDS[deedOf(action)].weight, () => stepOf(action));
      return "";
    },
    finding: (finding) => {
      found.add(FINDING_KINDS.length - FINDING_KINDS.indexOf(finding.finding), () => findingCase(finding));
      return "";
    },
    warning: ({ message }: Degradation) => {
      warnings.push(message);
      return "";
    },
    failure: (failure) => {
      failed.add(0, () => failureCase(failure));
      return "";
    },
    end: (summary) => {
      const left = moreCases(found.count - found.worst().length, true);
      const findings = [...found.worst(), ...left];
      const cases = [...errorCases(summary), ...failed.worst(), ...findings, ...stepCases(steps, summary)];
      return junitText(head, summary, cases.length === 0 ? [agreement(summary)] : cases, warnings);
    },
  };
}

function stepOf(action: Action): Step {
  const name = `${shownPath(action)}${shownTarget(action)}`;
  return { deed: deedOf(action), name, why: whyText(action) };
}

function failureCase({ path, code, message, hint }: Failure): Case {
  const text = oneLine(hint === undefined ? message : `${message}; ${hint}`);
  const name = path === "" ? "./" : printable(path);
  return { group: "failed", name, problem: { tag: "error", type: code, message: text } };
}

function errorCases({ error, outcome }: ReportSummary): Case[] {
  if (error === undefined) return [];
  const { code, message, hint } = error;
  const text = oneLine(hint === undefined ? message : `${message}; ${hint}`);
  return [{ group: outcome, name: refusalWord(outcome), problem: { tag: "error", type: code, message: text } }];
}

function stepCases(steps: Ranked<Step>, { outcome }: ReportSummary): Case[] {
  const isPlan = outcome === "planned";
  const problem = (type: string, message: string): Pick<Case, "problem"> =>
    isPlan ? { problem: { tag: "failure", type, message } } : {};
  const worst = steps.worst();
  const cases = worst.map(({ deed, name, why }): Case => {
    return { group: deed, name, ...problem(deed, `would ${DEEDS[deed].plan}: ${why}`) };
  });
  return [...cases, ...moreCases(steps.count - worst.length, isPlan)];
}

function moreCases(left: number, fails: boolean): Case[] {
  if (left === 0) return [];
  const problem = { tag: "failure", type: "more", message: "not listed one by one" } as const;
  return [{ group: "more", name: `${formatCount(left)} more`, ...(fails ? { problem } : {}) }];
}

function findingCase(finding: Finding): Case {
  const { finding: type } = finding;
  const tag = type === "unreadable" ? "error" : "failure";
  const problem = type === "same" ? {} : { problem: { tag, type, message: findingWhy(finding) } as const };
  return { group: type, name: findingPath(finding), ...problem };
}

function agreement({ totals, checked }: ReportSummary): Case {
  const entries = totals?.sourceEntries ?? checked?.entries;
  const agree = entries === undefined ? "" : `: ${formatNumberOf(entries, "entry", "entries")}`;
  return { group: "agree", name: `source and destination agree${agree}` };
}

function junitText(
  head: ReportHead,
  summary: ReportSummary,
  cases: readonly Case[],
  warnings: readonly string[],
): string {
  const count = (tag: "failure" | "error") => cases.filter(({ problem }) => problem?.tag === tag).length;
  const counts = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}"`;
  const time = ((summary.durationMs ?? 0) / 1000).toFixed(3);
  const group = `undrift.${head.task}`;
  const said = [summaryText(summary), ...warnings.map((message) => `warning: ${oneLine(message)}`)]
    .filter((line) => line !== undefined);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="undrift" ${counts} time="${time}">`,
    `  <testsuite name="${xmlText(headText(head))}" ${counts} skipped="0" time="${time}">`,
    ...cases.map((each) => caseText(group, each)),
    `    <system-out>${xmlText(said.join("\n"))}</system-out>`,
    "  </testsuite>",
    "</testsuites>\n",
  ].join("\n");
}

function caseText(prefix: string, { group, name, problem }: Case): string {
  const open = `    <testcase classname="${xmlText(`${prefix}.${group}`)}" name="${xmlText(name)}" time="0"`;
  if (problem === undefined) return `${open}/>`;
  const { tag, type, message } = problem;
  return `${open}><${tag} type="${xmlText(type)}" message="${xmlText(message)}"/></testcase>`;
}

const XML_REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\n": "&#10;",
  "\t": "&#9;",
};

// What XML 1.0 cannot hold, not even as a reference: other control characters, lone surrogates, U+FFFE and U+FFFF.
// deno-lint-ignore no-control-regex
const XML_SPECIAL_REGEXP = /[&<>"'\n\t]|[\x00-\x1f\x7f-\x9f\ufffe\uffff]|\p{Cs}/gu;

/**
 * Text for an element or attribute of XML 1.0.
 *
 * @param text Any text.
 * @returns The same with references; what XML cannot hold is escaped as in all reports (`\xHH`, `\u{H}`).
 */
export function xmlText(text: string): string {
  return text.replace(XML_SPECIAL_REGEXP, (found) => {
    const reference = XML_REFERENCES[found];
    if (reference !== undefined) return reference;
    const escaped = printable(found);
    return escaped === found ? `\\u{${found.codePointAt(0)!.toString(16)}}` : escaped;
  });
}
