/**
 * What counts as a difference between two snapshots of an entry: everything that its metadata tell.
 *
 * @module
 */
import { DIFFERENCE, type Difference, differenceNames, differences } from "../compare/differences.ts";
import type { CompareRules } from "../compare/rules.ts";
import type { Entry } from "../model/entry.ts";
import { Listing } from "../model/listing.ts";

/** The rules. */
export const SNAPSHOT_RULES: CompareRules = {
  content: false,
  times: true,
  windowNanoseconds: 0,
  modes: true,
  owners: true,
  groups: true,
  settableGroups: undefined,
  xattrs: false,
};

/**
 * In what two entries of one kind differ.
 *
 * @param before The earlier one.
 * @param after The later one.
 * @returns The differences; the time of a directory does not count.
 */
export function entryDifferences(before: Entry, after: Entry): Difference[] {
  const [one, other] = [new Listing(), new Listing()];
  const name = new Uint8Array([0x61]);
  const nobody = { device: 0, inode: 0, links: 1 };
  one.addEntry(name, before, nobody);
  other.addEntry(name, after, nobody);
  const bits = differences(other, 0, one, 0, SNAPSHOT_RULES);
  return differenceNames(after.kind === "directory" ? bits & ~DIFFERENCE.time : bits);
}
