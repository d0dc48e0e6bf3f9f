/**
 * Takes a snapshot: the store is locked, the working folder is made equal to the source by a mirror that shares what
 * did not change, and becomes a snapshot by one rename. Whatever ends the run before that leaves the working folder to
 * the next one, and all that was published as it was.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import { Listing } from "../../lib/model/listing.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import type { Directory, Tree } from "../../lib/model/tree.ts";
import { openTree, pathFrom } from "../../lib/os/open_tree.ts";
import { thisProcess } from "../../lib/os/process_identity.ts";
import { guardEmptySource } from "../../lib/plan/guards.ts";
import { hasChanges } from "../../lib/plan/summary.ts";
import { countShared, type SharedCounts } from "../../lib/snapshot/census.ts";
import { snapshotPath, storedSnapshots, WORKING } from "../../lib/snapshot/store.ts";
import { beginWork, removeLostRecords } from "../../lib/snapshot/working.ts";
import type { MirrorReport } from "../mirror/report.ts";
import { runMirror } from "../mirror/run.ts";
import type { MirrorPair } from "../mirror/trees/pair.ts";
import { lockStore, openOrMakeStore } from "./open_store.ts";
import {
  chooseBases,
  clockWarning,
  guardOverlap,
  type SnapshotBases,
  type SnapshotPair,
  workingMirror,
} from "./pair.ts";
import { publishWorking } from "./publish.ts";
import type { SnapshotReport, SnapshotRunOptions, SnapshotWatch } from "./report.ts";
import type { Taking } from "./taking.ts";
import { joinReports, Telling } from "./telling.ts";

/** Makes the working folder equal to the source; a plan brings its own. */
export type Build = (mirror: MirrorPair, watch: SnapshotRunOptions) => Promise<MirrorReport>;

/**
 * Takes a snapshot.
 *
 * @param pair What it is made of.
 * @param watch How it is watched and stopped.
 * @param build Builds the tree. @default {a mirror}
 * @returns The report.
 * @throws {SyncError} when it was refused or could not go on; nothing was published then.
 */
export async function runSnapshot(
  pair: SnapshotPair,
  watch: SnapshotRunOptions,
  build: Build = (mirror, inner) => runMirror(mirror, inner as Parameters<typeof runMirror>[1]),
): Promise<SnapshotReport> {
  const telling = new Telling(pair, watch);
  try {
    const signal = AbortSignal.any([pair.options.mirror.signal, watch.signal].filter((each) => each !== undefined));
    guardOverlap(pair);
    const access = { store: pair.store, layer: pair.options.mirror.layer, env: pair.env };
    const tree = openOrMakeStore(access);
    try {
      const lock = await lockStore(tree, access, { lockWait: pair.options.lockWait, signal });
      try {
        return await takeLocked(begin(pair, tree, telling, signal), watch, build);
      } finally {
        lock.release();
      }
    } finally {
      tree.close();
    }
  } catch (thrown) {
    return telling.fail(thrown);
  }
}

function begin(pair: SnapshotPair, tree: Tree, telling: Telling, signal: AbortSignal): Taking {
  const started = pair.env.wallClock();
  const bases = chooseBases(pair, storedSnapshots(tree));
  const warning = clockWarning(started, bases.newest);
  if (warning !== undefined) telling.warn({ name: "clock-behind", message: warning });
  guardEmpty(pair, tree, bases);
  removeLostRecords(tree);
  return { pair, tree, bases, leftover: beginWork(tree, thisProcess().boot), started, telling, signal };
}

/** An empty source is most often one that is not mounted. */
function guardEmpty({ source, options }: SnapshotPair, tree: Tree, { newest }: SnapshotBases): void {
  if (newest === undefined || options.mirror.allowEmptySource) return;
  let opened: Tree;
  try {
    opened = openTree(source, options.mirror.layer);
  } catch {
    return; // the mirror says what is wrong with it
  }
  try {
    if (countEntries(opened.open(ROOT), 1) > 0) return;
    guardEmptySource(0, countEntries(tree.open(snapshotPath(newest)), Infinity), false);
  } finally {
    opened.close();
  }
}

