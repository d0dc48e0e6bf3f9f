/**
 * Makes the filter of a run from its options: reads the files that they name, and looks for what is listed.
 *
 * @module
 */
import { asSyncError, SyncError } from "../../lib/errors.ts";
import { printable } from "../../lib/bytes/printable.ts";
import { buildFilter, type FilterStep } from "../../lib/filter/build_filter.ts";
import { invalidFile } from "../../lib/filter/invalid.ts";
import { listedPath, parsePathList, type PathOfList } from "../../lib/filter/parse_path_list.ts";
import { MAX_RULE_FILE_BYTES } from "../../lib/filter/rule_entries.ts";
import { type FilterSpec, isEmptyFilter } from "../../lib/filter/spec.ts";
import { baseName, parentPath, parseRelPath, type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Directory, EntryFailure, Tree } from "../../lib/model/tree.ts";
import { personalIgnores } from "../../lib/os/personal_ignores.ts";
import { readWhole } from "../../lib/os/read_whole.ts";
import { absolutePath, pathBelow } from "../../lib/os/written_paths.ts";
import { openIfThere } from "../../lib/scan/open_if_there.ts";
import { readRuleFile } from "../../lib/scan/rule_files.ts";
import { filterLimits } from "./check_filter_options.ts";
import type { FilterItem, FilterOptions } from "./filter_options.ts";
import type { SelectionRules } from "./selector.ts";

/** Bytes that a list of paths may have. */
const MAX_LIST_BYTES = 256 << 20;

/** A list of paths, as it was given. */
interface PathList {
  readonly source: string;
  readonly paths: readonly PathOfList[];
}

/** The trees of a run, as far as a filter is about them. */
export interface FilteredPair {
  /** Path of the source, as it was given. */
  readonly source: string;
  /** Path of the destination, as it was given. */
  readonly destination: string;
  /** The source, open. */
  readonly tree: Tree;
  /** The present moment, in milliseconds since 1970. */
  readonly now: number;
}

/** What takes part in a run. */
export interface Selected {
  /** The rules; absent when everything takes part. */
  readonly rules: SelectionRules | undefined;
  /** Listed paths that the source does not have. */
  readonly missing: readonly EntryFailure[];
}

/**
 * Makes the filter.
 *
 * @param options What the caller wants.
 * @param pair The trees.
 * @returns The rules, and what of a list is missing.
 * @throws {SyncError} code `"filter-invalid"` when a rule or a file cannot be used.
 */
export function selectionOf(options: FilterOptions, pair: FilteredPair): Selected {
  const files = new NamedFiles(pair);
  const list = pathListOf(options, files);
  const spec = buildFilter({
    steps: stepsOf(options, files),
    gitignore: options.gitignore ?? false,
    cvsExclude: options.cvsExclude ?? false,
    cvsAdditions: mayUseCvs(options) ? personalIgnores() : {},
    deleteExcluded: options.deleteExcluded ?? false,
    from0: options.from0 ?? false,
    limits: filterLimits(options, pair.now),
    paths: list?.paths.map(({ line: _, ...path }) => path),
    recursive: options.recursive ?? false,
    roots: { sender: absolutePath(pair.source), receiver: absolutePath(pair.destination) },
    readMergeFile: (file) => files.read(file, MAX_RULE_FILE_BYTES),
  });
  const { predicate } = options;
  const rules = isEmptyFilter(spec) && predicate === undefined ? undefined : { spec, predicate };
  return { rules, missing: list === undefined ? [] : missingOf(list, pair.tree) };
}

/**
 * Whether rule files lie in the directories, so that a bad one can turn up anywhere.
 *
 * @param spec The filter.
 * @returns Whether every directory is looked at for them.
 */
export function readsRuleFiles({ rules, gitignore }: FilterSpec): boolean {
  return gitignore || rules.some(({ type }) => type === "per-directory");
}

/**
 * Whether the root itself takes no part: a list of paths does not name it.
 *
 * @param spec The filter.
 * @returns Whether its own metadata is left alone.
 */
export function leavesRoot({ paths }: FilterSpec): boolean {
  return paths?.every(({ path }) => path !== ROOT) ?? false;
}

