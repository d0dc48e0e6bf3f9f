/**
 * Asks before the first change whether everything will fit. A run that surveys knows what it needs. One that goes in a
 * single pass is held against the whole file system of its source, which costs one call: when all of that would fit, so
 * does what is mirrored. Where this proves nothing, the run surveys first.
 *
 * @module
 */
import type { Degradation } from "../../../lib/model/capabilities.ts";
import type { Space } from "../../../lib/model/space.ts";
import { countsLinks, mayShareContent, surelyFits } from "../../../lib/model/space.ts";
import type { Tree } from "../../../lib/model/tree.ts";
import { mayHoldMounts, spaceAbove } from "../../../lib/os/open_tree.ts";
import { guardSpace, type SpaceNeed, type SpaceRules } from "../../../lib/plan/space_need.ts";
import type { MirrorPair } from "./pair.ts";

/** What is said where the room is not known. */
export const SPACE_UNKNOWN: Degradation = {
  name: "space-unknown",
  message: "The free space of the destination cannot be asked for: a full disk shows only when it is full",
};

/** File systems on which a new directory takes a block at once; on others it is kept small, or costs nothing. */
const DIRECTORY_TAKES_BLOCK: ReadonlySet<string> = new Set(["ext4"]);

/**
 * How much room there is at the destination.
 *
 * @param pair The mirror.
 * @param destination The destination, if it exists.
 * @returns The room; `undefined` when nobody wants to know, or the file system does not say.
 */
export function destinationSpace(pair: MirrorPair, destination: Tree | undefined): Space | undefined {
  if (!pair.options.preflight) return undefined;
  return destination === undefined ? spaceAbove(pair.destination, pair.options.layer) : destination.space();
}

/**
 * What decides how much room an entry takes at the destination.
 *
 * @param pair The mirror.
 * @param source The source.
 * @param destination The destination, if it exists.
 * @returns The rules; `undefined` when the room is not asked for or not known.
 */
export function spaceRules(pair: MirrorPair, source: Tree, destination: Tree | undefined): SpaceRules | undefined {
  const space = destinationSpace(pair, destination);
  if (space === undefined) return undefined;
  const { options } = pair;
  const sourceSpace = source.space();
  return {
    blockBytes: space.blockBytes,
    directoryBytes: DIRECTORY_TAKES_BLOCK.has(space.type) ? space.blockBytes : 0,
    linkEntries: countsLinks(space) ? 1 : 0,
    sparse: keepsHoles(pair, source, destination),
    shares: sourceSpace !== undefined && mayShareContent(sourceSpace, space),
    sharesWithin: mayShareContent(space, space),
    keepsOld: options.delayUpdates || options.backup || options.backupDir !== undefined || options.trash !== undefined,
    inPlace: options.inplace || options.append || options.appendVerify,
    width: options.jobs,
  };
}

function keepsHoles({ options }: MirrorPair, source: Tree, destination: Tree | undefined): boolean {
  return options.sparse && source.capabilities.holes && (destination ?? source).capabilities.holes;
}

/**
 * Whether everything is certain to fit, without looking at a single entry.
 *
 * The source cannot need more than its whole file system holds, as long as all of it is on that file system (nothing is
 * mounted below it, no symlink is followed out of it), no name becomes a file of its own, and no hole becomes zeros.
 *
 * @param pair The mirror.
 * @param source The source.
 * @param destination The destination, if it exists.
 * @returns `true` also when the room is not known, since then nothing can be refused.
 */
export function fitsForSure(pair: MirrorPair, source: Tree, destination: Tree | undefined): boolean {
  const there = destinationSpace(pair, destination);
  if (there === undefined) return true;
  const here = source.space();
  const { hardLinks, copyLinks, copyUnsafeLinks } = pair.options;
  const isOnceOnly = hardLinks && !copyLinks && !copyUnsafeLinks;
  return here !== undefined && isOnceOnly && keepsHoles(pair, source, destination) &&
    surelyFits(here, there) && !mayHoldMounts(pair.source);
}

/**
 * Refuses a run for which there is not enough room.
 *
 * @param pair The mirror.
 * @param destination The destination, if it exists.
 * @param need What is needed, if it is known.
 * @param deletions Entries that would be deleted.
 * @throws {SyncError} code `"no-space"`.
 */
export function checkSpace(
  pair: MirrorPair,
  destination: Tree | undefined,
  need: SpaceNeed | undefined,
  deletions: number,
): void {
  const space = need === undefined ? undefined : destinationSpace(pair, destination);
  if (space !== undefined) guardSpace(need!, space, deletions);
}
