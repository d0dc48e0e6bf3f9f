/**
 * What a scrub says while it runs, and at its end.
 *
 * @module
 */
import type { FileVerdict } from "../../lib/catalog/judge.ts";
import type { SyncEvent } from "../../lib/model/event.ts";
import type { RelPath } from "../../lib/model/rel_path.ts";
import type { Told } from "../checking/teller.ts";

/** What became of a file since the catalog heard of it last; `"gone"` is not there any more. */
export type ScrubVerdict = FileVerdict | "gone";

/** What is told of a file that is not as it was. */
export interface ScrubFinding {
  /** Its path. */
  readonly path: RelPath;
  /** What became of it. */
  readonly verdict: Exclude<ScrubVerdict, "same" | "touched">;
  /** Whether it decayed and was restored. */
  readonly repaired: boolean;
  /** When its content was found to be right last, in milliseconds since 1970; absent for what is new. */
  readonly verifiedMs?: number;
}

/** Files by what became of them. */
export type ScrubCounts = Readonly<Record<ScrubVerdict, number>>;

/** What came of a scrub. */
export interface ScrubReport extends Told {
  /** Always `"scrub"`. */
  readonly task: "scrub";
  /** The directory, as it was given. */
  readonly source: string;
  /** Whether all that was read is right or was repaired, something is not, some entries could not be read, or it was
   * stopped. */
  readonly outcome: "done" | "different" | "partial" | "stopped";
  /** Whether everything was read, or the budget ended before. */
  readonly isComplete: boolean;
  /** Files that were read. */
  readonly files: number;
  /** Bytes in these. */
  readonly bytes: number;
  /** Files by what became of them. */
  readonly counts: ScrubCounts;
  /** Files that were restored. */
  readonly repaired: number;
  /** Files that decayed or are suspect: the first thousand. */
  readonly findings: readonly ScrubFinding[];
}

/** One thing that is said. */
export type ScrubEvent = SyncEvent<ScrubFinding, ScrubReport>;
