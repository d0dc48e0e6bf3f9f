/**
 * What goes wrong while one file is read and another is written.
 *
 * @module
 */
import { asSyncError, atSide, type SyncError } from "../errors.ts";
import type { Steps } from "../model/steps.ts";
import type { FileWriter } from "../model/tree.ts";

/**
 * Which of the two files failed cannot be told from the outside. What may be the source's counts as such, so that
 * nothing is deleted on a wrong guess.
 *
 * @param error What happened.
 * @returns The same, of the source where that may be.
 */
export function whileReading(error: SyncError): SyncError {
  return error.code === "io" || error.code === "permission" ? atSide(error, "source") : error;
}

/**
 * Does work that reads the source and writes the destination.
 *
 * @param work The work.
 * @returns Steps with its result.
 * @throws {SyncError} what it throws, of the source where that may be.
 */
export function* reading<Result>(work: Steps<Result>): Steps<Result> {
  try {
    return yield* work;
  } catch (thrown) {
    throw whileReading(asSyncError(thrown));
  }
}

/**
 * Closes a file after a failure, which is the one to report: what was not finished is removed, or is seen by the next run.
 *
 * @param writer The file; may be closed already.
 */
export function closeQuietly(writer: FileWriter): void {
  try {
    writer.close();
  } catch {
    // See above.
  }
}
