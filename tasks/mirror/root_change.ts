/**
 * The metadata of the destination's root, which is no entry of any directory that is listed.
 *
 * @module
 */
import { DIFFERENCE, differences } from "../../lib/compare/differences.ts";
import type { Entry } from "../../lib/model/entry.ts";
import { Listing } from "../../lib/model/listing.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import type { Tree } from "../../lib/model/tree.ts";
import type { Change } from "../../lib/plan/action.ts";
import { changeFor } from "../../lib/plan/plan_directory.ts";
import type { MirrorRules } from "./rules.ts";

const NAME = new Uint8Array([0x2e]);
const NO_IDENTITY = { device: 0, inode: 0, links: 1 };

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
  const have = rootEntry(destination, rules);
  const found = differences(listingOf(want), 0, listingOf(have), 0, rules.plan.compare);
  const relevant = rules.plan.compare.times ? found : found & ~DIFFERENCE.time;
  return relevant === 0 ? undefined : changeFor(ROOT, want, have, relevant, false);
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

function listingOf(entry: Entry): Listing {
  const listing = new Listing();
  listing.clear();
  listing.addEntry(NAME, entry, NO_IDENTITY);
  return listing;
}
