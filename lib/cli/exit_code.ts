/**
 * Exit codes: one table from every class of failure to the code of the process. Scripts treat a code that they do not
 * know as failure.
 *
 * @module
 */
import type { SyncErrorCode } from "../errors.ts";
import { CAUSE_NAMES } from "../model/cause.ts";
import type { CauseCounts } from "../model/cause_tally.ts";

/** The codes by name. */
export const EXIT = {
  done: 0,
  different: 1,
  usage: 2,
  refused: 3,
  partial: 4,
  drift: 5,
  protocol: 6,
  connection: 7,
  noSpace: 8,
  defect: 70,
  interrupted: 130,
  readerGone: 141,
  terminated: 143,
} as const;

/** A code that the process may end with. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code means, in the order in which help shows them. */
export const EXIT_MEANINGS: readonly (readonly [code: string, meaning: string])[] = [
  ["0", "done, or nothing to do"],
  ["1", "a check found differences, or not what was expected"],
  ["2", "the command line cannot be understood"],
  ["3", "refused by a guard; nothing was changed"],
  ["4", "finished, but some entries failed"],
  ["5", "a plan, delta or manifest does not fit; nothing was changed"],
  ["6", "the peer broke the protocol"],
  ["7", "the connection could not be made or broke"],
  ["8", "no space, quota or file-size limit"],
  ["70", "a defect of undrift"],
  ["130, 143", "interrupted by SIGINT, SIGTERM"],
];

const CODE_OF_ERROR: Readonly<Record<SyncErrorCode, ExitCode>> = {
  "usage": EXIT.usage,
  "filter-invalid": EXIT.usage,
  "path-escape": EXIT.refused,
  "cancelled": EXIT.interrupted,
  "source-missing": EXIT.refused,
  "source-not-directory": EXIT.refused,
  "source-empty": EXIT.refused,
  "destination-unusable": EXIT.refused,
  "destination-busy": EXIT.refused,
  "too-many-deletions": EXIT.refused,
  "expectation-failed": EXIT.refused,
  "overlap": EXIT.refused,
  "root-destination": EXIT.refused,
  "source-rotten": EXIT.refused,
  "catalog-unusable": EXIT.refused,
  "store-unusable": EXIT.refused,
  "snapshot-missing": EXIT.refused,
  "drift": EXIT.drift,
  "plan-damaged": EXIT.drift,
  "vanished": EXIT.partial,
  "source-vanished": EXIT.partial,
  "listed-missing": EXIT.partial,
  "changed-while-read": EXIT.partial,
  "permission": EXIT.partial,
  "exists": EXIT.partial,
  "not-directory": EXIT.partial,
  "is-directory": EXIT.partial,
  "symlink-refused": EXIT.partial,
  "not-empty": EXIT.partial,
  "too-many-links": EXIT.partial,
  "name-not-representable": EXIT.partial,
  "unsupported": EXIT.partial,
  "read-only": EXIT.partial,
  "io": EXIT.partial,
  "deletions-withheld": EXIT.partial,
  "replica-unproven": EXIT.partial,
  "no-space": EXIT.noSpace,
  "file-too-large": EXIT.noSpace,
  "delta-damaged": EXIT.drift,
  "manifest-damaged": EXIT.drift,
  "task-failed": EXIT.partial,
  "peer-protocol": EXIT.protocol,
  "connection": EXIT.connection,
  "internal": EXIT.defect,
};

/**
 * The code for an error that ended a task.
 *
 * @param code Class of the failure.
 * @returns The code of the process.
 */
export function exitCodeOfError(code: SyncErrorCode): ExitCode {
  return CODE_OF_ERROR[code];
}

/**
 * The code for a task that went through to its end.
 *
 * @param failureCount Entries that failed.
 * @param causes How many there were of each cause.
 * @returns 0 when none failed, 8 when one failed for want of space, otherwise 4.
 */
export function exitCodeOfFailures(failureCount: number, causes: CauseCounts): ExitCode {
  if (failureCount === 0) return EXIT.done;
  const hasLackedSpace = CAUSE_NAMES.some((cause) =>
    CODE_OF_ERROR[cause] === EXIT.noSpace && (causes[cause]?.failed ?? 0) > 0
  );
  return hasLackedSpace ? EXIT.noSpace : EXIT.partial;
}
