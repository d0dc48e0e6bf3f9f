/**
 * `undrift signature`, `undrift delta` and `undrift patch`: the commands of `rdiff`.
 *
 * @module
 */
import { formatBytes } from "../bytes/quantities.ts";
import { asSyncError, SyncError } from "../errors.ts";
import { EXIT } from "./exit_code.ts";
import type { Io } from "./io.ts";
import type { Call } from "./mirror_command.ts";
import type { Values } from "./parse.ts";
import { signatureOptions } from "./signature_options.ts";

/**
 * Runs `undrift signature OLD [SIGNATURE]`.
 *
 * @param call The command line.
 * @returns The exit code.
 * @throws {SyncError} when a file cannot be read or written.
 */
export async function signatureCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [old = "-", into = "-"] = operands;
  const options = signatureOptions(values);
  const { signature } = await tasks.delta();
  return await carryOut(io, values, async () => {
    const { oldBytes, blockLength, signatureBytes } = await signature(old, options).writeTo(into, io);
    return `${formatBytes(oldBytes)} in blocks of ${blockLength}, signature ${formatBytes(signatureBytes)}`;
  });
}

/**
 * Runs `undrift delta SIGNATURE [NEW [DELTA]]`.
 *
 * @param call The command line.
 * @returns The exit code.
 * @throws {SyncError} when a file cannot be read or written; code `"delta-damaged"` when the signature is none.
 */
export async function deltaCommand(call: Call): Promise<number> {
  const { operands, values, io, tasks } = call;
  if (values.isOn("explain")) return await (await import("./explain_delta_command.ts")).explainDeltaCommand(call);
  refuseWithoutExplain(values);
  const [signature = "-", fresh = "-", into = "-"] = operands;
  if (signature === "-" && fresh === "-") throw twice("SIGNATURE and NEW");
  const jobs = values.number("jobs");
  const { delta } = await tasks.delta();
  return await carryOut(io, values, async () => {
    const { copiedBytes, literalBytes, deltaBytes } = await delta(signature, fresh, jobs === undefined ? {} : { jobs })
      .writeTo(into, io);
    return `${partsText(copiedBytes, literalBytes)}, delta ${formatBytes(deltaBytes)}`;
  });
}

/** What only `--explain` takes. */
function refuseWithoutExplain(values: Values): void {
  const ofSignature = (["block-size", "sum-size", "hash", "rollsum"] as const).find((name) => values.text(name));
  if (ofSignature !== undefined) {
    throw new SyncError("usage", `Cannot use --${ofSignature} without --explain: the signature says it`);
  }
  const ofPicture = (["format", "report", "color"] as const).find((name) =>
    values.text(name) ?? values.repeated(name)[0]
  );
  if (ofPicture === undefined) return;
  const shown = ofPicture === "format" ? "json" : ofPicture;
  throw new SyncError("usage", `Cannot use --${shown} without --explain: a delta is written, nothing is told`);
}

/**
 * Runs `undrift patch OLD [DELTA [NEW]]`.
 *
 * @param call The command line.
 * @returns The exit code.
 * @throws {SyncError} when a file cannot be read or written; code `"delta-damaged"` when the delta is none of OLD.
 */
export async function patchCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [old = "-", changes = "-", into = "-"] = operands;
  if (old === "-" && changes === "-") throw twice("OLD and DELTA");
  const { patch } = await tasks.delta();
  return await carryOut(io, values, async () => {
    const { copiedBytes, literalBytes } = await patch(old, changes).writeTo(into, io);
    return partsText(copiedBytes, literalBytes);
  });
}

function partsText(copied: number, literal: number): string {
  return `${formatBytes(copied)} from the old file, ${formatBytes(literal)} new`;
}

function twice(names: string): SyncError {
  return new SyncError("usage", `Cannot read ${names} both from standard input`);
}

/** Does the work; tells its totals on stderr, since stdout may be the result. */
async function carryOut(io: Io, values: Values, work: () => Promise<string>): Promise<number> {
  try {
    const totals = await work();
    if (values.isOn("verbose")) io.stderr.write(`${totals}\n`);
    return EXIT.done;
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.code !== "cancelled") throw error;
    if (!io.signal.aborted) return EXIT.readerGone;
    io.stderr.write(`undrift: ${error.message}\n`);
    return io.stopCode() ?? EXIT.interrupted;
  }
}
