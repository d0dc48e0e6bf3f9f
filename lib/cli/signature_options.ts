/**
 * The options of a signature, from those of the command line.
 *
 * @module
 */
import type { SignatureOptions } from "../../tasks/delta.ts";
import { SyncError } from "../errors.ts";
import { STRONG_BYTES } from "../kernels/kernel.ts";
import type { Values } from "./parse.ts";

/**
 * How a file is cut into blocks and summed.
 *
 * @param values Values of the options.
 * @returns Options for `signature`.
 * @throws {SyncError} code `"usage"` when they contradict each other.
 */
export function signatureOptions(values: Values): SignatureOptions {
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
  };
}
