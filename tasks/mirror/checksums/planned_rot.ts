/**
 * Looks for decayed files among those that a plan is to write, directly before it is carried out: they may have decayed
 * since it was made.
 *
 * @module
 */
import type { RelPath } from "../../../lib/model/rel_path.ts";
import type { Tree } from "../../../lib/model/tree.ts";
import type { Action } from "../../../lib/plan/action.ts";
import { batchesOf } from "../../../lib/plan/batches.ts";
import { openIfThere } from "../../../lib/scan/open_if_there.ts";
import { stopped } from "../threads/crew.ts";
import type { WatchOptions } from "../options/watch.ts";
import type { MirrorPair } from "../trees/pair.ts";
import type { Ledger } from "./ledger.ts";
import { loadLedger } from "./load_ledger.ts";
import { checksumRules, guardRot, rottenFailures } from "./rules.ts";

/**
 * Refuses a plan that would carry what decayed.
 *
 * @param pair The mirror.
 * @param actions Files that are to be written, a directory at a time.
 * @param source The source.
 * @param watch Signal and listener.
 * @throws {SyncError} code `"source-rotten"`, `"catalog-unusable"`.
 */
export async function refuseRot(
  pair: MirrorPair,
  actions: Iterable<Action>,
  source: Tree,
  watch: WatchOptions,
): Promise<void> {
  const rules = checksumRules(pair);
  if (rules?.guards !== true) return;
  const ledger = (await loadLedger(rules, pair.env))!();
  const isStopped = () => pair.options.signal?.aborted === true || watch.signal?.aborted === true;
  try {
    for (const [path, batch] of batchesOf(actions)) {
      await lookIn(ledger, source, path, batch, async () => {
        await pair.env.turn();
        if (isStopped()) throw stopped();
      });
    }
    const found = ledger.take();
    for (const failure of rottenFailures(found)) watch.onEvent?.({ type: "failure", failure });
    guardRot(found);
  } finally {
    ledger.close();
  }
}

async function lookIn(
  ledger: Ledger,
  source: Tree,
  path: RelPath,
  actions: readonly Action[],
  pause: () => Promise<void>,
): Promise<void> {
  const directory = openIfThere(source, path);
  if (directory === undefined) return; // it was there when the plan was compared with it; whoever copies tells
  const steps = ledger.guard(path, directory, actions);
  try {
    while (steps.next().done !== true) await pause();
  } finally {
    steps.return();
    directory.close();
  }
  await pause();
}
