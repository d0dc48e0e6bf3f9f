/**
 * A snapshot on a timeline, as plain data: when it was taken and what it takes.
 *
 * @module
 */
import type { SnapshotUsage } from "./usage.ts";

/** One snapshot. */
export interface TimelineSnapshot extends SnapshotUsage {
  /** Its name. */
  readonly name: string;
  /** When it was taken, in milliseconds since 1970. */
  readonly takenMs: number;
  /** Entries that its run could not take; absent when that is not known. */
  readonly failures?: number;
  /** Its tags; absent when they are not known. */
  readonly tags?: readonly string[];
}
