/**
 * Hard links. All names of one inode are a group; the first in byte order is written (or is up to date), the others
 * become further names of it. If the first is missing and another is up to date, that one lends its inode, so that
 * nothing is copied.
 *
 * @module
 */
import { comparePaths, type RelPath } from "../model/rel_path.ts";
import type { Change } from "./action.ts";
import type { LinkCandidate } from "./directory_plan.ts";

/**
 * Decides what is done with all entries that have several names.
 *
 * @param candidates Entries with more than one link, from all directories.
 * @returns Changes in the order in which they have to be made.
 */
export function planHardLinks(candidates: readonly LinkCandidate[]): Change[] {
  const changes: Change[] = [];
  for (const group of groupsOf(candidates)) {
    const anchor = chooseAnchor(group);
    if (anchor.alone !== undefined) changes.push(anchor.alone);
    for (const member of group) {
      if (member !== anchor) addMember(changes, anchor, member);
    }
  }
  return changes;
}

function groupsOf(candidates: readonly LinkCandidate[]): LinkCandidate[][] {
  const groups = new Map<string, LinkCandidate[]>();
  for (const candidate of [...candidates].sort((a, b) => comparePaths(a.path, b.path))) {
    const group = groups.get(candidate.identity);
    if (group === undefined) groups.set(candidate.identity, [candidate]);
    else group.push(candidate);
  }
  return [...groups.values()];
}

function chooseAnchor(group: readonly LinkCandidate[]): LinkCandidate {
  const first = group[0]!;
  if (first.have !== undefined) return first;
  return group.find((member) => member.alone === undefined) ?? first;
}

function addMember(changes: Change[], anchor: LinkCandidate, member: LinkCandidate): void {
  const rewritten = anchor.alone !== undefined && anchor.alone.op !== "set-metadata";
  // Metadata belongs to the inode: what is set on the anchor is set on every name it has.
  if (!rewritten && member.existing !== undefined && member.existing === anchor.existing) return;
  changes.push({
    op: "link",
    path: member.path,
    to: anchor.path as RelPath,
    want: member.want,
    ...(member.have === undefined ? {} : { have: member.have }),
    // What else differs is told, too: it becomes right with the link.
    reasons: member.have === undefined ? ["missing"] : ["link", ...(member.alone?.reasons ?? [])],
  });
}
