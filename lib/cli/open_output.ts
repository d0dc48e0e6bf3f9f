/**
 * The outputs that options ask for: one on stdout by `--format`, and one for each `--report`. All files are opened
 * before the task begins, so that a report that cannot be written is told while nothing has changed.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import { environment } from "../os/env.ts";
import { appendText } from "../os/pending_file.ts";
import { formatOfFile, reportDocument, type ReportFormat } from "../report/formats.ts";
import { painter } from "../report/paint.ts";
import { errorText } from "../report/text.ts";
import { DocumentOutput, openReports, type Sink } from "./document_output.ts";
import { hasColor, type Io, type OutputStream } from "./io.ts";
import { LineOutput } from "./line_output.ts";
import { NdjsonOutput } from "./ndjson_output.ts";
import { type Output, type OutputSettings, outputSettings } from "./output.ts";
import type { Values } from "./parse.ts";
import { SeveralOutputs } from "./several_outputs.ts";

/**
 * Opens what is asked for.
 *
 * @param io The process.
 * @param values Values of the options.
 * @param previews Whether the command only shows what it would do.
 * @returns The outputs as one.
 * @throws {SyncError} code `"usage"` when a report cannot be written or has an ending that is not known.
 */
export async function openOutput(io: Io, values: Values, previews: boolean): Promise<Output> {
  const settings = outputSettings(values, previews);
  const complain = complaintsTo(io, settings);
  const files = values.repeated("report").map(({ value }) => ({ path: value, format: formatFor(value) }));
  const documents = await Promise.all(files.map(({ format }) => reportDocument(format, settings.explains)));
  const standard = await standardOutputs(io, settings, complain);
  const sinks = openReports(files.map(({ path }) => path));
  const reports = sinks.map((sink, at) => new DocumentOutput(documents[at]!, sink, complain));
  const outputs = [...reports, ...standard];
  return outputs.length === 1 ? outputs[0]! : new SeveralOutputs(outputs);
}

function formatFor(path: string): ReportFormat {
  try {
    return formatOfFile(path);
  } catch (thrown) {
    throw new SyncError("usage", (thrown as RangeError).message, { cause: thrown });
  }
}

type Complain = (problem: SyncError) => void;

function complaintsTo(io: Io, { color }: OutputSettings): Complain {
  return (problem) =>
    io.stderr.write(`${errorText("undrift", problem, painter(hasColor(color, io.stderr, io.env)))}\n`);
}

async function standardOutputs(io: Io, settings: OutputSettings, complain: Complain): Promise<Output[]> {
  switch (settings.format) {
    case "text":
    case "itemize":
      return [new LineOutput(io, settings)];
    case "ndjson":
      return [new NdjsonOutput(io, settings)];
    case "html":
    case "junit": {
      const document = await reportDocument(settings.format);
      return [new LineOutput(io, { ...settings, lists: false }), new DocumentOutput(document, io.stdout, complain)];
    }
    case "github":
      return await githubOutputs(io, settings, complain);
  }
}

/** Text as ever in the log, then annotations; the summary and the outputs go into the files that the runner names. */
async function githubOutputs(io: Io, settings: OutputSettings, complain: Complain): Promise<Output[]> {
  const { annotationsDocument, outputsDocument, withoutCommands } = await import("../report/github.ts");
  const { markdownDocument } = await import("../report/markdown.ts");
  const safe = (stream: OutputStream): OutputStream => ({
    isTerminal: stream.isTerminal,
    columns: stream.columns,
    get isFull() {
      return stream.isFull;
    },
    write: (text) => stream.write(withoutCommands(text)),
    drained: () => stream.drained(),
  });
  const log = { ...io, stdout: safe(io.stdout), stderr: safe(io.stderr) };
  const parts = [
    ["GITHUB_STEP_SUMMARY", markdownDocument()],
    ["GITHUB_OUTPUT", outputsDocument(environment().randomHex(32))],
  ] as const;
  const files = parts.flatMap(([variable, document]) => {
    const path = io.env(variable) ?? "";
    const sink: Sink = { write: (text) => appendText(path, text) };
    return path === "" ? [] : [new DocumentOutput(document, sink, complain)];
  });
  return [...files, new LineOutput(log, settings), new DocumentOutput(annotationsDocument(), io.stdout, complain)];
}
