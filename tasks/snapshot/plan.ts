/**
 * The plan of a snapshot.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import { parentPath } from "../../lib/model/rel_path.ts";
import type { Tree } from "../../lib/model/tree.ts";
import { storedSnapshots, WORKING } from "../../lib/snapshot/store.ts";
import { entriesOf } from "../../lib/snapshot/store_files.ts";
import type { WatchOptions } from "../mirror/options/watch.ts";
import { type MirrorPlan, planMirror } from "../mirror/plan/plan.ts";
import type { MirrorPair } from "../mirror/trees/pair.ts";
import { openStoreToBe } from "./open_store.ts";
import { chooseBases, guardOverlap, type SnapshotPair, workingMirror } from "./pair.ts";
import type { SnapshotPlan, SnapshotWatch } from "./report.ts";
import { runSnapshot } from "./run.ts";
import { Telling } from "./telling.ts";

/**
 * Looks at the source and the store, and changes nothing.
 *
 * @param pair The snapshot.
 * @param watch How it is watched and stopped.
 * @returns The plan.
 * @throws {SyncError} when the snapshot would be refused.
 */
export async function planSnapshot(pair: SnapshotPair, watch: SnapshotWatch): Promise<SnapshotPlan> {
  guardOverlap(pair);
  const mirror = mirrorNow(pair);
  const telling = new Telling(pair, watch);
  const plan = await planMirror(mirror, { ...watch, ...telling.inner } as WatchOptions);
  return snapshotPlan(pair, plan, mirror);
}

/** The mirror that a run would do now. A store that is not there yet has nothing to share. */
function mirrorNow(pair: SnapshotPair): MirrorPair {
  const { store, options, env } = pair;
  const tree = openStoreToBe({ store, layer: options.mirror.layer, env });
  if (tree === undefined) return workingMirror(pair, chooseBases(pair, []), false, false);
  try {
    return workingMirror(pair, chooseBases(pair, storedSnapshots(tree)), hasLeftover(tree), false);
  } finally {
    tree.close();
  }
}

function hasLeftover(tree: Tree): boolean {
  return entriesOf(tree, parentPath(WORKING)).some(({ name }) => WORKING.endsWith(`/${name}`));
}

function snapshotPlan(pair: SnapshotPair, plan: MirrorPlan, planned: MirrorPair): SnapshotPlan {
  const { source, summary, causes, warnings, failures, failureCount, needs } = plan;
  return {
    source,
    destination: pair.store,
    summary,
    causes,
    warnings,
    failures,
    failureCount,
    needs,
    get refusal() {
      return plan.refusal;
    },
    [Symbol.asyncIterator]: () => plan[Symbol.asyncIterator](),
    close: () => plan.close(),
    apply: (watch = {}) =>
      runSnapshot(pair, watch, (mirror, inner) => {
        refuseOtherBases(planned, mirror);
        return plan.apply(inner as WatchOptions);
      }),
  };
}

function refuseOtherBases(planned: MirrorPair, now: MirrorPair): void {
  const [before, after] = [planned, now].map(({ options }) =>
    JSON.stringify([options.linkDest, options.copyDest, options.delete])
  );
  if (before === after) return;
  throw new SyncError("drift", "Cannot apply the plan: the store has changed since", { hint: "make a new plan" });
}
