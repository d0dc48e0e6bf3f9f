/**
 * What the threads of a run find in one pass, as plain data that can be sent and added up.
 *
 * @module
 */
import { addStagedWork, emptyStagedWork, type StagedWork } from "../../../lib/apply/staging.ts";
import type { RelPath } from "../../../lib/model/rel_path.ts";
import type { LinkCandidate } from "../../../lib/plan/directory_plan.ts";
import { addSummary, emptySummary, type RunningSummary } from "../../../lib/plan/summary.ts";
import { addNeeds, noNeed, type RunningNeed } from "../../../lib/plan/space_need.ts";
import type { Pending } from "../../../lib/scan/frontier.ts";
import { addChecksumFindings, type ChecksumFindings, emptyChecksumFindings } from "../checksums/rules.ts";

/** Everything that a thread found in one pass; plain data. */
export interface Findings {
  /** Totals of what was planned. */
  readonly planned: RunningSummary;
  /** Room that it needs, when somebody asks. */
  readonly need: RunningNeed;
  /** Directories in which something has to be done; only from a survey. */
  readonly work: Pending[];
  /** Directories that hold something to delete. */
  readonly deletions: RelPath[];
  /** Entries with several links. */
  readonly linked: LinkCandidate[];
  /** What waits for the switch. */
  readonly staged: StagedWork;
  /** What was found with the catalog. */
  readonly checksums: ChecksumFindings;
}

/** Nothing found yet. */
export function emptyFindings(): Findings {
  return {
    planned: emptySummary(),
    need: noNeed(),
    work: [],
    deletions: [],
    linked: [],
    staged: emptyStagedWork(),
    checksums: emptyChecksumFindings(),
  };
}

/**
 * Adds what another thread found.
 *
 * @param into Changed in place.
 * @param more What is added.
 * @param width Files that are written at the same time.
 */
export function addFindings(into: Findings, more: Findings, width: number): void {
  addSummary(into.planned, more.planned);
  addNeeds(into.need, more.need, width);
  for (const each of more.work) into.work.push(each);
  for (const each of more.deletions) into.deletions.push(each);
  for (const each of more.linked) into.linked.push(each);
  addStagedWork(into.staged, more.staged);
  addChecksumFindings(into.checksums, more.checksums);
}
