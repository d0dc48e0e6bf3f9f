/**
 * `undrift snapshot`, `undrift snapshots` and `undrift restore`.
 *
 * @module
 */
import { CARRYING_OPTIONS, type ShareMode, type SnapshotOptions } from "../../tasks/snapshot/options.ts";
import { asSyncError } from "../errors.ts";
import { record, startRecord, summaryRecord } from "../report/ndjson.ts";
import { painter } from "../report/paint.ts";
import { snapshotsText } from "../report/snapshots_text.ts";
import { Conductor, type ShownPlan } from "./conduct.ts";
import { EXIT, exitCodeOfError } from "./exit_code.ts";
import { hasColor } from "./io.ts";
import { type Call, makeTask, mirrorOptions } from "./mirror_command.ts";
import { openOutput } from "./open_output.ts";
import type { Values } from "./parse.ts";

/**
 * Runs `undrift snapshot SRC STORE`.
 *
 * @param call The command line.
 * @returns The exit code.
 */
export async function snapshotCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [source = "", store = ""] = operands;
  const previews = values.isOn("dry-run") || values.isOn("check");
  const conductor = new Conductor(io, await openOutput(io, values, previews));
  conductor.output.start("snapshot", source, store);
  try {
    const { snapshot } = await tasks.snapshot();
    const task = makeTask(() => snapshot(source, store, snapshotOptions(values)));
    if (!previews) return await conductor.run((watch) => task.run(watch));
    return await show(conductor, values, await task.plan({ signal: io.signal }));
  } catch (thrown) {
    return conductor.fail(thrown);
  }
}

/**
 * Runs `undrift restore STORE NAME DST [PATH...]`.
 *
 * @param call The command line.
 * @returns The exit code.
 */
export async function restoreCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [store = "", name = "", destination = "", ...paths] = operands;
  const previews = values.isOn("dry-run") || values.isOn("check");
  const conductor = new Conductor(io, await openOutput(io, values, previews));
  conductor.output.start("restore", `${store}/${name}`, destination);
  try {
    const restore = await tasks.restore();
    const options = { ...mirrorOptions(values), ...(paths.length === 0 ? {} : { paths }) };
    const task = makeTask(() => restore(store, name, destination, options));
    if (!previews) return await conductor.run((watch) => task.run(watch));
    return await show(conductor, values, await task.plan({ signal: io.signal }));
  } catch (thrown) {
    return conductor.fail(thrown);
  }
}

function show(conductor: Conductor, values: Values, plan: ShownPlan): Promise<number> {
  return conductor.show(plan, { check: values.isOn("check") });
}

/**
 * Runs `undrift snapshots STORE`.
 *
 * @param call The command line.
 * @returns The exit code.
 * @throws {SyncError} code `"store-unusable"` when there is no store.
 */
export async function snapshotsCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [store = ""] = operands;
  const isJson = values.text("format") === "ndjson";
  if (isJson) io.stdout.write(startRecord({ task: "snapshots", source: store }));
  try {
    const { snapshots } = await tasks.snapshot();
    const found = await snapshots(store, { layer: layerOf(values) });
    if (!isJson) {
      const color = (values.text("color") ?? "auto") as "auto" | "always" | "never";
      io.stdout.write(snapshotsText(found, painter(hasColor(color, io.stdout, io.env))));
      return EXIT.done;
    }
    for (const { name, record: known } of found) {
      io.stdout.write(record("snapshot", { name, ...(known === undefined ? {} : toldRecord(known)) }));
    }
    io.stdout.write(summaryRecord({ outcome: "done", exitCode: EXIT.done, failures: 0 }));
    return EXIT.done;
  } catch (thrown) {
    const error = asSyncError(thrown);
    const { code, message, hint } = error;
    const told = { code, message, ...(hint === undefined ? {} : { hint }) };
    const exitCode = exitCodeOfError(code);
    if (isJson) io.stdout.write(summaryRecord({ outcome: "refused", exitCode, failures: 0, error: told }));
    throw error;
  }
}

function toldRecord(known: { readonly started: number; readonly finished: number }): object {
  const [started, finished] = [known.started, known.finished].map((each) => new Date(each).toISOString());
  return { ...known, started, finished };
}

function layerOf(values: Values): "auto" | "native" | "portable" {
  return (values.text("layer") ?? "auto") as "auto" | "native" | "portable";
}

/** What a snapshot takes of the options of a mirror, and its own. */
function snapshotOptions(values: Values): SnapshotOptions {
  const all = Object.entries(mirrorOptions(values));
  const share = values.text("share") as ShareMode | undefined;
  return {
    ...Object.fromEntries(all.filter(([name]) => (CARRYING_OPTIONS as readonly string[]).includes(name))),
    linkDest: values.repeated("link-dest").map(({ value }) => value),
    ...(share === undefined ? {} : { share }),
    verify: values.isOn("verify"),
    tags: values.repeated("tags").flatMap(({ value }) => value.split(",")),
    lockWait: values.number("lock-wait") ?? 0,
  };
}
