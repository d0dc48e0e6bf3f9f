/**
 * What a comparison of two trees, or of a manifest and a tree, finds at one path, and the totals of all of it.
 *
 * @module
 */
import type { Entry, Kind } from "../model/entry.ts";
import type { Failure } from "../model/event.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Difference } from "./differences.ts";

/** What is found at a path. */
export type FindingKind =
  /** Only the first side has it. */
  | "missing"
  /** Only the second side has it. */
  | "extra"
  /** A file on one side is a directory on the other, or the like. */
  | "type"
  /** The contents differ, though the times do not; or no times are known. */
  | "content"
  /** Contents and times differ: somebody has changed it. */
  | "changed"
  /** The contents differ from what is known of this very file, though neither size nor times have changed. */
  | "rotten"
  /** The contents are the same, other things are not. */
  | "metadata"
  /** It cannot be told. */
  | "unreadable"
  /** Nothing differs. */
  | "same";

/** All kinds; those that ask most for a look first. */
export const FINDING_KINDS: readonly FindingKind[] = [
  "rotten",
  "unreadable",
  "content",
  "type",
  "missing",
  "changed",
  "extra",
  "metadata",
  "same",
];

/** What is known of an entry: all that a tree tells, or the little that a manifest does. */
export type KnownEntry = Partial<Entry> & {
  /** What it is. */
  readonly kind: Kind;
  /** Checksum of a file in hexadecimal. */
  readonly digest?: string;
};

/** What is found at one path. */
export interface Finding {
  /** What it is. */
  readonly finding: FindingKind;
  /** The path, from both roots. */
  readonly path: RelPath;
  /** What the first side has. */
  readonly want?: KnownEntry;
  /** What the second side has. */
  readonly have?: KnownEntry;
  /** In what they differ, as far as that was looked at; empty where there is only one side. */
  readonly differences: readonly Difference[];
  /** Why it cannot be told. */
  readonly failure?: Failure;
}

/** Totals of a comparison. */
export interface CheckTotals extends Readonly<Record<FindingKind, number>> {
  /** Paths that one side has or both. */
  readonly entries: number;
  /** Files whose contents were compared. */
  readonly files: number;
  /** Bytes in these. */
  readonly bytes: number;
}

/** The same, while it is being added up. */
export type RunningTotals = { -readonly [Name in keyof CheckTotals]: number };

/**
 * Totals of nothing.
 *
 * @returns Totals to add to.
 */
export function noTotals(): RunningTotals {
  return {
    entries: 0,
    files: 0,
    bytes: 0,
    missing: 0,
    extra: 0,
    type: 0,
    content: 0,
    changed: 0,
    rotten: 0,
    metadata: 0,
    unreadable: 0,
    same: 0,
  };
}

/**
 * Adds one finding.
 *
 * @param totals The totals; changed in place.
 * @param found The finding.
 */
export function addFinding(totals: RunningTotals, { finding, want, have, failure }: Finding): void {
  totals.entries++;
  totals[finding]++;
  if (failure !== undefined || want?.kind !== "file" || have?.kind !== "file") return;
  totals.files++;
  totals.bytes += have.size ?? 0;
}

/**
 * How many paths differ, or cannot be told.
 *
 * @param totals The totals.
 * @returns 0 when both sides are the same.
 */
export function differenceCount(totals: CheckTotals): number {
  return totals.entries - totals.same;
}
