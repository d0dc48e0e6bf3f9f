/**
 * Reads whole files that the caller names.
 *
 * @module
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { SyncError } from "../errors.ts";
import { printable } from "../bytes/printable.ts";
import { nodeError } from "./system_error.ts";

const STANDARD_INPUT = 0;
const CHUNK = 65_536;

/**
 * Reads a file from its beginning to its end.
 *
 * @param path Which; `"-"` is standard input.
 * @param most Bytes that it may have.
 * @returns Its bytes.
 * @throws {SyncError} when it cannot be read; code `"file-too-large"` when it is longer.
 */
export function readWhole(path: string, most: number): Uint8Array {
  const shown = path === "-" ? "standard input" : path;
  let file: number | undefined;
  try {
    file = path === "-" ? STANDARD_INPUT : openSync(path, "r");
    if (fstatSync(file).isDirectory()) throw new SyncError("is-directory", "it is a directory", { path });
    return readToEnd(file, most, shown);
  } catch (thrown) {
    throw nodeError("read", shown, thrown);
  } finally {
    if (file !== undefined && file !== STANDARD_INPUT) closeSync(file);
  }
}

function readToEnd(file: number, most: number, shown: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = new Uint8Array(CHUNK);
    const read = readSync(file, chunk, 0, CHUNK, null);
    if (read === 0) break;
    length += read;
    if (length > most) {
      throw new SyncError("file-too-large", `Cannot read "${printable(shown)}": it has more than ${most} bytes`);
    }
    chunks.push(chunk.subarray(0, read));
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
