/**
 * `undrift delta --explain OLD NEW`.
 *
 * @module
 */
import { asSyncError, SyncError } from "../errors.ts";
import type { PendingFile } from "../os/pending_file.ts";
import type { ToldDelta, ToldRange } from "../report/delta_columns.ts";
import { deltaText, rangeText } from "../report/delta_text.ts";
import { formatOfFile } from "../report/formats.ts";
import { deltaRecord, rangeRecord, startRecord, summaryRecord } from "../report/ndjson.ts";
import { openReports } from "./document_output.ts";
import { EXIT, exitCodeOfError } from "./exit_code.ts";
import { hasColor } from "./io.ts";
import { type Call, makeTask } from "./mirror_command.ts";
import { signatureOptions } from "./signature_options.ts";

/** Columns of a text that nobody looks at on a terminal. */
const FILE_COLUMNS = 100;

/** One way to tell it; each step gives the text that is to be appended. */
interface Telling {
  start(): string;
  range(range: ToldRange): string;
  end(told: ToldDelta): string | Promise<string>;
  fail(error: SyncError): string;
}

/**
 * Runs `undrift delta --explain OLD NEW`.
 *
 * @param call The command line.
 * @returns The exit code.
 * @throws {SyncError} when a file cannot be read or a report cannot be written; code `"cancelled"` when it was stopped.
 */
export async function explainDeltaCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [old = "-", fresh, third] = operands;
  if (fresh === undefined || third !== undefined) {
    throw new SyncError("usage", "Cannot explain a delta: --explain takes two files, OLD and NEW");
  }
  if (old === "-" && fresh === "-") throw new SyncError("usage", "Cannot read OLD and NEW both from standard input");
  const options = signatureOptions(values);
  const names = { old: shownName(old), fresh: shownName(fresh) };
  const paths = values.repeated("report").map(({ value }) => value);
  const tellings = paths.map((path) => reportTelling(path, names, values.isOn("verbose")));
  const color = (values.text("color") ?? "auto") as "auto" | "always" | "never";
  const { columns } = io.stdout;
  const drawn = { columns, colored: hasColor(color, io.stdout, io.env), lists: values.isOn("verbose") };
  const standard = values.text("format") === "ndjson" ? ndjsonTelling(names) : textTelling(drawn);
  const explainDelta = await tasks.explainDelta();
  const task = makeTask(() => explainDelta(old, fresh, options));
  const files = openReports(paths);
  const outlets = [
    ...files.map((file, at) => ({ telling: tellings[at]!, write: (text: string) => file.write(text) })),
    { telling: standard, write: (text: string) => io.stdout.write(text) },
  ];
  const tell = async (text: (telling: Telling) => string | Promise<string>) => {
    for (const { telling, write } of outlets) write(await text(telling));
  };
  try {
    await tell((telling) => telling.start());
    for await (const event of task.stream({ signal: io.signal })) {
      if (event.type === "range") await tell((telling) => telling.range(event.range));
      else await tell((telling) => telling.end({ ...names, ...event.report }));
      if (io.stdout.isFull) await io.stdout.drained();
    }
  } catch (thrown) {
    const error = asSyncError(thrown);
    io.stdout.write(standard.fail(error));
    discardAll(files);
    if (error.code !== "cancelled") throw error;
    if (io.stopCode() !== EXIT.readerGone) io.stderr.write("undrift: Cannot finish: it was interrupted\n");
    return io.stopCode() ?? EXIT.interrupted;
  }
  finishAll(files);
  return EXIT.done;
}

function shownName(path: string): string {
  return path === "-" ? "standard input" : path;
}

function textTelling(
  { lists, ...drawn }: { readonly columns: number; readonly colored: boolean; readonly lists: boolean },
): Telling {
  return {
    start: () => "",
    range: (range) => lists ? rangeText(range) : "",
    end: (told) => `${lists ? "\n" : ""}${deltaText(told, drawn)}`,
    fail: () => "",
  };
}

function ndjsonTelling({ old, fresh }: Pick<ToldDelta, "old" | "fresh">): Telling {
  return {
    start: () => startRecord({ task: "delta", source: old, destination: fresh }),
    range: rangeRecord,
    end: (told) => deltaRecord(told) + summaryRecord({ outcome: "done", exitCode: EXIT.done, failures: 0 }),
    fail: ({ code, message, hint }) => {
      const error = { code, message, ...(hint === undefined ? {} : { hint }) };
      const outcome = code === "cancelled" ? "stopped" : "refused";
      return summaryRecord({ outcome, exitCode: exitCodeOfError(code), failures: 0, error });
    },
  };
}

function pageTelling(): Telling {
  return {
    start: () => "",
    range: () => "",
    end: async (told) => (await import("../report/delta_html.ts")).deltaPage(told),
    fail: () => "",
  };
}

function reportTelling(path: string, names: Pick<ToldDelta, "old" | "fresh">, lists: boolean): Telling {
  const format = formatOf(path);
  if (format === "html") return pageTelling();
  if (format === "ndjson") return ndjsonTelling(names);
  if (format === "text") return textTelling({ columns: FILE_COLUMNS, colored: false, lists });
  const message = `Cannot write a report to ${JSON.stringify(path)}: a delta is explained in .html, .ndjson or .txt`;
  throw new SyncError("usage", message);
}

function formatOf(path: string) {
  try {
    return formatOfFile(path);
  } catch (thrown) {
    throw new SyncError("usage", (thrown as RangeError).message, { cause: thrown });
  }
}

function finishAll(files: PendingFile[]): void {
  try {
    for (let file = files.shift(); file !== undefined; file = files.shift()) file.finish();
  } finally {
    discardAll(files);
  }
}

function discardAll(files: readonly PendingFile[]): void {
  for (const file of files) file.discard();
}
