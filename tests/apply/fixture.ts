/** Two trees in memory, a context that remembers what it hears, and the carrying out of actions between them. */
import { applyChanges } from "../../lib/apply/apply_changes.ts";
import { ApplyContext, type ApplyRules } from "../../lib/apply/context.ts";
import { isTemporaryName } from "../../lib/model/leftover.ts";
import type { Entry } from "../../lib/model/entry.ts";
import {
  type MemoryOperation,
  type MemoryTree,
  memoryTree,
  type MemoryTreeOptions,
  type TreeLiteral,
} from "../../lib/model/memory_tree.ts";
import { baseName, parentPath, parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Steps } from "../../lib/model/steps.ts";
import { finish } from "../../lib/model/steps.ts";
import type { Directory } from "../../lib/model/tree.ts";
import type { Action, Change } from "../../lib/plan/action.ts";
import { changeFor } from "../../lib/plan/plan_directory.ts";
import { walkSubtree } from "../../lib/scan/subtree.ts";

/** Everything is carried but extended attributes. */
export const RULES: ApplyRules = {
  ...{ modes: true, times: true, owners: true, groups: true, settableGroups: undefined, sparse: true },
  ...{ xattrs: undefined, deletes: true, privileged: true },
};

/** What a test can change. */
export interface PairOptions {
  /** Rules that differ. */
  readonly rules?: Partial<ApplyRules>;
  /** Options of the source. */
  readonly source?: MemoryTreeOptions;
  /** Options of the destination. */
  readonly destination?: MemoryTreeOptions;
}

/** A source, a destination, and what was heard. */
export class Pair {
  /** The source. */
  readonly source: MemoryTree;
  /** The destination. */
  readonly destination: MemoryTree;
  /** The context. */
  readonly context: ApplyContext;
  /** Actions that were carried out: operation and path. */
  readonly applied: string[] = [];
  /** Failures: code, path of the outcome, path of the error. */
  readonly failed: string[] = [];
  /** Directories in which something was moved aside. */
  readonly leftBehind: string[] = [];
  /** Bytes that arrived. */
  copied = 0;
  /** Bytes that were there already. */
  spared = 0;
  /** Files that could not be changed where they are. */
  notInPlace = 0;

  /** Makes both trees. */
  constructor(source: TreeLiteral, destination: TreeLiteral, options: PairOptions = {}) {
    this.source = memoryTree(source, options.source);
    this.destination = memoryTree(destination, options.destination);
    const outcome = {
      applied: (action: Action) => void this.applied.push(`${action.op} ${action.path}`),
      failed: (path: string, error: { code: string; path: string | undefined }) =>
        void this.failed.push(`${error.code} ${path}${error.path === path ? "" : ` (${error.path})`}`),
      copied: (bytes: number) => void (this.copied += bytes),
      spared: (bytes: number) => void (this.spared += bytes),
      notInPlace: () => void this.notInPlace++,
      leftBehind: (path: string) => void this.leftBehind.push(path),
      mayDelete: () => true,
    };
    const rules = { ...RULES, ...options.rules };
    this.context = new ApplyContext(this.source, this.destination, rules, outcome, "0123456789ab");
  }

  /** The change that makes an entry of the destination that of the source. */
  change(path: string, found = 1): Change {
    const want = entryAt(this.source, path);
    if (want === undefined) throw new Error(`${path} is not in the source`);
    return changeFor(parseRelPath(path), want, entryAt(this.destination, path), found, false);
  }

  /** Carries out actions of one directory; answers whether it was touched. */
  apply(...actions: readonly Action[]): boolean {
    return finish(this.steps(...actions));
  }

  /** The same, step by step. */
  *steps(...actions: readonly Action[]): Steps<boolean> {
    const path = parentPath(actions[0]?.path ?? ROOT);
    const at = { source: this.source.open(path), destination: this.opened(path) };
    return yield* applyChanges(this.context, at, actions, walkSubtree);
  }

  /** The directory of the destination in which actions are carried out. */
  opened(path: ReturnType<typeof parentPath>): Directory {
    return this.destination.open(path);
  }

  /** The destination without attributes. */
  get contents(): TreeLiteral {
    return this.destination.dump({ attributes: false });
  }
}

/** One entry of a tree, with its target and attributes. */
export function entryAt(tree: MemoryTree, path: string): Entry | undefined {
  const hook = tree.onOperation;
  tree.onOperation = undefined;
  const parsed = parseRelPath(path);
  const directory = tree.open(parentPath(parsed));
  const entry = directory.lookup(baseName(parsed));
  const full = entry?.kind === "symlink" ? { ...entry, target: directory.readLink(baseName(parsed)) } : entry;
  const xattrs = entry === undefined ? {} : directory.xattrs(baseName(parsed), { attributes: true, lists: true });
  tree.onOperation = hook;
  return full === undefined || Object.keys(xattrs).length === 0 ? full : { ...full, xattrs };
}

/** Paths of what has a temporary name, in a dumped tree. */
export function leftovers(literal: TreeLiteral, below = ""): string[] {
  return Object.entries(literal).flatMap(([name, node]) => [
    ...(isTemporaryName(name) ? [below + name] : []),
    ...("dir" in node ? leftovers(node.dir, `${below}${name}/`) : []),
  ]);
}

/** Keeps the operations on the destination, in their order. */
export function recordOperations(pair: Pair): string[] {
  const seen: string[] = [];
  pair.destination.onOperation = (operation: MemoryOperation, path: string) => {
    seen.push(`${operation} ${isTemporaryName(baseName(parseRelPath(path))) ? "~" : path}`);
  };
  return seen;
}
