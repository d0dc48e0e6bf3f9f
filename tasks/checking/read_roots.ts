/**
 * Opens the trees that are only read, and finds out what of them takes part.
 *
 * @module
 */
import { printable } from "../../lib/bytes/printable.ts";
import { asSyncError, SyncError } from "../../lib/errors.ts";
import { type Capabilities, type Degradation, degradationsOf } from "../../lib/model/capabilities.ts";
import type { Kind } from "../../lib/model/entry.ts";
import { baseName, parentPath, parseRelPath, type RelPath } from "../../lib/model/rel_path.ts";
import type { Directory, EntryFailure, Tree } from "../../lib/model/tree.ts";
import { type LayerChoice, openTree } from "../../lib/os/open_tree.ts";
import type { Selection } from "../../lib/plan/selection.ts";
import { openIfThere } from "../../lib/scan/open_if_there.ts";
import { readRuleFile } from "../../lib/scan/rule_files.ts";
import { loadSelector, selectsAll } from "../mirror/selection/filter_traits.ts";
import type { ReadingOptions } from "./options.ts";

/**
 * Opens a tree for reading.
 *
 * @param path Path of its root.
 * @param verb What it is opened for, as in "Cannot verify".
 * @param layer Which implementation.
 * @returns The tree; close it when done.
 * @throws {SyncError} code `"source-missing"` or `"source-not-directory"` when there is no directory, or another.
 */
export function openForReading(path: string, verb: string, layer: LayerChoice): Tree {
  try {
    return openTree(path, layer);
  } catch (thrown) {
    const error = asSyncError(thrown);
    const isMissing = error.code === "vanished";
    if (!isMissing && error.code !== "not-directory") throw error;
    throw new SyncError(
      isMissing ? "source-missing" : "source-not-directory",
      `Cannot ${verb} "${printable(path)}": ${isMissing ? "there is no such directory" : "it is not a directory"}`,
      {
        path,
        hint: isMissing ? "check the path, and that its disk is mounted" : "name the directory that holds it",
        cause: error,
      },
    );
  }
}

/** What matters of a tree that is not written. */
const READING = ["paths-checked-not-held", "names-utf8-only"];

/**
 * Puts into words what a tree cannot do that is only read.
 *
 * @param capabilities What it offers.
 * @returns One item for each guarantee that is missing.
 */
export function readingWarnings(capabilities: Capabilities): Degradation[] {
  return degradationsOf(capabilities).filter(({ name }) => READING.includes(name));
}

/** Tells what takes part in the directories of one tree. */
export type SelectionIn = (path: RelPath, directory: Directory) => Selection;

/** What takes part in several trees, each by the rule files that lie in it. */
export interface Selected {
  /** For each tree in order; absent when everything takes part. */
  readonly selections: readonly (SelectionIn | undefined)[];
  /** What was listed and the first tree does not have. */
  readonly missing: readonly EntryFailure[];
  /** Whether something that the first tree does not have would take no part. */
  leavesOut(path: RelPath, kind: Kind): boolean;
}

/** The trees that a filter is about; the first is the source. */
export interface FilteredTrees {
  /** Paths of the roots, as they were given. */
  readonly paths: readonly [source: string, ...others: string[]];
  /** The trees, open. */
  readonly trees: readonly [source: Tree, ...others: Tree[]];
  /** The present moment, in milliseconds since 1970. */
  readonly now: number;
}

/**
 * Finds out what takes part.
 *
 * @param options The filter.
 * @param filtered The trees.
 * @returns What selects.
 * @throws {SyncError} code `"filter-invalid"` when a rule or a file cannot be used.
 */
export async function selectIn(options: ReadingOptions, { paths, trees, now }: FilteredTrees): Promise<Selected> {
  if (selectsAll(options)) return { selections: trees.map(() => undefined), missing: [], leavesOut: () => false };
  const { selectionOf } = await import("../mirror/selection/selection.ts");
  const [source, destination = source] = paths;
  const { rules, missing } = selectionOf(options, { source, destination, tree: trees[0], now });
  const makeSelector = await loadSelector(rules);
  const selections = trees.map((tree) => {
    const selector = makeSelector?.(tree);
    return selector && ((path: RelPath, directory: Directory) => selector.in(path, directory));
  });
  if (rules === undefined) return { selections, missing, leavesOut: () => false };
  const { Filter } = await import("../../lib/filter/filter.ts");
  const filter = new Filter(rules.spec, { predicate: rules.predicate });
  const read = (file: string) => readIn(trees[0], parseRelPath(file));
  const leavesOut = (path: RelPath, kind: Kind) =>
    filter.decide(path, { kind }, { side: "sender", read }).verdict !== "include";
  return { selections, missing, leavesOut };
}

function readIn(tree: Tree, file: RelPath): Uint8Array | undefined {
  const directory = openIfThere(tree, parentPath(file));
  try {
    return directory && readRuleFile(directory, parentPath(file), baseName(file));
  } finally {
    directory?.close();
  }
}
