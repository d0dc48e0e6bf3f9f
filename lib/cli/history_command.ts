/**
 * `undrift history` and `undrift du`.
 *
 * @module
 */
import type { LookEvent } from "../../tasks/looking/look.ts";
import { jsonPath, printable } from "../bytes/printable.ts";
import { formatBytes, formatNumberOf } from "../bytes/quantities.ts";
import { entryRecord } from "../report/ndjson.ts";
import type { FileVersion } from "../snapshot/path_history.ts";
import { historyText, usageText } from "../snapshot/usage_text.ts";
import { type Call, makeTask } from "./mirror_command.ts";
import type { Values } from "./parse.ts";
import { StoreOutput } from "./store_output.ts";

/**
 * Runs `undrift history STORE PATH`.
 *
 * @param call The command line.
 * @returns The exit code.
 */
export async function historyCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [store = "", path = ""] = operands;
  const output = new StoreOutput(io, values);
  return await output.tell("history", store, async () => {
    const history = await tasks.history();
    const report = await makeTask(() => history(store, path, lookOptions(values))).run(watchOf(output, io.signal));
    for (const version of report.versions) output.record("version", versionFields(report.path, version));
    output.lines(historyText(report.versions, output.paint));
    const kept = report.versions.filter(({ entry }) => entry !== undefined).length;
    output.note(`${printable(report.path)}: ${formatNumberOf(kept, "version")}`);
    return { outcome: report.failureCount === 0 ? "done" : "partial", failures: report.failureCount };
  });
}

function versionFields(path: string, { entry, ...version }: FileVersion): object {
  return { ...jsonPath(path), ...version, ...(entry === undefined ? {} : { entry: entryRecord(entry) }) };
}

/**
 * Runs `undrift du STORE`.
 *
 * @param call The command line.
 * @returns The exit code.
 */
export async function duCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [store = ""] = operands;
  const output = new StoreOutput(io, values);
  return await output.tell("du", store, async () => {
    const du = await tasks.du();
    const report = await makeTask(() => du(store, lookOptions(values))).run(watchOf(output, io.signal));
    for (const snapshot of report.snapshots) output.record("usage", snapshot);
    output.record("usage-total", { snapshots: report.snapshots.length, bytes: report.bytes });
    output.lines(usageText(report.snapshots, output.paint));
    output.note(`${formatNumberOf(report.snapshots.length, "snapshot")}, ${formatBytes(report.bytes)} together`);
    return { outcome: report.failureCount === 0 ? "done" : "partial", failures: report.failureCount };
  });
}

/**
 * How a store is opened.
 *
 * @param values Values of the options.
 * @returns Options for tasks that look at a store.
 */
export function lookOptions(values: Values): { readonly layer: "auto" | "native" | "portable" } {
  return { layer: (values.text("layer") ?? "auto") as "auto" | "native" | "portable" };
}

/**
 * How a look at a store is watched.
 *
 * @param output Where failures are told.
 * @param signal Stops it.
 * @returns What the task takes.
 */
export function watchOf<Report>(output: StoreOutput, signal: AbortSignal) {
  const onEvent = (event: LookEvent<Report>) => {
    if (event.type === "failure") output.failure(event.failure);
  };
  return { signal, onEvent };
}
