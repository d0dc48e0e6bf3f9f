/**
 * Cuts the stream of a plan into batches that are carried out in one directory each. Consecutive actions of a directory
 * are in one batch; a directory whose own metadata is to be set has a batch, if need be without actions, since it is
 * set after what is in it.
 *
 * @module
 */
import { parentPath, type RelPath, ROOT } from "../model/rel_path.ts";
import type { Action } from "./action.ts";

/** Actions in one batch at most. */
const MOST_IN_BATCH = 1_000;

/** A directory, and what is to be done in it. */
export type Batch<Step extends Action> = readonly [directory: RelPath, actions: readonly Step[]];

/**
 * Cuts actions into batches.
 *
 * @param actions Actions in the order of a plan.
 * @returns Batches in the order in which they are to be carried out. The root's own action is in none; its batch is.
 */
export function* batchesOf<Step extends Action>(actions: Iterable<Step>): Generator<Batch<Step>, void, undefined> {
  let directory = ROOT;
  let batch: Step[] = [];
  let unsettled: RelPath[] = [];
  const finished = function* (next?: RelPath): Generator<Batch<Step>> {
    if (batch.length > 0) yield [directory, batch];
    const settled = batch.length > 0 ? directory : next;
    for (const path of unsettled) if (path !== next && path !== settled) yield [path, []];
    batch = [];
    unsettled = [];
  };
  for (const action of actions) {
    const parent = parentPath(action.path);
    const isRoot = action.path === ROOT;
    if (!isRoot && (parent !== directory || batch.length === MOST_IN_BATCH)) {
      yield* finished(parent);
      directory = parent;
    }
    if (!isRoot) batch.push(action);
    if ("want" in action && action.want.kind === "directory") unsettled.push(action.path);
  }
  yield* finished();
}
