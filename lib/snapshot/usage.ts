/**
 * What every snapshot of a store takes, by inodes. A file that several snapshots share is one inode with several names;
 * it takes its room once, and removing a snapshot frees it only when all of its names are there.
 *
 * All snapshots are walked together, a directory at a time. An inode of which all names were seen in one directory (of
 * all snapshots) is settled at once: that is every file that kept its path. Only others are remembered, such as files
 * with names in several directories or outside of the store. When there are more of these than a table is to hold, it
 * goes on with half of them and the rest gets a walk of its own; so memory is bounded whatever the store is like.
 *
 * @module
 */
import { type Listing, WORD, WORDS } from "../model/listing.ts";
import { type RelPath, ROOT } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { EntryFailure, Tree } from "../model/tree.ts";
import { InodeTable } from "./inode_table.ts";
import { type Place, walkTogether } from "./walk_together.ts";

/** What one snapshot takes. All are bytes that are allocated. */
export interface SnapshotUsage {
  /** All that is in it, whoever shares it. */
  readonly bytes: number;
  /** What it alone holds: removing it, and no other, frees this. */
  readonly ownBytes: number;
  /** What it has and the one before it has not. */
  readonly newBytes: number;
  /** What it has in common with the one before it. */
  readonly sharedBytes: number;
  /** What the one before it had, and it has not. */
  readonly droppedBytes: number;
  /** How many entries it has, its root included. */
  readonly entries: number;
}

/** What a store takes. */
export interface StoreUsage {
  /** What each snapshot takes, in the order given. */
  readonly snapshots: readonly SnapshotUsage[];
  /** What all take together, everything once. */
  readonly bytes: number;
}

/** How a store is measured. */
export interface UsageInit {
  /** The store. */
  readonly tree: Tree;
  /** Its snapshots, oldest first. */
  readonly snapshots: readonly RelPath[];
  /** How many inodes are remembered at one time. */
  readonly most: number;
  /** Receives what could not be looked at. */
  readonly failures: EntryFailure[];
}

const TWO_32 = 4_294_967_296;
const SECTOR = 512;

type Running = { -readonly [Key in keyof SnapshotUsage]: SnapshotUsage[Key] };

/** The inodes whose number leaves this remainder. */
interface Part {
  readonly divisor: number;
  readonly remainder: number;
}

/**
 * Measures.
 *
 * @param init What is measured.
 * @returns Steps; the result is what everything takes.
 */
export function* measureStore(init: UsageInit): Steps<StoreUsage> {
  const { tree, snapshots } = init;
  const tally = new Tally(snapshots.length);
  const parts: Part[] = [{ divisor: 1, remainder: 0 }];
  let isFirst = true;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const walk = new UsageWalk(init, tally, part, isFirst, parts);
    // What cannot be looked at is told once.
    yield* walkTogether(tree, snapshots, walk, isFirst ? init.failures : []);
    walk.settleRest();
    isFirst = false;
  }
  return { snapshots: tally.snapshots, bytes: tally.bytes };
}

/** The sums. */
class Tally {
  readonly snapshots: Running[];
  bytes = 0;

  constructor(count: number) {
    const nothing = { bytes: 0, ownBytes: 0, newBytes: 0, sharedBytes: 0, droppedBytes: 0, entries: 0 };
    this.snapshots = Array.from({ length: count }, () => ({ ...nothing }));
  }

  /** Adds an inode of which all is known that will be. */
  settle(table: InodeTable, slot: number): void {
    const allocated = table.allocated(slot);
    this.bytes += allocated;
    let holders = 0;
    let holder = -1;
    let wasIn = false;
    for (let snapshot = 0; snapshot < this.snapshots.length; snapshot++) {
      const isIn = table.isIn(slot, snapshot);
      const usage = this.snapshots[snapshot]!;
      if (isIn) {
        usage.bytes += allocated;
        if (wasIn) usage.sharedBytes += allocated;
        else usage.newBytes += allocated;
        holders++;
        holder = snapshot;
      } else if (wasIn) usage.droppedBytes += allocated;
      wasIn = isIn;
    }
    // A name outside of the snapshots keeps it, too.
    if (holders === 1 && table.isComplete(slot)) this.snapshots[holder]!.ownBytes += allocated;
  }

