/**
 * The module that threads of pruning run: each removes the trees that it is told to, one after the other.
 *
 * @module
 */
import { clearTree } from "../../lib/apply/clear_tree.ts";
import { asSyncError } from "../../lib/errors.ts";
import { type Failure, toFailure } from "../../lib/model/event.ts";
import type { RelPath } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import type { Tree } from "../../lib/model/tree.ts";
import type { NativeTicket } from "../../lib/os/native_tree.ts";
import { adoptTree } from "../../lib/os/open_tree.ts";
import { parentThread } from "../../lib/os/threads.ts";
import { walkSubtree } from "../../lib/scan/subtree.ts";

/** First message to a worker. */
export interface WorkerInit {
  /** The store. */
  readonly store: NativeTicket;
}

/** Further messages to a worker. */
export interface WorkerOrder {
  /** The tree to remove. */
  readonly path: RelPath;
}

/** Messages of a worker. */
export type WorkerMessage =
  /** So many entries more are gone. */
  | { readonly type: "removed"; readonly count: number }
  | { readonly type: "failed"; readonly failure: Failure }
  /** The tree is done; why the thread could not go on, if it could not. */
  | { readonly type: "cleared"; readonly fatal: Failure | undefined };

/** Entries that are told at once. */
const BATCH = 2000;

const parent = parentThread();
let store: Tree | undefined;

parent.onMessage((message) => {
  const told = message as WorkerInit | WorkerOrder;
  if ("store" in told) store = adoptTree(told.store);
  else if (store !== undefined) clear(store, told.path);
});

function post(message: WorkerMessage): void {
  parent.post(message);
}

function clear(tree: Tree, path: RelPath): void {
  let fatal: Failure | undefined;
  let count = 0;
  const tell = () => {
    if (count > 0) post({ type: "removed", count });
    count = 0;
  };
  try {
    finish(clearTree(tree, path, walkSubtree, {
      removed(more) {
        count += more;
        if (count >= BATCH) tell();
      },
      failed: (failed, error) => post({ type: "failed", failure: toFailure(failed, error) }),
    }));
  } catch (thrown) {
    fatal = toFailure(path, asSyncError(thrown));
  }
  tell();
  post({ type: "cleared", fatal });
}
