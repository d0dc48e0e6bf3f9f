/**
 * The error for a signature or delta that cannot be what it claims to be.
 *
 * @module
 */
import { SyncError } from "../errors.ts";

/** What is read. */
export type DeltaFile = "signature" | "delta";

/**
 * Makes the error.
 *
 * @param file What is damaged.
 * @param offset Where in it, in bytes from its start.
 * @param problem What is wrong there, the rest of a sentence.
 * @param hint What may have led to it. @default {undefined}
 * @returns An error of code `"delta-damaged"`.
 */
export function damaged(file: DeltaFile, offset: number, problem: string, hint?: string): SyncError {
  const message = `Cannot read the ${file}: at byte ${offset} ${problem}`;
  return new SyncError("delta-damaged", message, hint === undefined ? {} : { hint });
}
