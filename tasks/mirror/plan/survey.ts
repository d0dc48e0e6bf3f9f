/**
 * Makes a plan that is kept: visits everything, adds what only the whole can decide, and finds moves.
 *
 * @module
 */
import { ROOT } from "../../../lib/model/rel_path.ts";
import type { Steps } from "../../../lib/model/steps.ts";
import type { Action } from "../../../lib/plan/action.ts";
import { planHardLinks } from "../../../lib/plan/hard_links.ts";
import { findMoves } from "../../../lib/plan/moves.ts";
import { addNeed, noNeed, type SpaceNeed, totalNeed } from "../../../lib/plan/space_need.ts";
import { addAction, emptySummary, type PlanSummary } from "../../../lib/plan/summary.ts";
import { TreeMoveWorld } from "./move_world.ts";
import { SpooledActions } from "./planned_actions.ts";
import type { ChecksumFindings } from "../checksums/rules.ts";
import { rootChange } from "../trees/root_change.ts";
import { addPlanned, needOf, type Run, tellFound } from "../run.ts";
import { VISIT } from "../threads/passes.ts";
import { holdBack, tellWithheld } from "../withhold.ts";

/** A plan that was just made. */
export interface Surveyed {
  /** Its actions; whoever asked for them closes them. */
  readonly actions: SpooledActions;
  /** Its totals. */
  readonly summary: PlanSummary;
  /** Room that it needs; `undefined` when nobody asks, or the room is not known. */
  readonly needs: SpaceNeed | undefined;
  /** What was found with the catalog. */
  readonly checksums: ChecksumFindings;
}

/**
 * Makes the plan of a run.
 *
 * @param run The run; what it finds goes to `actions`.
 * @param actions Takes everything; closed when others take their place.
 * @returns The plan.
 */
export async function surveyPlan(run: Run, actions: SpooledActions): Promise<Surveyed> {
  const { roots, rules, crew, collector } = run;
  const change = rootChange(roots.source, roots.destination, rules);
  const flags = roots.destination === undefined ? VISIT.fresh : 0;
  const found = await crew.pass("survey", [{ path: ROOT, flags }]);
  const late = [...(change === undefined ? [] : [change]), ...planHardLinks(found.linked)];
  addPlanned(run, found, late);
  for (const each of late) actions.add(each);
  tellFound(run, found);
  const isHeldBack = holdBack(run, found);
  if (isHeldBack) actions.leaveOutDeletions();
  tellWithheld(collector, found.planned.withheld);
  const { deleted, created } = found.planned;
  let surveyed: Surveyed = {
    actions,
    summary: found.planned,
    needs: needOf(run, found),
    checksums: found.checksums,
  };
  if (!run.pair.options.detectMoves || isHeldBack || deleted === 0 || created === 0) return surveyed;
  await crew.drive(withMoves(run, surveyed, (rewritten) => surveyed = rewritten));
  return surveyed;
}

function* withMoves(run: Run, { actions, summary, checksums }: Surveyed, done: (rewritten: Surveyed) => void): Steps {
  const { roots, rules, pair } = run;
  const moves = yield* findMoves({
    actions: actions.each(),
    rules: rules.plan,
    trusted: pair.options.trustMoves,
    world: new TreeMoveWorld(roots.source, roots.destination!, rules.xattrs),
  });
  if (!moves.hasMoves) return;
  const rewritten = new SpooledActions();
  const { sourceEntries, destinationEntries, withheld, skipped } = summary;
  const totals = { ...emptySummary(), sourceEntries, destinationEntries, withheld, skipped: { ...skipped } };
  const need = noNeed();
  try {
    yield* rewriteAll(actions.each(), moves, (action) => {
      rewritten.add(action);
      addAction(totals, action);
      if (rules.space !== undefined) addNeed(need, action, rules.space);
    });
  } catch (thrown) {
    rewritten.close();
    throw thrown;
  }
  actions.close();
  const needs = rules.space === undefined ? undefined : totalNeed(need);
  done({ actions: rewritten, summary: totals, needs, checksums });
}

const STEP_EVERY = 256;

function* rewriteAll(
  actions: Iterable<Action>,
  moves: { rewrite(action: Action): Action | undefined },
  take: (action: Action) => void,
): Steps {
  let count = 0;
  for (const action of actions) {
    const rewritten = moves.rewrite(action);
    if (rewritten !== undefined) take(rewritten);
    if (++count % STEP_EVERY === 0) yield;
  }
}
