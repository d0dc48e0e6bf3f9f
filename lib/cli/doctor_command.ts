/**
 * `undrift doctor`.
 *
 * @module
 */
import { asSyncError } from "../errors.ts";
import { doctorText } from "../report/doctor_text.ts";
import { record, startRecord, summaryRecord } from "../report/ndjson.ts";
import { painter } from "../report/paint.ts";
import { EXIT, exitCodeOfError } from "./exit_code.ts";
import { hasColor } from "./io.ts";
import type { Call } from "./mirror_command.ts";
import { VERSION } from "./version.ts";

/**
 * Runs `undrift doctor [DIR]`.
 *
 * @param call The command line.
 * @returns The exit code.
 * @throws {SyncError} when the folder cannot be opened.
 */
export async function doctorCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [directory = "."] = operands;
  const layer = (values.text("layer") ?? "auto") as "auto" | "native" | "portable";
  const isJson = values.text("format") === "ndjson";
  if (isJson) io.stdout.write(startRecord({ task: "doctor", source: directory }));
  try {
    const doctor = await tasks.doctor();
    const report = await doctor(directory, { layer }).run();
    if (isJson) {
      io.stdout.write(record("doctor", { version: VERSION, ...report }));
      io.stdout.write(summaryRecord({ outcome: "done", exitCode: EXIT.done, failures: 0 }));
    } else {
      const color = (values.text("color") ?? "auto") as "auto" | "always" | "never";
      io.stdout.write(doctorText(VERSION, report, painter(hasColor(color, io.stdout, io.env))));
    }
    return EXIT.done;
  } catch (thrown) {
    const error = asSyncError(thrown);
    const exitCode = exitCodeOfError(error.code);
    const { code, message, hint } = error;
    const told = { code, message, ...(hint === undefined ? {} : { hint }) };
    if (isJson) io.stdout.write(summaryRecord({ outcome: "refused", exitCode, failures: 0, error: told }));
    throw error;
  }
}
