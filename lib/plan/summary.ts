/**
 * Totals of a plan, in numbers that can be added up from several threads.
 *
 * @module
 */
import type { Action } from "./action.ts";
import type { SkipCounts } from "./directory_plan.ts";

/** Totals of a plan or of a part of it. */
export interface PlanSummary {
  /** Entries found in the source. */
  readonly sourceEntries: number;
  /** Entries found in the destination, with what would be removed. */
  readonly destinationEntries: number;
  /** Entries that are to be made: files, directories, symlinks, specials and links. */
  readonly created: number;
  /** Files whose content is to be written over an old one, and other entries that are to be replaced. */
  readonly updated: number;
  /** Entries of which only metadata is to be set. */
  readonly metadata: number;
  /** Entries that are to be made or replaced as hard links. */
  readonly linked: number;
  /** Entries that get a new name, with what is in directories that do. */
  readonly moved: number;
  /** Bytes of content in these, which are not copied. */
  readonly movedBytes: number;
  /** Entries that are to be removed. */
  readonly deleted: number;
  /** Leftovers of interrupted runs that are to be swept. */
  readonly swept: number;
  /** Entries that are to be removed from the source once the destination has them. */
  readonly sourceRemoved: number;
  /** Entries that are not removed although the source does not have them, since it could not be read completely. */
  readonly withheld: number;
  /** Files that are to be written. */
  readonly files: number;
  /** Bytes in these files. */
  readonly bytes: number;
  /** Files that become further names of files in other trees (`linkDest`), and are not written. */
  readonly basisLinked: number;
  /** Bytes in these, which need not be written. */
  readonly basisBytes: number;
  /** Symlinks, specials and devices that are left out. */
  readonly skipped: Readonly<SkipCounts>;
}

/** The same, while it is being added up. */
export type RunningSummary =
  & { -readonly [K in keyof PlanSummary]: PlanSummary[K] }
  & { skipped: SkipCounts };

/**
 * Totals of nothing.
 *
 * @returns A summary to add to.
 */
export function emptySummary(): RunningSummary {
  return {
    sourceEntries: 0,
    destinationEntries: 0,
    created: 0,
    updated: 0,
    metadata: 0,
    linked: 0,
    moved: 0,
    movedBytes: 0,
    deleted: 0,
    swept: 0,
    sourceRemoved: 0,
    withheld: 0,
    files: 0,
    bytes: 0,
    basisLinked: 0,
    basisBytes: 0,
    skipped: { symlinks: 0, specials: 0, devices: 0 },
  };
}

/**
 * Adds one action.
 *
 * @param summary The totals; changed in place.
 * @param action The action.
 */
export function addAction(summary: RunningSummary, action: Action): void {
  switch (action.op) {
    case "delete":
      summary.deleted++;
      return;
    case "sweep":
      summary.swept++;
      return;
    case "remove-source":
      summary.sourceRemoved++;
      return;
    case "set-metadata":
      summary.metadata++;
      return;
    case "move":
      summary.moved += action.entries;
      summary.movedBytes += action.bytes;
      return;
    case "link":
      summary.linked++;
      break;
    case "write-file":
      if (action.basis?.links === true) {
        summary.basisLinked++;
        summary.basisBytes += action.want.size;
      } else {
        summary.files++;
        summary.bytes += action.want.size;
      }
      break;
  }
  if (action.have === undefined) summary.created++;
  else summary.updated++;
}

/**
 * Adds other totals.
 *
 * @param summary The totals; changed in place.
 * @param other What is added.
 */
export function addSummary(summary: RunningSummary, other: PlanSummary): void {
  for (const key of COUNTS) summary[key] += other[key];
  summary.skipped = {
    symlinks: summary.skipped.symlinks + other.skipped.symlinks,
    specials: summary.skipped.specials + other.skipped.specials,
    devices: summary.skipped.devices + other.skipped.devices,
  };
}

const COUNTS = [
  "sourceEntries",
  "destinationEntries",
  "created",
  "updated",
  "metadata",
  "linked",
  "moved",
  "movedBytes",
  "deleted",
  "swept",
  "sourceRemoved",
  "withheld",
  "files",
  "bytes",
  "basisLinked",
  "basisBytes",
] as const;

/**
 * Whether a plan does anything.
 *
 * @param summary Its totals.
 * @returns `false` when source and destination agree and nothing has to be swept.
 */
export function hasChanges(summary: PlanSummary): boolean {
  const { created, updated, metadata, moved, deleted, swept, sourceRemoved } = summary;
  return created + updated + metadata + moved + deleted + swept + sourceRemoved > 0;
}
