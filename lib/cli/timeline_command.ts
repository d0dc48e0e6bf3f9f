/**
 * `undrift timeline`.
 *
 * @module
 */
import type { DuReport } from "../../tasks/du.ts";
import { formatBytes, formatNumberOf } from "../bytes/quantities.ts";
import { SyncError } from "../errors.ts";
import { record, startRecord, summaryRecord } from "../report/ndjson.ts";
import { timelineText } from "../snapshot/timeline_text.ts";
import { openReports } from "./document_output.ts";
import { hasColor } from "./io.ts";
import { lookOptions, watchOf } from "./history_command.ts";
import { type Call, makeTask } from "./mirror_command.ts";
import { StoreOutput } from "./store_output.ts";

/** Forms of a timeline, and the endings of files that get them. */
type Form = "text" | "html" | "ndjson";
const FORM_OF_ENDING: Readonly<Record<string, Form>> = { html: "html", txt: "text", ndjson: "ndjson" };
/** Columns of a text that nobody looks at on a terminal. */
const FILE_COLUMNS = 120;

/**
 * Runs `undrift timeline STORE`.
 *
 * @param call The command line.
 * @returns The exit code.
 * @throws {SyncError} code `"usage"` when a report cannot be written or there is no timeline of its form.
 */
export async function timelineCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [store = ""] = operands;
  const format = values.text("format") ?? "text";
  if (format !== "text" && format !== "html" && format !== "ndjson") {
    throw new SyncError("usage", `Cannot use --format ${format}: a timeline is text, html or ndjson`);
  }
  const paths = values.repeated("report").map(({ value }) => value);
  const forms = paths.map(formOfFile);
  const files = openReports(paths);
  const output = new StoreOutput(io, values);
  try {
    return await output.tell("timeline", store, async () => {
      const du = await tasks.du();
      const report = await makeTask(() => du(store, lookOptions(values))).run(watchOf(output, io.signal));
      const color = (values.text("color") ?? "auto") as "auto" | "always" | "never";
      const look = { columns: io.stdout.columns, colored: hasColor(color, io.stdout, io.env) };
      if (format === "ndjson") { for (const snapshot of report.snapshots) output.record("usage", snapshot); }
      else io.stdout.write(await drawn(format, report, look));
      output.record("usage-total", { snapshots: report.snapshots.length, bytes: report.bytes });
      output.note(`${formatNumberOf(report.snapshots.length, "snapshot")}, ${formatBytes(report.bytes)} together`);
      for (const [at, form] of forms.entries()) files[at]!.write(await drawn(form, report, { columns: FILE_COLUMNS }));
      for (let file = files.shift(); file !== undefined; file = files.shift()) file.finish();
      return { outcome: report.failureCount === 0 ? "done" : "partial", failures: report.failureCount };
    });
  } finally {
    for (const file of files) file.discard();
  }
}

function formOfFile(path: string): Form {
  const form = FORM_OF_ENDING[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ""];
  if (form !== undefined) return form;
  throw new SyncError(
    "usage",
    `Cannot write a report to ${JSON.stringify(path)}: a timeline is drawn in .html, .txt or .ndjson`,
  );
}

async function drawn(
  form: Form,
  report: DuReport,
  look: { readonly columns: number; readonly colored?: boolean },
): Promise<string> {
  if (form === "text") return timelineText(report.snapshots, look);
  if (form === "html") return (await import("../snapshot/timeline_page.ts")).timelinePage(report);
  const { store, snapshots, bytes, failureCount } = report;
  return [
    startRecord({ task: "timeline", source: store }),
    ...snapshots.map((snapshot) => record("usage", snapshot)),
    record("usage-total", { snapshots: snapshots.length, bytes }),
    summaryRecord({ outcome: failureCount === 0 ? "done" : "partial", failures: failureCount }),
  ].join("");
}
