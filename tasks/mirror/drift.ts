/**
 * Whether a plan still fits: every action names what it expects on both sides, and all of it is looked at before the
 * first change.
 *
 * @module
 */
import type { Env } from "../../lib/model/env.ts";
import type { Entry } from "../../lib/model/entry.ts";
import { baseName, parentPath, type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Directory, Tree } from "../../lib/model/tree.ts";
import type { Action } from "../../lib/plan/action.ts";
import { openIfThere } from "../../lib/scan/open_if_there.ts";
import { groupByDirectory } from "./run.ts";

/** One entry that is not what the plan expects. */
export interface Drift {
  /** The entry. */
  readonly path: RelPath;
  /** What is different, in words. */
  readonly message: string;
}

const TURN_EVERY = 256;

/**
 * Looks at every entry that a plan names.
 *
 * @param actions The plan.
 * @param source The source as it is now.
 * @param destination The destination as it is now, if it exists.
 * @param exactTimes Whether a file that is right has exactly the time of its source.
 * @param env The world.
 * @returns What has moved since the plan was made; empty when it fits.
 */
export async function findDrift(
  actions: readonly Action[],
  source: Tree,
  destination: Tree | undefined,
  exactTimes: boolean,
  env: Env,
): Promise<Drift[]> {
  const drifted: Drift[] = [];
  let count = 0;
  for (const [path, group] of groupByDirectory(actions)) {
    const mine = openIfThere(source, path);
    const theirs = destination === undefined ? undefined : openIfThere(destination, path);
    try {
      for (const action of group) {
        if (action.path !== ROOT) drifted.push(...driftOf(action, mine, theirs));
        if (++count % TURN_EVERY === 0) await env.turn();
      }
    } finally {
      mine?.close();
      theirs?.close();
    }
  }
  drifted.push(...driftOfAnchors(actions, destination, exactTimes));
  return drifted;
}

/** Files that get a further name and are right already, so that no other action looks at them. */
function driftOfAnchors(actions: readonly Action[], destination: Tree | undefined, exactTimes: boolean): Drift[] {
  const planned = new Set(actions.map(({ path }) => path));
  const drifted = new Map<RelPath, Drift>();
  for (const action of actions) {
    if (action.op !== "link" || planned.has(action.to)) continue;
    const directory = destination === undefined ? undefined : openIfThere(destination, parentPath(action.to));
    try {
      const found = entryIn(directory, action.to);
      // What is not carried may be different in a file that is right.
      const like = found === undefined ? action.want : { ...found, ...contentOf(action.want, exactTimes) };
      const message = difference("the destination", like, found);
      if (message !== undefined) drifted.set(action.to, { path: action.to, message });
    } finally {
      directory?.close();
    }
  }
  return [...drifted.values()];
}

function contentOf({ kind, size, mtimeSeconds, mtimeNanoseconds }: Entry, exactTimes: boolean): Partial<Entry> {
  return { kind, size, ...(exactTimes ? { mtimeSeconds, mtimeNanoseconds } : {}) };
}

function* driftOf(action: Action, source: Directory | undefined, destination: Directory | undefined): Generator<Drift> {
  const { path } = action;
  const wanted = action.op === "delete" || action.op === "sweep" ? undefined : action.want;
  const found = entryIn(source, path);
  // A leftover is nobody's business, and what is excluded may change in the source as it likes.
  if (action.op !== "sweep" && !action.reasons.includes("excluded")) {
    const message = difference("the source", wanted, found);
    if (message !== undefined) yield { path, message };
  }
  const message = difference("the destination", action.have, entryIn(destination, path));
  if (message !== undefined) yield { path, message };
}

function entryIn(directory: Directory | undefined, path: RelPath): Entry | undefined {
  const entry = directory?.lookup(baseName(path));
  if (entry?.kind !== "symlink") return entry;
  return { ...entry, target: directory!.readLink(baseName(path)) };
}

function difference(side: string, expected: Entry | undefined, found: Entry | undefined): string | undefined {
  if (expected === undefined) return found === undefined ? undefined : `${side} has it now`;
  if (found === undefined) return `${side} does not have it any more`;
  if (expected.kind !== found.kind) return `${side} has a ${found.kind} now, not a ${expected.kind}`;
  const differing = COMPARED.filter((key) => expected[key] !== found[key] && isComparable(key, expected));
  return differing.length === 0
    ? undefined
    : `${side} has another ${[...new Set(differing.map((key) => WORDS[key]))].join(", ")} now`;
}

/** The size of a directory means nothing, and the target of a symlink that is to be removed was not read. */
function isComparable(key: typeof COMPARED[number], expected: Entry): boolean {
  if (key === "size") return expected.kind !== "directory";
  return key !== "target" || expected.target !== undefined;
}

const COMPARED = ["size", "mtimeSeconds", "mtimeNanoseconds", "mode", "uid", "gid", "target"] as const;
const WORDS: Readonly<Record<typeof COMPARED[number], string>> = {
  size: "size",
  mtimeSeconds: "time",
  mtimeNanoseconds: "time",
  mode: "mode",
  uid: "owner",
  gid: "group",
  target: "target",
};