/** Rules of `filter`, then `include`, then `exclude`; git itself never looks into `.git`. */
function stepsOf(
  { filter = [], include = [], exclude = [], gitignore }: FilterOptions,
  files: NamedFiles,
): FilterStep[] {
  const items: FilterItem[] = [
    ...filter,
    ...include.map((pattern) => ({ include: pattern })),
    ...exclude.map((pattern) => ({ exclude: pattern })),
    ...(gitignore === true ? [{ exclude: ".git" }] : []),
  ];
  return items.map((item) => stepOf(item, files));
}

function stepOf(item: FilterItem, files: NamedFiles): FilterStep {
  if (typeof item === "string") return { type: "filter", text: item };
  if ("include" in item) return { type: "include", text: item.include };
  if ("exclude" in item) return { type: "exclude", text: item.exclude };
  const type = "includeFrom" in item ? "include-from" : "exclude-from";
  const file = "includeFrom" in item ? item.includeFrom : item.excludeFrom;
  return { type, file, content: files.read(file, MAX_RULE_FILE_BYTES) };
}

function mayUseCvs({ cvsExclude, filter = [] }: FilterOptions): boolean {
  return cvsExclude === true || filter.length > 0;
}

/** Reads files that the caller names. One that lies in the source is read as everything in it: no symlink is followed. */
class NamedFiles {
  readonly #pair: FilteredPair;
  #hasReadInput = false;

  constructor(pair: FilteredPair) {
    this.#pair = pair;
  }

  read(file: string, most: number): Uint8Array {
    if (file === "-") this.#takeInput();
    const below = file === "-" ? undefined : pathBelow(this.#pair.source, file);
    if (below !== undefined) return this.#readInSource(file, parseRelPath(below), most);
    try {
      return readWhole(file, most);
    } catch (thrown) {
      throw unusable(file, asSyncError(thrown), most);
    }
  }

  #takeInput(): void {
    if (this.#hasReadInput) throw invalidFile("-", "standard input can be read only once");
    this.#hasReadInput = true;
  }

  #readInSource(file: string, path: RelPath, most: number): Uint8Array {
    let directory: Directory | undefined;
    try {
      directory = this.#pair.tree.open(parentPath(path));
      const bytes = readRuleFile(directory, parentPath(path), baseName(path), most);
      if (bytes !== undefined) return bytes;
    } catch (thrown) {
      throw unusable(file, asSyncError(thrown), most);
    } finally {
      directory?.close();
    }
    throw invalidFile(file, MISSING);
  }
}

const MISSING = "there is no such file";

function unusable(file: string, error: SyncError, most: number): SyncError {
  switch (error.code) {
    case "filter-invalid":
      return error;
    case "vanished":
      return invalidFile(file, MISSING);
    case "is-directory":
      return invalidFile(file, "it is a directory");
    case "file-too-large":
      return invalidFile(file, `it has more than ${most} bytes`);
    case "symlink-refused":
      return invalidFile(file, "it is reached through a symlink of the source, which is never followed");
    default:
      return invalidFile(file, `it cannot be read: ${error.message}`);
  }
}

function pathListOf({ filesFrom, from0 = false }: FilterOptions, files: NamedFiles): PathList | undefined {
  if (filesFrom === undefined) return undefined;
  if (typeof filesFrom === "string") {
    const source = filesFrom === "-" ? "standard input" : filesFrom;
    return { source, paths: parsePathList(files.read(filesFrom, MAX_LIST_BYTES), from0, source) };
  }
  return { source: "filesFrom", paths: filesFrom.map((text, index) => ({ ...listedPath(text), line: index + 1 })) };
}

/** What is listed has to be there. Lists are mostly sorted, so a directory is opened once for what is listed in it. */
function missingOf({ source, paths }: PathList, tree: Tree): EntryFailure[] {
  const missing: EntryFailure[] = [];
  let at: RelPath | undefined;
  let directory: Directory | undefined;
  try {
    for (const { path: text, line } of paths) {
      const path = parseRelPath(text);
      if (path === ROOT) continue;
      if (at !== parentPath(path)) {
        directory?.close();
        directory = openIfThere(tree, at = parentPath(path));
      }
      if (directory?.lookup(baseName(path)) === undefined) {
        missing.push({ path, error: missingError(path, source, line) });
      }
    }
  } finally {
    directory?.close();
  }
  return missing;
}

function missingError(path: RelPath, source: string, line: number): SyncError {
  const place = `${printable(source)}:${line}`;
  return new SyncError("vanished", `Cannot find "${printable(path)}" in the source: ${place} lists it`, {
    path,
    hint: "take it off the list, or check that the paths of the list begin at the source",
  });
}
