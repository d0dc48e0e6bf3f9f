/**
 * Reports of tasks: the dry run of a task, a plan, or what a run did, in any format.
 *
 * @module
 */
import type { Finding } from "../lib/compare/finding.ts";
import { asSyncError, type SyncError } from "../lib/errors.ts";
import type { Degradation } from "../lib/model/capabilities.ts";
import type { Failure } from "../lib/model/event.ts";
import { environment } from "../lib/os/env.ts";
import { appendText, PendingFile } from "../lib/os/pending_file.ts";
import type { Action } from "../lib/plan/action.ts";
import { unmetError } from "../lib/plan/expectation.ts";
import { hasChanges } from "../lib/plan/summary.ts";
import type { ReportDocument, ReportHead, ReportSummary } from "../lib/report/document.ts";
import { formatOfFile, reportDocument } from "../lib/report/formats.ts";
import { annotationsDocument, outputsDocument } from "../lib/report/github.ts";
import type { MirrorTask } from "./mirror.ts";
import type { MirrorPlan } from "./mirror/plan/plan.ts";
import type { MirrorEvent, MirrorReport } from "./mirror/report.ts";
import type { VerifyTask } from "./verify.ts";
import type { VerifyEvent, VerifyReport } from "./verify/report.ts";

/** What can be reported: a mirror (by its dry run), a plan, the events of a run, or what a run said at its end; a
 * verification (which is run), or what it found. */
export type ReportSubject =
  | Pick<MirrorTask, "source" | "destination" | "plan">
  | MirrorPlan
  | AsyncIterable<MirrorEvent>
  | MirrorReport
  | VerifyTask
  | VerifyReport;

/** A report in any format. The task is planned once, when the first format is asked for. */
export interface TaskReport {
  /** How the task ended, with its totals. */
  summary(): Promise<ReportSummary>;
  /** In words, a line for each step. */
  text(): Promise<string>;
  /** The lines of `rsync --itemize-changes`. */
  itemize(): Promise<string>;
  /** One JSON object a line; the schema is `lib/report/ndjson.schema.json`. */
  ndjson(): Promise<string>;
  /** One page that needs nothing else, with a map and a tree that can be searched. */
  html(): Promise<string>;
  /** For a step summary or a pull request: totals, and what asks for a look. */
  markdown(): Promise<string>;
  /** JUnit XML: each difference of a plan is a failure, each entry that failed an error. */
  junit(): Promise<string>;
  /**
   * For GitHub Actions: adds the step summary and the outputs to the files that the environment names.
   *
   * @param env Variables of the environment: `GITHUB_STEP_SUMMARY` and `GITHUB_OUTPUT`. @default {none}
   * @returns At most ten annotations, the worst first, to be printed on the standard output.
   * @throws {SyncError} when one of the files cannot be written.
   */
  github(env?: Readonly<Record<string, string | undefined>>): Promise<string>;
  /**
   * Writes a file, under a temporary name in the same folder until it is complete.
   *
   * @param file Path; its ending decides the format: `.html`, `.ndjson`, `.xml` (JUnit), `.md` or `.txt`.
   * @throws {RangeError} when the ending is not one of these.
   * @throws {SyncError} when the file cannot be written; an old one is untouched then.
   */
  save(file: string): Promise<void>;
}

/**
 * Makes a report.
 *
 * A task that is refused has a report, too, which says why; that a run was stopped, or that the toolkit has a defect, is
 * thrown by the method that found out.
 *
 * @param subject A mirror, whose dry run is reported; a plan; the events of a run, which is started by that
 * (`task.stream()`); the report of a finished run, which has no single steps; a verification, which is run; or the
 * report of one, which has the first thousand differences.
 * @returns The report.
 *
 * @example Let people see what would be done
 * ```ts
 * import { mirror, report } from "undrift";
 *
 * const review = report(mirror("dist", "site", { delete: true }));
 * await review.save("plan.html");
 * console.log(await review.text());
 * ```
 */
export function report(subject: ReportSubject): TaskReport {
  let told: Promise<Story> | undefined;
  const story = () => told ??= storyOf(subject);
  const render = async (document: ReportDocument | Promise<ReportDocument>) => {
    const parts: string[] = [];
    await tell(await story(), await document, (text) => parts.push(text));
    return parts.join("");
  };
  return {
    summary: async () => (await story()).summary,
    text: () => render(reportDocument("text")),
    itemize: () => render(reportDocument("itemize")),
    ndjson: () => render(reportDocument("ndjson")),
    html: () => render(reportDocument("html")),
    markdown: () => render(reportDocument("markdown")),
    junit: () => render(reportDocument("junit")),
    github: async (env = {}) => {
      const { GITHUB_STEP_SUMMARY: page = "", GITHUB_OUTPUT: outputs = "" } = env;
      if (page !== "") appendText(page, await render(reportDocument("markdown")));
      if (outputs !== "") appendText(outputs, await render(outputsDocument(environment().randomHex(32))));
      return await render(annotationsDocument());
    },
    save: async (file) => {
      const format = formatOfFile(file);
      await saveStory(await story(), await reportDocument(format), file);
    },
  };
}

