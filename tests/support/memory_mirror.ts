/**
 * A mirror of one tree in memory over another, on one thread: every call can be failed, and the trees can be changed at
 * that very moment, so that races come out the same each time.
 */
import { addStagedWork, emptyStagedWork } from "../../lib/apply/staging.ts";
import type { StoreRules } from "../../lib/apply/store_folders.ts";
import { asSyncError, type Side, type SyncError, type SyncErrorCode } from "../../lib/errors.ts";
import type { MemoryTree } from "../../lib/model/memory_tree.ts";
import { comparePaths, type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Tree } from "../../lib/model/tree.ts";
import { finish } from "../../lib/model/steps.ts";
import type { Action } from "../../lib/plan/action.ts";
import { planHardLinks } from "../../lib/plan/hard_links.ts";
import { Frontier, frontierMemory, type Pending } from "../../lib/scan/frontier.ts";
import { type MirrorOptions, resolveOptions } from "../../tasks/mirror/options/options.ts";
import { mirrorRules } from "../../tasks/mirror/rules.ts";
import { groupByDirectory } from "../../tasks/mirror/run.ts";
import { type Pass, VISIT } from "../../tasks/mirror/threads/passes.ts";
import { Visitor } from "../../tasks/mirror/visit/visit.ts";

/** What came of it. */
export interface MemoryMirrored {
  /** Operations and paths that were carried out, in order. */
  readonly applied: string[];
  /** Paths that failed, with the class of the failure. */
  readonly failed: (readonly [path: string, code: SyncErrorCode])[];
  /** The side of each failure, where it is known. */
  readonly sides: (Side | undefined)[];
  /** What ended the run early. */
  readonly fatal: SyncErrorCode | undefined;
}

/** Where old entries are kept. */
export interface MemoryStore {
  /** The tree; a link into another one than the destination is not possible. */
  readonly tree: MemoryTree;
  /** Which part of it is used. */
  readonly rules: StoreRules;
}

/** Mirrors; deletions are not guarded here. */
export function mirrorInMemory(
  source: Tree,
  destination: MemoryTree,
  options: MirrorOptions = {},
  store?: MemoryStore,
): MemoryMirrored {
  const resolved = resolveOptions(options, 1);
  const rules = mirrorRules(resolved, source.capabilities, destination.capabilities, store?.rules);
  const applied: string[] = [];
  const failed: (readonly [string, SyncErrorCode])[] = [];
  const sides: (Side | undefined)[] = [];
  const listener = {
    applied: ({ op, path }: Action) => void applied.push(`${op} ${path}`),
    failed: (path: RelPath, { code, side }: SyncError) => {
      failed.push([path, code]);
      sides.push(side);
    },
    copied() {},
    leftBehind() {},
    looked() {},
    planned() {},
    approveDeletion() {},
    isSourceUnread: () => false,
  };
  const visitor = new Visitor({
    ...{ source, destination, store: store?.tree, rules, listener, runId: "0123456789ab", keepActions: false },
  });
  const pass = (which: Pass, seeds: readonly Pending[]) => {
    const frontier = new Frontier(frontierMemory());
    for (const { path, flags } of seeds) frontier.push(path, flags);
    for (let next = frontier.take(); next !== undefined; next = frontier.take()) {
      finish(visitor.visit(which, next, frontier));
    }
    return take();
  };
  const staged = emptyStagedWork();
  const take = () => {
    const found = visitor.takeFindings();
    addStagedWork(staged, found.staged);
    return found;
  };
  const switchAll = () => {
    const work = visitor.switchOf(staged);
    finish(work.prepare());
    const directories = [...new Set(staged.directories)].sort(comparePaths);
    staged.held.length = 0;
    work.now();
    finish(work.finish());
    for (const path of directories) finish(visitor.settleIn(path));
    return take().deletions;
  };
  let fatal: SyncErrorCode | undefined;
  try {
    const found = pass("write", [{ path: ROOT, flags: VISIT.settle }]);
    for (const [path, actions] of groupByDirectory(planHardLinks(found.linked))) finish(visitor.applyIn(path, actions));
    const aside = take().deletions;
    const switched = resolved.delayUpdates ? switchAll() : [];
    const directories = new Set([...found.deletions, ...aside, ...switched]);
    pass("delete", [...directories].map((path) => ({ path, flags: VISIT.flat })));
    if (resolved.removeSourceFiles) pass("remove-source", [{ path: ROOT, flags: 0 }]);
  } catch (thrown) {
    fatal = asSyncError(thrown).code;
    take();
    finish(visitor.discard(staged));
  }
  return { applied, failed, sides, fatal };
}
