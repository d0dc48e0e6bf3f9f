/**
 * `undrift signature`, `undrift delta` and `undrift patch`: the commands of `rdiff`.
 *
 * @module
 */
import { formatBytes } from "../bytes/quantities.ts";
import { asSyncError, SyncError } from "../errors.ts";
import { STRONG_BYTES } from "../kernels/kernel.ts";
import { EXIT } from "./exit_code.ts";
import type { Io } from "./io.ts";
import type { Call } from "./mirror_command.ts";
import type { Values } from "./parse.ts";

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

function signatureOptions(values: Values) {
  const strong = values.text("hash") === "md4" ? "md4" : "blake2b";
  const strongLength = values.number("sum-size") ?? 0;
  const jobs = values.number("jobs");
  const blockLength = values.number("block-size") ?? 0;
  if (strongLength > STRONG_BYTES[strong]) {
    const message = `Cannot use --sum-size ${strongLength} with --hash ${values.text("hash")}: it has fewer bytes`;
    throw new SyncError("usage", message, { hint: `${STRONG_BYTES[strong]} is the most` });
  }
  return {
    weak: values.text("rollsum") === "rollsum" ? "rollsum" : "rabinkarp",
    strong,
    ...(blockLength === 0 ? {} : { blockLength }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(strongLength === 0 ? {} : { strongLength }),
  } as const;
}

/**
 * Runs `undrift delta SIGNATURE [NEW [DELTA]]`.
 *
 * @param call The command line.
 * @returns The exit code.
 * @throws {SyncError} when a file cannot be read or written; code `"delta-damaged"` when the signature is none.
 */
export async function deltaCommand({ operands, values, io, tasks }: Call): Promise<number> {
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
