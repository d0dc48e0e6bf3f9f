/**
 * `undrift diff`.
 *
 * @module
 */
import type { DiffOptions, DiffReport } from "../../tasks/diff.ts";
import type { LookEvent } from "../../tasks/looking/look.ts";
import { SyncError } from "../errors.ts";
import type { Failure } from "../model/event.ts";
import type { PendingFile } from "../os/pending_file.ts";
import { addAction, emptySummary } from "../plan/summary.ts";
import type { ReportDocument } from "../report/document.ts";
import { formatOfFile, reportDocument, type ReportFormat } from "../report/formats.ts";
import { changeRecord, changeText, totalsText } from "../snapshot/diff_telling.ts";
import { actionOf } from "../snapshot/tree_change.ts";
import { openReports } from "./document_output.ts";
import { type Call, makeTask } from "./mirror_command.ts";
import { StoreOutput } from "./store_output.ts";

/**
 * Runs `undrift diff STORE BEFORE AFTER`.
 *
 * @param call The command line.
 * @returns The exit code.
 * @throws {SyncError} code `"usage"` when a report cannot be written or has no form for a diff.
 */
export async function diffCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [store = "", before = "", after = ""] = operands;
  const standard = standardFormat(values.text("format") ?? "text");
  const paths = values.repeated("report").map(({ value }) => value);
  const documents = await Promise.all(paths.map((path) => reportDocument(formatFor(path))));
  const files = openReports(paths);
  const output = new StoreOutput(io, values);
  try {
    const exitCode = await output.tell("diff", store, async () => {
      const diff = await tasks.diff();
      const options: DiffOptions = {
        checksum: values.isOn("checksum"),
        layer: (values.text("layer") ?? "auto") as "auto" | "native" | "portable",
      };
      const failures: Failure[] = [];
      const onEvent = (event: LookEvent<DiffReport>) => {
        if (event.type !== "failure") return;
        failures.push(event.failure);
        output.failure(event.failure);
      };
      const report = await makeTask(() => diff(store, before, after, options)).run({ signal: io.signal, onEvent });
      if (standard === "text") {
        for (const change of report.changes) output.lines(`${changeText(change, output.paint)}\n`);
        output.note(`${report.before} -> ${report.after}: ${totalsText(report.totals)}`);
      } else if (standard === "ndjson") {
        for (const change of report.changes) io.stdout.write(changeRecord(change));
        output.record("difference", { before: report.before, after: report.after, ...report.totals });
      } else io.stdout.write(documentText(await reportDocument(standard), report, failures));
      documents.forEach((document, at) => files[at]!.write(documentText(document, report, failures)));
      return { outcome: report.failureCount === 0 ? "done" : "partial", failures: report.failureCount };
    });
    return finishAll(files, output, exitCode);
  } finally {
    for (const file of files) file.discard();
  }
}

/** Reports that could not be completed are told like other trouble. */
function finishAll(files: PendingFile[], output: StoreOutput, exitCode: number): number {
  if (exitCode !== 0 && exitCode !== 4) return exitCode;
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    try {
      file.finish();
    } catch (thrown) {
      return output.fail(thrown);
    }
  }
  return exitCode;
}

function standardFormat(format: string): ReportFormat {
  if (format !== "github") return format as ReportFormat;
  throw new SyncError("usage", "Cannot use --format github: a diff of snapshots has no annotations", {
    hint: "use --report with a file that ends in .md",
  });
}

function formatFor(path: string): ReportFormat {
  try {
    return formatOfFile(path);
  } catch (thrown) {
    throw new SyncError("usage", (thrown as RangeError).message, { cause: thrown });
  }
}

/** As steps that would make the earlier snapshot into the later one. */
function documentText(document: ReportDocument, report: DiffReport, failures: readonly Failure[]): string {
  const { store, before, after, changes, totals } = report;
  const summary = emptySummary();
  const actions = changes.map(actionOf);
  for (const action of actions) addAction(summary, action);
  summary.sourceEntries = totals.unchanged + totals.added + totals.changed + totals.moved;
  summary.destinationEntries = totals.unchanged + totals.removed + totals.changed + totals.moved;
  return [
    document.start({ task: "diff", source: `${store}/${after}`, destination: `${store}/${before}` }),
    ...actions.map((action) => document.action(action)),
    ...failures.map((failure) => document.failure(failure)),
    document.end({ outcome: "planned", totals: summary, failures: failures.length }),
  ].join("");
}
