/**
 * What a run says while it runs, and what it says at its end. Events are plain data; the same events reach a program's
 * `onEvent`, a `for await` loop, and as NDJSON the standard output.
 *
 * @module
 */
import { type Side, SyncError, type SyncErrorCode } from "../errors.ts";
import type { Degradation } from "./capabilities.ts";

/** An entry that could not be made right, as plain data. */
export interface Failure {
  /** Path from the root; empty for the root itself. */
  readonly path: string;
  /** Class of the failure. */
  readonly code: SyncErrorCode;
  /** What could not be done and why. */
  readonly message: string;
  /** What to try next. */
  readonly hint?: string;
  /** The tree in which it happened; absent where that is not known. */
  readonly side?: Side;
}

/** How far a run is. Every number only grows. */
export interface Progress {
  /** Entries of the source looked at. */
  readonly entries: number;
  /** Files written. */
  readonly files: number;
  /** Bytes of content written, or found to be there already in files that are changed in place. */
  readonly bytes: number;
  /** Entries removed. */
  readonly deleted: number;
  /** Files to write; absent while it is not known. */
  readonly totalFiles?: number;
  /** Bytes to write; absent while it is not known. */
  readonly totalBytes?: number;
}

/**
 * One thing that a run says. `Step` is the task's own kind of action, `Report` what its end carries.
 */
export type SyncEvent<Step, Report> =
  | { readonly type: "start"; readonly task: string; readonly source: string; readonly destination: string }
  | { readonly type: "action"; readonly action: Step }
  | { readonly type: "progress"; readonly progress: Progress }
  /** With `failure`, it is about that entry: one that failed or is odd, and only counts as a warning. */
  | { readonly type: "warning"; readonly warning: Degradation; readonly failure?: Failure }
  | { readonly type: "failure"; readonly failure: Failure }
  | { readonly type: "end"; readonly report: Report };

/**
 * An error as plain data, to keep in a report or to send to another thread.
 *
 * @param path Path of the entry.
 * @param error What happened.
 * @returns The failure.
 */
export function toFailure(path: string, error: SyncError): Failure {
  const { code, message, hint, side } = error;
  return {
    path,
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(side === undefined ? {} : { side }),
  };
}

/**
 * The error that a failure describes.
 *
 * @param failure Plain data.
 * @returns An error with the same code, message, path, hint and side.
 */
export function toError(failure: Failure): SyncError {
  const { code, message, path, hint, side } = failure;
  return new SyncError(code, message, { path, hint, side });
}
