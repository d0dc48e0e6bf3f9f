/**
 * What a snapshot is made of. Where its entries come from is one field, so another kind of source changes nothing else.
 *
 * @module
 */
import { lentMemory } from "../../lib/apply/lent_files.ts";
import { printable } from "../../lib/bytes/printable.ts";
import { SyncError } from "../../lib/errors.ts";
import type { Env } from "../../lib/model/env.ts";
import { pathFrom, relationOf } from "../../lib/os/open_tree.ts";
import { type SnapshotName, snapshotTime } from "../../lib/snapshot/name.ts";
import { type StoredSnapshot, WORKING } from "../../lib/snapshot/store.ts";
import type { MirrorPair } from "../mirror/trees/pair.ts";
import type { ResolvedSnapshotOptions } from "./options.ts";

/** What a snapshot is made of. */
export interface SnapshotPair {
  /** Path of the source, as it was given. */
  readonly source: string;
  /** Path of the store, as it was given. */
  readonly store: string;
  /** Complete options. */
  readonly options: ResolvedSnapshotOptions;
  /** The world. */
  readonly env: Env;
}

/** What a new snapshot shares with. */
export interface SnapshotBases {
  /** The newest snapshot, if there is one. */
  readonly newest: SnapshotName | undefined;
  /** Paths of all trees to share with, the best first. */
  readonly paths: readonly string[];
  /** Whether two names in one of them may be one file. */
  readonly mayHaveInnerLinks: boolean;
  /** More files than the trees have, as far as that is known. */
  readonly files: number;
}

/**
 * Refuses a source and a store that lie in each other.
 *
 * @param pair The snapshot.
 * @throws {SyncError} code `"overlap"`.
 */
export function guardOverlap({ source, store }: SnapshotPair): void {
  const why = {
    apart: undefined,
    same: "they are the same directory",
    inside: "the source is in the store",
    around: "the store is in the source",
  }[relationOf(source, store)];
  if (why === undefined) return;
  throw new SyncError(
    "overlap",
    `Cannot take a snapshot of "${printable(source)}" into "${printable(store)}": ${why}`,
    {
      path: store,
      hint: "name a store outside of the source",
    },
  );
}

/** Files that are expected in a tree of which nothing is written down. */
const UNKNOWN_FILES = 4_000_000;

/**
 * Chooses what a new snapshot shares with: the newest, and when that lacks something the newest that is whole.
 *
 * @param pair The snapshot.
 * @param stored Snapshots of the store, oldest first.
 * @returns The trees.
 */
export function chooseBases({ store, options }: SnapshotPair, stored: readonly StoredSnapshot[]): SnapshotBases {
  const newest = stored.at(-1);
  if (options.share === "copy") return { newest: newest?.name, paths: [], mayHaveInnerLinks: false, files: 0 };
  const whole = stored.findLast(({ record }) => record === undefined || record.failures === 0);
  const chosen = [...new Set([newest, whole])].filter((each) => each !== undefined);
  const paths = [
    ...chosen.map(({ name }) => pathFrom(name, store)),
    ...options.linkDest.map((p) => pathFrom(p, store)),
  ];
  const isKnown = options.linkDest.length === 0 && chosen.every(({ record }) => record !== undefined);
  return {
    newest: newest?.name,
    paths,
    mayHaveInnerLinks: !isKnown || chosen.some(({ record }) => record!.innerLinks > 0),
    files: isKnown ? chosen.reduce((sum, { record }) => sum + record!.entries, 0) : UNKNOWN_FILES,
  };
}

/** How a clock that went back is told: names stay in order, whatever it says. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * What is said when the newest snapshot is from the future.
 *
 * @param now Milliseconds since 1970.
 * @param newest The newest snapshot, if there is one.
 * @returns The text; `undefined` when the clock is right.
 */
export function clockWarning(now: number, newest: SnapshotName | undefined): string | undefined {
  if (newest === undefined || snapshotTime(newest) <= now + CLOCK_TOLERANCE_MS) return undefined;
  return `The clock says ${
    new Date(now).toISOString().slice(0, 19)
  }Z, which is before the newest snapshot, ${newest}: ` +
    "the new one is named after that, so that order stays";
}

/** What an earlier run left is nobody's: all of it that does not belong to the new snapshot goes, whatever happens. */
const GOING_ON = {
  delete: true,
  deleteExcluded: true,
  ignoreErrors: true,
  maxDelete: Number.MAX_SAFE_INTEGER,
} as const;

/**
 * The mirror that builds a snapshot.
 *
 * @param pair The snapshot.
 * @param bases What it shares with.
 * @param goesOn Whether it goes on with what an earlier run left.
 * @param isDoubtful Whether contents of that have to be compared.
 * @returns The mirror into the working folder.
 */
export function workingMirror(
  { source, store, options, env }: SnapshotPair,
  bases: SnapshotBases,
  goesOn: boolean,
  isDoubtful: boolean,
): MirrorPair {
  const { mirror, share } = options;
  const { paths } = bases;
  return {
    source,
    destination: pathFrom(WORKING, store),
    env,
    options: {
      ...mirror,
      linkDest: share === "hard" ? paths : [],
      copyDest: share === "reflink" ? paths : [],
      // The task decides by itself what is written to the disk, and when.
      fsync: false,
      ...(goesOn ? GOING_ON : {}),
      ...(isDoubtful ? { checksum: true } : {}),
    },
    shared: {
      clones: share === "reflink",
      ...(share === "hard" && bases.mayHaveInnerLinks ? { lent: lentMemory(bases.files) } : {}),
    },
  };
}
