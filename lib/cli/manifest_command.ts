/**
 * `undrift manifest`.
 *
 * @module
 */
import type { ManifestEvent, ManifestReport } from "../../tasks/manifest/report.ts";
import type { ReadingOptions } from "../../tasks/checking/options.ts";
import type { ManifestOptions } from "../../tasks/manifest/options.ts";
import { formatBytes, formatDuration, formatNumberOf } from "../bytes/quantities.ts";
import { asSyncError } from "../errors.ts";
import type { HashAlgorithm } from "../manifest/algorithm.ts";
import { causesText } from "../report/cause_text.ts";
import { catalogOptions } from "./catalog_options.ts";
import { EXIT, exitCodeOfFailures } from "./exit_code.ts";
import { filterOptions } from "./filter_options.ts";
import { LineOutput } from "./line_output.ts";
import { type Call, makeTask } from "./mirror_command.ts";
import { type Output, outputSettings } from "./output.ts";
import type { Values } from "./parse.ts";

/**
 * Runs `undrift manifest DIR [FILE]`. The manifest is data, so all talk goes to stderr.
 *
 * @param call The command line.
 * @returns The exit code.
 * @throws {SyncError} when the directory cannot be read or the file cannot be written.
 */
export async function manifestCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [source = "", file = "-"] = operands;
  const manifest = await tasks.manifest();
  const task = makeTask(() => manifest(source, manifestOptions(values)));
  const output = new LineOutput(io, { ...outputSettings(values, false), lists: false });
  try {
    const onEvent = (event: ManifestEvent) => tell(output, event);
    const report = await task.lines({ signal: io.signal, onEvent }).writeTo(file, { signal: io.signal });
    if (values.isOn("verbose") || report.failureCount > 0) output.note(totalsText(report));
    return exitCodeOfFailures(report.failureCount, report.causes);
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.code !== "cancelled") throw error;
    if (!io.signal.aborted) return EXIT.readerGone;
    io.stderr.write(`undrift: ${error.message}\n`);
    return io.stopCode() ?? EXIT.interrupted;
  }
}

function tell(output: Output, event: ManifestEvent): void {
  if (event.type === "warning") output.warning(event.warning, event.failure);
  else if (event.type === "progress" && output.showsProgress) output.progress(event.progress);
  else if (event.type === "failure") output.failure(event.failure);
}

function totalsText({ files, bytes, durationMs, failureCount, causes }: ManifestReport): string {
  const read = `${formatNumberOf(files, "file")}, ${formatBytes(bytes)} in ${formatDuration(durationMs)}`;
  return `manifest: ${read}${causesText(failureCount, causes)}`;
}

/** The options of a manifest, from those of the command line. */
function manifestOptions(values: Values): ManifestOptions {
  const comments = values.text("comments") ?? "auto";
  return {
    ...readingOptions(values),
    ...algorithmOption(values),
    ...catalogOptions(values),
    tag: values.isOn("tag"),
    ...(comments === "auto" ? {} : { comments: comments === "always" }),
    recordTimes: values.isOn("record-times"),
  };
}

/**
 * Which checksums are meant.
 *
 * @param values Values of the options.
 * @returns A part of the options, empty when it was not said.
 */
export function algorithmOption(values: Values): { readonly algorithm?: HashAlgorithm } {
  const algorithm = values.text("algorithm");
  return algorithm === undefined ? {} : { algorithm: algorithm as HashAlgorithm };
}

/**
 * The options of tasks that only read.
 *
 * @param values Values of the options.
 * @returns What is read, and how.
 */
export function readingOptions(values: Values): ReadingOptions {
  const { deleteExcluded: _, ...filter } = filterOptions(values);
  const jobs = values.number("jobs");
  return {
    ...filter,
    ...(jobs === undefined ? {} : { jobs }),
    layer: (values.text("layer") ?? "auto") as "auto" | "native" | "portable",
  };
}
