/**
 * Hard links. All names of one inode are a group; one of them, the anchor, is right or is made right, the others become
 * further names of it. A name that is up to date is the anchor before all others, so that nothing is copied and
 * nothing that is right can be lost; then one that lacks metadata only; else the first of the first directory, since
 * changes are carried out directory by directory and the anchor has to be there before its links.
 *
 * @module
 */
import { comparePaths, parentPath } from "../model/rel_path.ts";
import type { Change, Reason } from "./action.ts";
import type { LinkCandidate } from "./directory_plan.ts";
import { creationOf } from "./plan_directory.ts";

/**
 * Decides what is done with all entries that have several names.
 *
 * @param candidates Entries with more than one link on either side, from all directories.
 * @returns Changes in the order in which they have to be made.
 */
export function planHardLinks(candidates: readonly LinkCandidate[]): Change[] {
  const changes: Change[] = [];
  const groups = groupsOf(candidates);
  const keepers = keepersOf(groups);
  for (const all of groups) {
    const group = all.map((candidate) => setApart(candidate, keepers));
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
  for (const candidate of [...candidates].sort(byDirectory)) {
    const group = groups.get(candidate.identity);
    if (group === undefined) groups.set(candidate.identity, [candidate]);
    else group.push(candidate);
  }
  return [...groups.values()];
}

/** Which group keeps a file of the destination that names of several groups share: the first that finds it right. */
function keepersOf(groups: readonly (readonly LinkCandidate[])[]): ReadonlyMap<string, string> {
  const keepers = new Map<string, string>();
  for (const kept of [undefined, "set-metadata"]) {
    for (const { existing, alone, identity } of groups.flat()) {
      if (existing !== undefined && alone?.op === kept && !keepers.has(existing)) keepers.set(existing, identity);
    }
  }
  return keepers;
}

/** A name whose file another group keeps has to become a file of its own: what is set on one would be set on both. */
function setApart(candidate: LinkCandidate, keepers: ReadonlyMap<string, string>): LinkCandidate {
  const { path, want, have, existing, alone, identity } = candidate;
  if (existing === undefined || keepers.get(existing) === identity) return candidate;
  if (alone !== undefined && alone.op !== "set-metadata") return candidate;
  const reasons: readonly Reason[] = ["link", ...(alone?.reasons ?? [])];
  const change = { op: creationOf(want), path, want, ...(have === undefined ? {} : { have }), reasons };
  return { ...candidate, existing: undefined, alone: change };
}

/** The order in which changes are carried out; `b/x` comes after `c`. */
function byDirectory(a: LinkCandidate, b: LinkCandidate): number {
  return comparePaths(parentPath(a.path), parentPath(b.path)) || comparePaths(a.path, b.path);
}

function chooseAnchor(group: readonly LinkCandidate[]): LinkCandidate {
  return group.find(({ alone }) => alone === undefined) ?? group.find(({ alone }) => alone?.op === "set-metadata") ??
    group[0]!;
}

function addMember(changes: Change[], anchor: LinkCandidate, member: LinkCandidate): void {
  const rewritten = anchor.alone !== undefined && anchor.alone.op !== "set-metadata";
  // Metadata belongs to the inode: what is set on the anchor is set on every name it has.
  if (!rewritten && member.existing !== undefined && member.existing === anchor.existing) return;
  changes.push({
    op: "link",
    path: member.path,
    to: anchor.path,
    want: member.want,
    ...(member.have === undefined ? {} : { have: member.have }),
    ...(anchor.alone === undefined && anchor.have !== undefined ? { toHave: anchor.have } : {}),
    // What else differs is told, too: it becomes right with the link.
    reasons: member.have === undefined
      ? ["missing"]
      : ["link", ...(member.alone?.reasons ?? []).filter((reason) => reason !== "link")],
  });
}
