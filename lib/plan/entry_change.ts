/**
 * What has to be done with one entry that is known on both sides, outside of a listing.
 *
 * @module
 */
import { DIFFERENCE, differences } from "../compare/differences.ts";
import { type Entry, typeBits } from "../model/entry.ts";
import { Listing } from "../model/listing.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Change } from "./action.ts";
import type { PlanRules } from "./directory_plan.ts";
import { changeFor } from "./plan_directory.ts";

const NAME = new Uint8Array([0x2e]);
const NO_IDENTITY = { device: 0, inode: 0, links: 1 };

/**
 * The change that makes an entry right. Contents are not looked at.
 *
 * @param path Path of the entry.
 * @param want What the source has.
 * @param have What the destination has.
 * @param rules What counts.
 * @returns The change, or `undefined` when nothing differs.
 */
export function changeBetween(path: RelPath, want: Entry, have: Entry, rules: PlanRules): Change | undefined {
  const { compare, choice } = rules;
  const contentCompared = compare.content || choice?.sizeOnly === true;
  if (typeBits(want.kind) !== typeBits(have.kind)) return changeFor(path, want, have, 0, contentCompared);
  let found = differences(listingOf(want), 0, listingOf(have), 0, compare);
  if (!compare.times) found &= ~DIFFERENCE.time;
  if (choice?.ignoreTimes === true && want.kind === "file") found |= DIFFERENCE.forced;
  return found === 0 ? undefined : changeFor(path, want, have, found, contentCompared);
}

function listingOf(entry: Entry): Listing {
  const listing = new Listing();
  listing.clear();
  listing.addEntry(NAME, entry, NO_IDENTITY);
  return listing;
}
