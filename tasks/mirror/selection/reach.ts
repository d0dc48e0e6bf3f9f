/**
 * How far one run reaches, from its options and its open roots.
 *
 * @module
 */
import { ROOT } from "../../../lib/model/rel_path.ts";
import type { Tree } from "../../../lib/model/tree.ts";
import { deviceOf } from "../../../lib/scan/carries.ts";
import type { ReachRules } from "../../../lib/scan/reach.ts";
import type { ResolvedOptions } from "../options/options.ts";

/** No file system has this number. */
const NOWHERE = -1;

/**
 * The rules, if the run reaches less far than everywhere.
 *
 * @param options What the caller wants.
 * @param source The source.
 * @param destination The destination, if there is one.
 * @returns The rules, or `undefined`, so that nobody has to ask.
 */
export function reachOf(
  options: ResolvedOptions,
  source: Tree,
  destination: Tree | undefined,
): ReachRules | undefined {
  const { oneFileSystem, safeLinks, pruneEmptyDirs } = options;
  if (!oneFileSystem && !safeLinks && !pruneEmptyDirs) return undefined;
  const devices = oneFileSystem ? { source: rootDevice(source), destination: rootDevice(destination) } : undefined;
  return { devices, safeLinks, pruneEmpty: pruneEmptyDirs };
}

function rootDevice(tree: Tree | undefined): number {
  const root = tree?.open(ROOT);
  try {
    return root === undefined ? NOWHERE : deviceOf(root);
  } finally {
    root?.close();
  }
}
