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
 * @returns An error of code `"delta-damaged"`.
 */
export function damaged(file: DeltaFile, offset: number, problem: string): SyncError {
  return new SyncError("delta-damaged", `Cannot read the ${file}: at byte ${offset} ${problem}`);
}
