/**
 * What is refused before anything changes. Every refusal names its numbers and the option that allows it.
 *
 * @module
 */
import { SyncError } from "../errors.ts";

/** Deletions that are always allowed. */
const SMALL_DELETION = 100;
/** Share of the destination that may be deleted. */
const DELETION_SHARE = 0.25;

/**
 * How many deletions are allowed.
 *
 * @param option What the caller set; `undefined` for the default.
 * @param destinationEntries Entries in the destination.
 * @returns The limit: the larger of 100 and a quarter of the destination, unless set.
 */
export function deletionLimit(option: number | undefined, destinationEntries: number): number {
  return option ?? Math.max(SMALL_DELETION, Math.floor(destinationEntries * DELETION_SHARE));
}

/**
 * Refuses a plan that deletes too much.
 *
 * @param deletions Entries that would be removed.
 * @param destinationEntries Entries in the destination.
 * @param option What the caller set.
 * @throws {SyncError} code `"too-many-deletions"`.
 */
export function guardDeletions(deletions: number, destinationEntries: number, option: number | undefined): void {
  const limit = deletionLimit(option, destinationEntries);
  if (deletions <= limit) return;
  throw new SyncError(
    "too-many-deletions",
    `Cannot delete ${deletions} of the ${destinationEntries} entries in the destination: the limit is ${limit}`,
    { hint: `check that the source is complete, then allow it with --max-delete ${deletions} (API: maxDelete)` },
  );
}

/**
 * Refuses a source without entries when the destination has some: most often a disk that is not mounted.
 *
 * @param sourceEntries Entries directly in the source.
 * @param destinationEntries Entries directly in the destination.
 * @param allowed Whether the caller allows it.
 * @throws {SyncError} code `"source-empty"`.
 */
export function guardEmptySource(sourceEntries: number, destinationEntries: number, allowed: boolean): void {
  if (allowed || sourceEntries > 0 || destinationEntries === 0) return;
  throw new SyncError(
    "source-empty",
    `Cannot mirror an empty source: it has no entries, the destination has ${destinationEntries}`,
    { hint: "check that the source is mounted, or allow it with --allow-empty-source (API: allowEmptySource)" },
  );
}
