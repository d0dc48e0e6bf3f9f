/**
 * Keeps directories that something else would take the place of, when they hold entries that are protected.
 *
 * @module
 */
import { printable } from "../../../lib/bytes/printable.ts";
import { SyncError } from "../../../lib/errors.ts";
import type { Entry } from "../../../lib/model/entry.ts";
import { baseName, type RelPath } from "../../../lib/model/rel_path.ts";
import type { EntryFailure, Tree } from "../../../lib/model/tree.ts";
import type { Action } from "../../../lib/plan/action.ts";
import type { DirectoryPlan } from "../../../lib/plan/directory_plan.ts";
import { type Keeper, walkSubtree } from "../../../lib/scan/subtree.ts";

/** What would take the place of something. */
interface Replacing {
  readonly path: RelPath;
  readonly have?: Entry | undefined;
}

/**
 * Takes the replacing of such directories out of a plan; it becomes a problem instead.
 *
 * @param plan The plan of one directory; changed in place.
 * @param destination The destination, if there is one.
 * @param keeper What is kept in the planned directory.
 */
export function keepReplaced(plan: DirectoryPlan, destination: Tree | undefined, keeper: Keeper): void {
  if (destination === undefined) return;
  const holds = (entry: Replacing) => isReplacedDirectory(entry) && holdsKept(destination, entry, keeper);
  takeOut(plan, plan.actions, (action) => replaces(action) && holds(action));
  takeOut(plan, plan.linked, holds);
}

/**
 * Whether an action may put something else in the place of a directory.
 *
 * @param action The action.
 * @returns `false` for what makes or keeps directories, and for leftovers.
 */
export function replaces({ op }: Action): boolean {
  return op !== "sweep" && op !== "set-metadata" && op !== "create-directory";
}

function isReplacedDirectory(entry: Replacing): entry is { path: RelPath; have: Entry } {
  return entry.have?.kind === "directory";
}

function takeOut<Item extends Replacing>(plan: DirectoryPlan, items: Item[], isKept: (item: Item) => boolean): void {
  const kept = items.filter((item) => isKept(item));
  if (kept.length === 0) return;
  for (const item of kept) items.splice(items.indexOf(item), 1);
  for (const { path } of kept) plan.problems.push({ path, error: protectedError(path), side: "destination" });
}

/** The walk leaves out every directory that holds something that is kept. */
function holdsKept(destination: Tree, { path, have }: { path: RelPath; have: Entry }, keeper: Keeper): boolean {
  const failures: EntryFailure[] = [];
  for (const walked of walkSubtree(destination, path, have, failures, keeper)) {
    if (walked.path === path) return false;
  }
  return true;
}

function protectedError(path: RelPath): SyncError {
  return new SyncError(
    "not-empty",
    `Cannot replace directory "${printable(baseName(path))}": it holds protected entries`,
    {
      path,
      hint: "the filter keeps them from being removed; move them away, or change the rules",
    },
  );
}
