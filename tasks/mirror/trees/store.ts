/**
 * Where old entries are kept when they do not stay beside the new ones: `--backup-dir`, used by every run, or
 * `--trash`, with a folder for each run. It is opened once, as a tree of its own.
 *
 * @module
 */
import type { StoreRules } from "../../../lib/apply/store_folders.ts";
import { runFolder } from "../../../lib/apply/run_folder.ts";
import { printable } from "../../../lib/bytes/printable.ts";
import { SyncError } from "../../../lib/errors.ts";
import type { Degradation } from "../../../lib/model/capabilities.ts";
import { baseName, parentPath, type RelPath, ROOT } from "../../../lib/model/rel_path.ts";
import type { Tree } from "../../../lib/model/tree.ts";
import {
  openTree,
  pathBelow,
  pathFrom,
  pathWrittenBelow,
  relationOf,
  splitPath,
  symlinkOnTheWay,
} from "../../../lib/os/open_tree.ts";
import { openIfThere } from "../../../lib/scan/open_if_there.ts";
import type { MirrorPair } from "./pair.ts";

/** The store of one run. */
export interface Store {
  /** Its tree; absent when nothing will be changed. */
  readonly tree: Tree | undefined;
  /** Which part of it is used. */
  readonly rules: StoreRules;
}

/**
 * Looks where the store is to be, and refuses what cannot work.
 *
 * @param pair The mirror.
 * @param source The source, open.
 * @param changes Whether anything will be changed, so that the store is needed.
 * @returns The store, or `undefined` when the run has none. No folder is made yet.
 * @throws {SyncError} code `"overlap"` when the store would be mirrored, or would lie over one of the sides,
 * `"path-escape"` when it is below the destination and a symlink there is on the way.
 */
export function openStore(pair: MirrorPair, changes: boolean): Store | undefined {
  const { backupDir, trash, layer } = pair.options;
  const given = backupDir ?? trash;
  if (given === undefined) return undefined;
  const path = pathFrom(given, pair.destination);
  guardStore(pair, path, trash !== undefined);
  const { existing, missing } = placeOf(pair, path);
  const within = pathBelow(path, pair.destination) as RelPath | undefined;
  const own = trash === undefined ? undefined : runFolder(timeName(pair.env.wallClock()));
  return {
    tree: changes ? openTree(existing, layer) : undefined,
    rules: { folder: (missing || ROOT) as RelPath, own, within },
  };
}

/**
 * A store below the destination is reached through its tree, which follows no symlink: one that was mirrored must not
 * lead what is kept to another place.
 */
function placeOf({ destination }: MirrorPair, path: string): ReturnType<typeof splitPath> {
  const below = pathWrittenBelow(path, destination);
  if (below === undefined || below === "") return splitPath(path);
  const symlink = symlinkOnTheWay(destination, below);
  if (symlink === undefined) return { existing: destination, missing: below };
  throw new SyncError(
    "path-escape",
    `Cannot keep old entries in "${printable(path)}": "${printable(symlink)}" of the destination is a symlink`,
    { path, hint: "name the directory that it leads to, or another one" },
  );
}

/**
 * What is said of a store below the destination: an entry of the source that has its place is left out.
 *
 * @param store The store, if there is one.
 * @param source The source.
 * @returns The warning; empty when nothing is in the way.
 */
export function storeWarnings(store: Store | undefined, source: Tree): Degradation[] {
  const within = store?.rules.within;
  const directory = within === undefined ? undefined : openIfThere(source, parentPath(within));
  if (within === undefined || directory === undefined) return [];
  try {
    if (directory.lookup(baseName(within)) === undefined) return [];
  } finally {
    directory.close();
  }
  const message = `"${printable(within)}" of the source is left out: old entries are kept there in the destination`;
  return [{ name: "store-left-out", message }];
}

function guardStore({ source, destination }: MirrorPair, path: string, isTrash: boolean): void {
  const option = isTrash ? "--trash" : "--backup-dir";
  const refuse = (why: string) => {
    throw new SyncError("overlap", `Cannot keep old entries in "${printable(path)}": ${why}`, {
      path,
      hint: `name another directory with ${option}`,
    });
  };
  const toSource = relationOf(path, source);
  const toDestination = relationOf(path, destination);
  if (toSource === "same" || toSource === "inside") refuse("it is in the source, and would be mirrored");
  if (toDestination === "same") refuse("it is the destination");
  // The folder of one run is new and holds nothing else.
  if (!isTrash && toSource === "around") refuse("the source is in it");
  if (!isTrash && toDestination === "around") refuse("the destination is in it");
}

/** The time without what a file name cannot hold everywhere: `2026-11-24T13-50-09Z`. */
function timeName(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replaceAll(":", "-")}Z`;
}
