/**
 * The metadata of the destination's root, which is no entry of any directory that is listed.
 *
 * @module
 */
import type { Entry } from "../../../lib/model/entry.ts";
import { ROOT } from "../../../lib/model/rel_path.ts";
import type { Tree } from "../../../lib/model/tree.ts";
import type { Change } from "../../../lib/plan/action.ts";
import { changeBetween } from "../../../lib/plan/entry_change.ts";
import { changeFor } from "../../../lib/plan/plan_directory.ts";
import type { MirrorRules } from "../rules.ts";

/**
 * What has to be done with the root itself.
 *
 * @param source The source.
 * @param destination The destination, or none when it is still to be made.
 * @param rules What counts.
 * @returns The change, or `undefined`.
 */
export function rootChange(source: Tree, destination: Tree | undefined, rules: MirrorRules): Change | undefined {
  const want = rootEntry(source, rules);
  if (destination === undefined) return changeFor(ROOT, want, undefined, 0, false);
  if (rules.leavesRoot) return undefined;
  return changeBetween(ROOT, want, rootEntry(destination, rules), rules.plan);
}

function rootEntry(tree: Tree, rules: MirrorRules): Entry {
  const directory = tree.open(ROOT);
  try {
    const entry = directory.entry();
    return rules.xattrs === undefined ? entry : { ...entry, xattrs: directory.xattrs(undefined, rules.xattrs) };
  } finally {
    directory.close();
  }
}