  /** A directory is always of one snapshot. */
  addDirectory(snapshot: number, allocated: number): void {
    const usage = this.snapshots[snapshot]!;
    this.bytes += allocated;
    usage.bytes += allocated;
    usage.ownBytes += allocated;
    usage.newBytes += allocated;
    const next = this.snapshots[snapshot + 1];
    if (next !== undefined) next.droppedBytes += allocated;
  }
}

/** One walk for the inodes of a part. */
class UsageWalk {
  readonly #tally: Tally;
  readonly #here: InodeTable;
  readonly #open: InodeTable;
  readonly #isFirst: boolean;
  readonly #most: number;
  readonly #others: Part[];
  #part: Part;
  #device = -1;

  constructor({ snapshots, most }: UsageInit, tally: Tally, part: Part, isFirst: boolean, others: Part[]) {
    this.#tally = tally;
    this.#here = new InodeTable(snapshots.length);
    this.#open = new InodeTable(snapshots.length);
    this.#isFirst = isFirst;
    this.#most = most;
    this.#part = part;
    this.#others = others;
  }

  *visit(path: RelPath, places: readonly Place[]): Steps {
    for (const { top, directory, listing } of places) {
      if (path === ROOT && this.#isFirst) {
        this.#tally.snapshots[top]!.entries++;
        this.#tally.addDirectory(top, directory.entry().allocated);
      }
      // The first entry of the first listing may be a mount point; the directory itself is of the store.
      if (this.#device < 0) this.#device = Number(directory.identity().split(":")[0]);
      this.#addListing(top, listing);
      yield;
    }
    for (const [inode, slot] of this.#here.entries()) {
      if (!this.#here.isComplete(slot)) this.#remember(inode, slot);
      else if (this.#isFirst) this.#tally.settle(this.#here, slot);
    }
    this.#here.clear();
  }

  #addListing(snapshot: number, listing: Listing): void {
    for (let index = 0; index < listing.count; index++) {
      if (listing.error(index) !== undefined) continue;
      const at = index * WORDS;
      const { words } = listing;
      if (this.#isFirst) this.#tally.snapshots[snapshot]!.entries++;
      // What is mounted in a snapshot takes its room elsewhere.
      if (words[at + WORD.device] !== this.#device) continue;
      const allocated = (words[at + WORD.blocksHigh]! * TWO_32 + words[at + WORD.blocksLow]!) * SECTOR;
      if (listing.isDirectory(index)) {
        if (this.#isFirst) this.#tally.addDirectory(snapshot, allocated);
        continue;
      }
      const inode = words[at + WORD.inodeHigh]! * TWO_32 + words[at + WORD.inodeLow]!;
      this.#here.see(this.#here.open(inode, allocated, words[at + WORD.links]!), snapshot);
    }
  }

  /** An inode that has further names somewhere else. */
  #remember(inode: number, slot: number): void {
    if (inode % this.#part.divisor !== this.#part.remainder) return;
    const here = this.#here;
    const open = this.#open;
    const at = open.open(inode, here.allocated(slot), here.links(slot));
    open.merge(at, here, slot);
    // Settled only when the walk is over: half of the table may have to go before, and is begun anew.
    if (open.size > this.#most) this.#split();
  }

  /** Goes on with half of the inodes; the others get a walk of their own. */
  #split(): void {
    const divisor = this.#part.divisor * 2;
    this.#others.push({ divisor, remainder: this.#part.remainder + this.#part.divisor });
    this.#part = { divisor, remainder: this.#part.remainder };
    for (const [inode] of [...this.#open.entries()]) {
      if (inode % divisor !== this.#part.remainder) this.#open.close(inode);
    }
  }

  settleRest(): void {
    for (const [, slot] of this.#open.entries()) this.#tally.settle(this.#open, slot);
    this.#open.clear();
  }
}