function countEntries(directory: Directory, enough: number): number {
  const listing = new Listing();
  try {
    listing.clear();
    while (listing.count < enough && directory.list(listing));
    return listing.count;
  } finally {
    directory.close();
  }
}

async function takeLocked(taking: Taking, watch: SnapshotRunOptions, build: Build): Promise<SnapshotReport> {
  const { pair, bases, leftover, telling, signal } = taking;
  const mirror = workingMirror(pair, bases, leftover !== "none", leftover === "doubtful");
  const inner = { ...telling.inner, signal, ...(watch.totals === undefined ? {} : { totals: watch.totals }) };
  const built = await build(mirror, inner as SnapshotRunOptions);
  requireSpace(built);
  const { report, again } = await lookAgain(taking, built, inner as SnapshotWatch);
  const counts = leftover === "none" && !again ? countsOf(pair, report) : await countTree(taking);
  return telling.end(report, publishWorking(taking, report, counts));
}

/** A tree that lacks what did not fit is no snapshot. */
function requireSpace({ causes, failures }: MirrorReport): void {
  const failed = (causes["no-space"]?.failed ?? 0) + (causes["file-too-large"]?.failed ?? 0);
  if (failed === 0) return;
  const first = failures.find(({ code }) => code === "no-space" || code === "file-too-large");
  throw new SyncError(first?.code ?? "no-space", first?.message ?? "Cannot take the snapshot: not everything fits", {
    path: first?.path,
    hint: "make room; the next run goes on with what is there already",
  });
}

const MOST_LOOKS = 4;

/**
 * Mirrors once more, until nothing is left to do: to verify contents, or to set files apart that an earlier run may have
 * made one.
 */
async function lookAgain(
  { pair, bases, leftover }: Taking,
  built: MirrorReport,
  watch: SnapshotWatch,
): Promise<{ readonly report: MirrorReport; readonly again: boolean }> {
  const { verify, share } = pair.options;
  const mayBeOne = leftover !== "none" && share === "hard" && bases.mayHaveInnerLinks;
  if (!verify && !mayBeOne) return { report: built, again: false };
  const mirror = workingMirror(pair, bases, true, verify);
  let report = built;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const quiet = { ...mirror, options: { ...mirror.options, expect: {} } };
    const next = await runMirror(quiet, watch as Parameters<typeof runMirror>[1]);
    requireSpace(next);
    const isSame = !hasChanges(next.done);
    report = joinReports(report, next);
    if (isSame) return { report, again: looks > 0 };
    if (!verify) return { report, again: true };
  }
  throw new SyncError("changed-while-read", "Cannot verify the snapshot: the source keeps changing", {
    hint: "run again when it is at rest; the next run goes on with what is there already",
  });
}

/** What a run that made everything knows. */
function countsOf({ options }: SnapshotPair, { done, clonedFiles = 0, clonedBytes = 0 }: MirrorReport): SharedCounts {
  const isHard = options.share === "hard";
  return {
    entries: done.created,
    sharedFiles: isHard ? done.basisLinked : clonedFiles,
    sharedBytes: isHard ? done.basisBytes : clonedBytes,
    newFiles: done.files - clonedFiles,
    newBytes: done.bytes - clonedBytes,
    innerLinks: done.linked,
  };
}

/** What a run that went on with another has to look for. */
async function countTree({ pair, bases }: Taking): Promise<SharedCounts> {
  const { layer } = pair.options.mirror;
  const trees: Tree[] = [];
  try {
    for (const path of [pathFrom(WORKING, pair.store), ...bases.paths]) {
      const tree = openIfThere(path, layer);
      if (tree !== undefined) trees.push(tree);
    }
    const steps = countShared(trees[0]!, trees.slice(1));
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await pair.env.turn();
    }
  } finally {
    for (const tree of trees) tree.close();
  }
}

function openIfThere(path: string, layer: Parameters<typeof openTree>[1]): Tree | undefined {
  try {
    return openTree(path, layer);
  } catch {
    return undefined; // nothing is shared with what is not there; that was told before
  }
}