/** All that there is to tell. */
interface Story {
  readonly head: ReportHead;
  readonly findings?: readonly Finding[];
  readonly warnings: readonly Degradation[];
  readonly actions: AsyncIterable<Action> | Iterable<Action>;
  readonly failures: readonly Failure[];
  readonly summary: ReportSummary;
}

async function tell(story: Story, document: ReportDocument, write: (text: string) => void): Promise<void> {
  write(document.start(story.head));
  for (const warning of story.warnings) write(document.warning(warning));
  for await (const action of story.actions) write(document.action(action));
  for (const finding of story.findings ?? []) write(document.finding(finding));
  for (const failure of story.failures) write(document.failure(failure));
  write(document.end(story.summary));
}

async function saveStory(story: Story, document: ReportDocument, path: string): Promise<void> {
  const file = new PendingFile(path);
  try {
    await tell(story, document, (text) => file.write(text));
  } catch (thrown) {
    file.discard();
    throw thrown;
  }
  file.finish();
}

async function storyOf(subject: ReportSubject): Promise<Story> {
  if ("apply" in subject) return planStory(subject);
  if ("plan" in subject) return await taskStory(subject);
  if ("run" in subject) return await verifyTaskStory(subject);
  if ("findings" in subject) return verifyStory(subject, subject.findings);
  return "done" in subject ? runStory(subject, []) : await eventStory(subject);
}

async function taskStory(task: Pick<MirrorTask, "source" | "destination" | "plan">): Promise<Story> {
  try {
    return planStory(await task.plan());
  } catch (thrown) {
    const { source, destination } = task;
    const summary: ReportSummary = { outcome: "refused", failures: 0, ...errorField(reportable(thrown)) };
    return { head: { task: "mirror", source, destination }, warnings: [], actions: [], failures: [], summary };
  }
}

async function verifyTaskStory(task: VerifyTask): Promise<Story> {
  const findings: Finding[] = [];
  try {
    const onEvent = (event: VerifyEvent) => event.type === "action" && findings.push(event.action);
    return verifyStory(await task.run({ onEvent }), findings);
  } catch (thrown) {
    const { source, destination } = task;
    const summary: ReportSummary = { outcome: "refused", failures: 0, ...errorField(reportable(thrown)) };
    return { head: { task: "verify", source, destination }, warnings: [], actions: [], failures: [], summary };
  }
}

function verifyStory(found: VerifyReport, findings: readonly Finding[]): Story {
  const { task, source, destination, totals: checked, warnings, failures, failureCount, causes, durationMs } = found;
  const outcomes = { same: "done", different: "different", stopped: "stopped" } as const;
  const outcome = outcomes[found.outcome];
  return {
    head: { task, source, destination },
    warnings,
    actions: [],
    findings,
    failures,
    summary: { outcome, checked, failures: failureCount, causes, durationMs: Math.round(durationMs) },
  };
}

function planStory(plan: MirrorPlan): Story {
  const { source, destination, summary: totals, warnings, failures, failureCount, causes, refusal } = plan;
  return {
    head: { task: "mirror", source, destination },
    warnings,
    actions: plan,
    failures,
    summary: { outcome: "planned", totals, failures: failureCount, causes, ...errorField(refusal) },
  };
}

function runStory(ended: MirrorReport, actions: readonly Action[], error?: SyncError): Story {
  const { task, source, destination, outcome, done, copiedBytes, sparedBytes, failureCount, causes, durationMs } =
    ended;
  const isRefused = error !== undefined && error.code !== "cancelled" && !hasChanges(done);
  return {
    head: { task, source, destination },
    warnings: ended.warnings,
    actions,
    // The error that ends a run is among its failures, too.
    failures: ended.failures.filter(({ message }) => message !== error?.message),
    summary: {
      outcome: isRefused ? "refused" : outcome,
      totals: done,
      copiedBytes,
      ...(sparedBytes === undefined ? {} : { sparedBytes }),
      failures: failureCount,
      causes,
      durationMs: Math.round(durationMs),
      ...errorField(error ?? (ended.unmet.length > 0 ? unmetError(ended.unmet, "outcome") : undefined)),
    },
  };
}

async function eventStory(events: AsyncIterable<MirrorEvent>): Promise<Story> {
  const actions: Action[] = [];
  let ended: MirrorReport | undefined;
  let error: SyncError | undefined;
  try {
    for await (const event of events) {
      if (event.type === "action") actions.push(event.action);
      else if (event.type === "end") ended = event.report;
    }
  } catch (thrown) {
    error = reportable(thrown);
  }
  if (ended === undefined) {
    throw error ?? new RangeError("Cannot report these events: they have no end, the events of one run are wanted");
  }
  return runStory(ended, actions, error);
}

/** An error that belongs into a report; any other is thrown on. */
function reportable(thrown: unknown): SyncError {
  const error = asSyncError(thrown);
  if (error.code === "cancelled" || error.code === "internal") throw thrown;
  return error;
}

function errorField(error: Pick<SyncError, "code" | "message"> & { readonly hint?: string | undefined } | undefined) {
  if (error === undefined) return {};
  const { code, message, hint } = error;
  return { error: { code, message, ...(hint === undefined ? {} : { hint }) } };
}
