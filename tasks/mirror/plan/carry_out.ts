/**
 * Carries out a plan as it streams by: changes in the order of the plan, then hard links, whose other names may be
 * anywhere, then the switch of what waits for it, then deletions, and what goes from the source last of all. Each goes through the plan once; no more than a batch is held.
 *
 * @module
 */
import { parentPath, type RelPath, ROOT } from "../../../lib/model/rel_path.ts";
import type { Action, Delete, Move, Operation, RemoveSource } from "../../../lib/plan/action.ts";
import { batchesOf } from "../../../lib/plan/batches.ts";
import { deletionLimit } from "../../../lib/plan/guards.ts";
import type { PlanSummary } from "../../../lib/plan/summary.ts";
import { allowDeletions, markSourceUnread } from "../threads/listener.ts";
import type { PlannedActions } from "./planned_actions.ts";
import type { Run } from "../run.ts";
import { VISIT } from "../threads/passes.ts";
import { tellWithheld, withholdsDeletions } from "../withhold.ts";

const CHANGES: readonly Operation[] = [
  "create-directory",
  "write-file",
  "create-symlink",
  "create-special",
  "set-metadata",
  "move",
  "sweep",
];

/**
 * Carries out a plan. Its expectations were checked before.
 *
 * @param run The run.
 * @param actions The plan.
 * @param summary Its totals.
 */
export async function carryOut(run: Run, actions: PlannedActions, summary: PlanSummary): Promise<void> {
  const { crew, collector, counters, roots, pair } = run;
  if (summary.withheld > 0) markSourceUnread(counters);
  collector.sawEntries(summary);
  collector.setTotals(summary);
  const aside = await crew.apply(batchesOf(actions.each(CHANGES)));
  if (summary.moved > 0) await crew.settleLeft(leftDirectories(actions.each(["move"]) as Iterable<Move>));
  if (summary.linked > 0) aside.push(...await crew.apply(batchesOf(actions.each(["link"]))));
  aside.push(...await crew.switchStaged(pair.options.fsync));
  const withholds = withholdsDeletions(run);
  if (withholds) tellWithheld(collector, summary.withheld + summary.deleted);
  else if (summary.deleted > 0) await crew.remove(batchesOf(actions.each(["delete"]) as Iterable<Delete>));
  allowDeletions(counters, deletionLimit(pair.options.maxDelete, summary.destinationEntries));
  if (aside.length > 0) await crew.pass("sweep", aside.map((path) => ({ path, flags: VISIT.flat })));
  if (summary.sourceRemoved > 0) {
    roots.destination!.flush();
    await crew.removeSources(batchesOf(actions.each(["remove-source"]) as Iterable<RemoveSource>));
  }
  const root = rootActionOf(actions);
  if (root !== undefined && !collector.rootFailed) collector.applied(root);
  if (pair.options.fsync) roots.destination!.flush();
}

/** Directories from which something was moved away: their times have changed. */
function leftDirectories(moves: Iterable<Move>): Set<RelPath> {
  const left = new Set<RelPath>();
  for (const { from } of moves) left.add(parentPath(from));
  return left;
}

/** The root comes before everything else. */
function rootActionOf(actions: PlannedActions): Action | undefined {
  for (const action of actions.each()) return action.path === ROOT ? action : undefined;
  return undefined;
}
