/**
 * `undrift verify`.
 *
 * @module
 */
import type { Expected, VerifyOptions } from "../../tasks/verify/options.ts";
import type { VerifyEvent, VerifyReport } from "../../tasks/verify/report.ts";
import { asSyncError, SyncError } from "../errors.ts";
import { catalogOptions } from "./catalog_options.ts";
import { EXIT, exitCodeOfError } from "./exit_code.ts";
import { algorithmOption, readingOptions } from "./manifest_command.ts";
import { type Call, makeTask } from "./mirror_command.ts";
import { openOutput } from "./open_output.ts";
import { isScrub, scrubCommand } from "./scrub_command.ts";
import type { Output } from "./output.ts";
import type { Values } from "./parse.ts";

/**
 * Runs `undrift verify A B`, `undrift verify --manifest FILE DIR` and `undrift verify --catalog FILE DIR`.
 *
 * @param call The command line.
 * @returns The exit code.
 */
export async function verifyCommand(call: Call): Promise<number> {
  if (isScrub(call)) return await scrubCommand(call);
  const { operands, values, io, tasks } = call;
  const { expected, destination } = sidesOf(operands, values.text("manifest"));
  const output = await openOutput(io, values, true);
  output.start("verify", typeof expected === "string" ? expected : expected.manifest, destination);
  try {
    const verify = await tasks.verify();
    const task = makeTask(() => verify(expected, destination, verifyOptions(values)));
    const report = await task.run({
      signal: io.signal,
      onEvent: (event) => tell(output, event),
      same: values.isOn("verbose"),
    });
    const { totals, failureCount, causes, durationMs } = report;
    return output.end({ kind: "checked", totals, failureCount, causes, durationMs }, exitCodeOf(report));
  } catch (thrown) {
    const error = asSyncError(thrown);
    const stop = io.stopCode();
    const code = error.code === "cancelled" && stop !== undefined ? stop : exitCodeOfError(error.code);
    return output.end({ kind: "failed", error, finished: undefined }, code);
  }
}

/** With a manifest there is one tree, otherwise there are two. */
function sidesOf(operands: readonly string[], manifest: string | undefined): {
  readonly expected: Expected;
  readonly destination: string;
} {
  const [one = "", other] = operands;
  if (manifest !== undefined) {
    if (other === undefined) return { expected: { manifest }, destination: one };
    throw new SyncError("usage", "Cannot use --manifest with two directories: it takes the place of the first one");
  }
  if (other === undefined) {
    throw new SyncError(
      "usage",
      "Cannot verify one directory alone: B is missing, or --manifest FILE, or --catalog FILE",
    );
  }
  return { expected: one, destination: other };
}

function tell(output: Output, event: VerifyEvent): void {
  switch (event.type) {
    case "action":
      return output.finding(event.action);
    case "progress":
      return output.progress(event.progress);
    case "warning":
      return output.warning(event.warning, event.failure);
    case "failure":
      return output.failure(event.failure);
    case "start":
    case "end":
      return; // told by the command itself
  }
}

/** What cannot be read is no difference, and no agreement either. */
function exitCodeOf({ totals, failureCount }: VerifyReport): number {
  const unknown = totals.unreadable + failureCount;
  if (totals.entries - totals.same - totals.unreadable > 0) return EXIT.different;
  return unknown > 0 ? EXIT.partial : EXIT.done;
}

function verifyOptions(values: Values): VerifyOptions {
  return {
    ...readingOptions(values),
    ...algorithmOption(values),
    ...catalogOptions(values),
    metadata: values.isOn("metadata"),
    xattrs: values.isOn("xattrs"),
    acls: values.isOn("acls"),
  };
}
