/**
 * The one error class of the toolkit. Misuse of the API throws `TypeError` or `RangeError`; whatever the world
 * refuses (a file system, a peer, a guard) is a {@linkcode SyncError} whose `code` a program can branch on.
 *
 * @module
 */
import { printable } from "./bytes/printable.ts";

/** Classes of failure, a closed union. The command line turns each into exactly one exit code. */
export type SyncErrorCode =
  // the caller
  | "usage"
  | "filter-invalid"
  | "path-escape"
  | "cancelled"
  // guards: refused before anything changed
  | "source-missing"
  | "source-not-directory"
  | "source-empty"
  | "destination-unusable"
  | "destination-busy"
  | "too-many-deletions"
  | "expectation-failed"
  | "overlap"
  | "root-destination"
  | "source-rotten"
  | "catalog-unusable"
  | "store-unusable"
  | "snapshot-missing"
  // saved plans
  | "drift"
  | "plan-damaged"
  // entries
  | "vanished"
  | "source-vanished"
  | "listed-missing"
  | "changed-while-read"
  | "permission"
  | "exists"
  | "not-directory"
  | "is-directory"
  | "symlink-refused"
  | "not-empty"
  | "too-many-links"
  | "name-not-representable"
  | "unsupported"
  | "read-only"
  | "io"
  | "deletions-withheld"
  | "replica-unproven"
  // space
  | "no-space"
  | "file-too-large"
  // signatures and deltas
  | "delta-damaged"
  // manifests
  | "manifest-damaged"
  // a step of a task of tasks
  | "task-failed"
  // another machine
  | "peer-protocol"
  | "connection"
  // a defect of the toolkit itself
  | "internal";

/** One of the two trees of a task. */
export type Side = "source" | "destination";

/** What a {@linkcode SyncError} carries beside its code and message. */
export interface SyncErrorInit {
  /** Path the failure is about, relative to its root. @default {undefined} */
  readonly path?: string | undefined;
  /** What to try next; the command line prints it on a line of its own. @default {undefined} */
  readonly hint?: string | undefined;
  /** The tree in which it happened, where that is known. @default {undefined} */
  readonly side?: Side | undefined;
  /** The error underneath. @default {undefined} */
  readonly cause?: unknown;
}

/**
 * A failure that the world caused.
 *
 * @example Branch on the code
 * ```ts
 * import { SyncError } from "undrift";
 *
 * const error = new SyncError("no-space", "Cannot write a.bin: the file system is full", { path: "a.bin" });
 * if (error.code === "no-space") {
 *   // free some space and run again
 * }
 * ```
 */
export class SyncError extends Error {
  /** Always `"SyncError"`. */
  override readonly name: string = "SyncError";
  /** Class of the failure. */
  readonly code: SyncErrorCode;
  /** Path the failure is about, relative to its root. */
  readonly path: string | undefined;
  /** What to try next. */
  readonly hint: string | undefined;
  /** The tree in which it happened, where that is known. */
  readonly side: Side | undefined;

  /**
   * Makes an error of one class.
   *
   * @param code Class of the failure.
   * @param message What could not be done, to what, and why; no period at the end.
   * @param init Path, hint and cause.
   */
  constructor(code: SyncErrorCode, message: string, init: SyncErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = code;
    this.path = init.path;
    this.hint = init.hint;
    this.side = init.side;
  }
}

/**
 * Turns anything that was thrown into a {@linkcode SyncError}; a foreign error becomes code `"internal"`.
 *
 * @param thrown What a `catch` clause received.
 * @returns The same error if it is one already.
 */
export function asSyncError(thrown: unknown): SyncError {
  if (thrown instanceof SyncError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new SyncError("internal", message, { cause: thrown });
}

/**
 * The same error with the full path of the entry it concerns, in its message, too; the layers below know only the last
 * name.
 *
 * @param error The error from a deeper layer.
 * @param path Path from the root of the task.
 * @returns A copy with `path` set.
 */
export function atPath(error: SyncError, path: string): SyncError {
  const { code, hint, side, cause } = error;
  return new SyncError(code, withPath(error, path), { path, hint, side, ...(cause === undefined ? {} : { cause }) });
}

/**
 * The same error with the tree in which it happened. What is gone from the source by the time it is read is told as
 * such: somebody removed it, and nothing failed.
 *
 * @param error The error from a deeper layer.
 * @param side Where it happened.
 * @returns A copy with `side` set.
 */
export function atSide(error: SyncError, side: Side): SyncError {
  const { message, path, hint, cause } = error;
  const code = error.code === "vanished" && side === "source" ? "source-vanished" : error.code;
  return new SyncError(code, message, { path, hint, side, ...(cause === undefined ? {} : { cause }) });
}

/** What deeper layers call a directory whose name they do not know. */
const UNNAMED_DIRECTORY = "the directory:";

function withPath({ message, path: name }: SyncError, path: string): string {
  if (path === "" || name === undefined || name === path || !path.endsWith(name)) return message;
  const full = `"${printable(path)}"`;
  return name === ""
    ? message.replace(UNNAMED_DIRECTORY, () => `directory ${full}:`)
    : message.replace(`"${printable(name)}"`, () => full);
}
