/**
 * Removing from one directory of the source what the destination has: all of it in a run, or what a plan names.
 *
 * @module
 */
import { cannotRemove, removeFromSource } from "../../../lib/apply/remove_source.ts";
import { asSyncError, atPath, type SyncError } from "../../../lib/errors.ts";
import { baseName, type RelPath } from "../../../lib/model/rel_path.ts";
import type { Steps } from "../../../lib/model/steps.ts";
import type { Directory } from "../../../lib/model/tree.ts";
import type { Action, RemoveSource } from "../../../lib/plan/action.ts";
import type { DirectoryPlan, Moving } from "../../../lib/plan/directory_plan.ts";
import { sameContent } from "./same_content.ts";

/** Entries that are removed between two steps. */
const STEP_EVERY = 64;

/** Who hears of it. */
interface Hearing {
  applied(action: Action): void;
  failed(path: RelPath, error: SyncError): void;
}

/** The directory on both sides. */
interface Sides {
  readonly source: Directory;
  readonly destination: Directory;
}

/**
 * The action that removes an entry.
 *
 * @param moving The entry.
 * @returns The action.
 */
export function removalOf({ path, want }: Moving): RemoveSource {
  return { op: "remove-source", path, want, reasons: ["arrived"] };
}

/**
 * Leaves out what is not at the destination and will not be: what was found in another tree, or could not be judged.
 *
 * @param plan The plan of one directory; changed in place.
 */
export function leaveOutAbsent(plan: DirectoryPlan): void {
  if (plan.moving.every(({ arrived }) => arrived)) return;
  const coming = new Set<RelPath>();
  for (const { path } of plan.actions) coming.add(path);
  for (const { path } of plan.linked) coming.add(path);
  let count = 0;
  for (const each of plan.moving) {
    if (each.arrived || coming.has(each.path)) plan.moving[count++] = each;
  }
  plan.moving.length = count;
}

/**
 * Removes everything that has arrived; why something has not was told before.
 *
 * @param hearing Hears of it.
 * @param sides The directory.
 * @param moving Its entries.
 * @param failed Entries of which it is not known whether they have arrived.
 * @returns Steps.
 */
export function* removeArrived(
  hearing: Hearing,
  sides: Sides,
  moving: readonly Moving[],
  failed: ReadonlySet<RelPath>,
): Steps {
  let count = 0;
  for (const each of moving) {
    if (each.arrived && !failed.has(each.path)) yield* remove(hearing, sides, each);
    if (++count % STEP_EVERY === 0) yield;
  }
}

/**
 * Removes what a plan names, as far as it has arrived.
 *
 * @param hearing Hears of it.
 * @param sides The directory.
 * @param actions What the plan names there.
 * @param moving Its entries as they are now.
 * @param isTold Whether it was told already why an entry is not at the destination.
 * @returns Steps.
 */
export function* removePlanned(
  hearing: Hearing,
  sides: Sides,
  actions: readonly RemoveSource[],
  moving: readonly Moving[],
  isTold: (path: RelPath) => boolean,
): Steps {
  const known = new Map(moving.map((each) => [each.path, each]));
  let count = 0;
  for (const { path, want } of actions) {
    const now = known.get(path);
    // The plan's own entry is compared: it may have changed since.
    if (now?.arrived === true && !isTold(path)) yield* remove(hearing, sides, { ...now, want });
    else if (!isTold(path)) hearing.failed(path, cannotRemove(path, "vanished", whyNot(now)));
    if (++count % STEP_EVERY === 0) yield;
  }
}

function whyNot(now: Moving | undefined): string {
  return now === undefined ? "it is not in the source any more" : "the destination does not have it as it is";
}

function* remove(hearing: Hearing, { source, destination }: Sides, moving: Moving): Steps {
  try {
    if (moving.isUnproven && !(yield* sameContent(source, destination, baseName(moving.path)))) {
      throw cannotRemove(moving.path, "vanished", "the destination does not have it as it is");
    }
    removeFromSource(source, destination, moving);
    hearing.applied(removalOf(moving));
  } catch (thrown) {
    hearing.failed(moving.path, atPath(asSyncError(thrown), moving.path));
  }
}
