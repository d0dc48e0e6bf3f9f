/**
 * The explain task: what a filter says of single paths, and which rule says it.
 *
 * @module
 */
import type { Decision } from "../lib/filter/decision.ts";
import { Filter } from "../lib/filter/filter.ts";
import { listedPath } from "../lib/filter/parse_path_list.ts";
import type { Entry, Kind } from "../lib/model/entry.ts";
import { baseName, parentPath, parseRelPath, type RelPath, ROOT } from "../lib/model/rel_path.ts";
import type { Tree } from "../lib/model/tree.ts";
import { environment } from "../lib/os/env.ts";
import { type LayerChoice, openTree } from "../lib/os/open_tree.ts";
import { pathBelow } from "../lib/os/written_paths.ts";
import { openIfThere } from "../lib/scan/open_if_there.ts";
import { readRuleFile } from "../lib/scan/rule_files.ts";
import { checkFilterOptions } from "./mirror/options/check_filter_options.ts";
import type { FilterOptions } from "./mirror/options/filter_options.ts";
import { selectionOf } from "./mirror/selection/selection.ts";

/** Options of {@linkcode explain}: those of the mirror that is meant. */
export interface ExplainOptions extends FilterOptions {
  /** Which implementation of the file system is used. @default {"auto"} */
  readonly layer?: LayerChoice;
}

/** What a filter says of one path. */
export interface Explanation {
  /** The path, from the source. */
  readonly path: RelPath;
  /** What it is in the source; what is not there counts as a file, or with `/` at its end as a directory. */
  readonly kind: Kind;
  /** Whether the source has it. */
  readonly exists: boolean;
  /** Whether the source gives it: `"include"`, `"exclude"`, or `"spare"` for what is left alone on both sides. */
  readonly sending: Decision;
  /** Whether a destination that alone has it keeps it: `"exclude"` does, `"include"` lets `delete` remove it. */
  readonly deletion: Decision;
}

/** What was found. */
export interface ExplainReport {
  /** Always `"explain"`. */
  readonly task: "explain";
  /** The source, as it was given. */
  readonly source: string;
  /** One for each path, in their order. */
  readonly explanations: readonly Explanation[];
}

/** A question to a filter. Nothing happens before it is run. */
export interface ExplainTask {
  /** The source. */
  readonly source: string;
  /** Asks. */
  run(): Promise<ExplainReport>;
}

const INCLUDED: Decision = { verdict: "include", cause: "default" };

/**
 * Tells for single paths whether a mirror with these options takes them, and which rule decides. Rule files in
 * directories are read from the source.
 *
 * @param source Path of the directory that would be mirrored.
 * @param paths Paths below it; they need not be there.
 * @param options The filter.
 * @returns A task. Its `run` throws {@linkcode SyncError} code `"filter-invalid"` when a rule cannot be used, or another
 * when the source cannot be opened.
 * @throws {RangeError} when an option is out of its range.
 *
 * @example Why is this file not in the backup?
 * ```ts
 * import { explain } from "undrift";
 *
 * const { explanations } = await explain("project", ["src/main.o"], { exclude: ["*.o"] }).run();
 * console.log(explanations[0]?.sending.rule);
 * ```
 */
export function explain(source: string, paths: readonly string[], options: ExplainOptions = {}): ExplainTask {
  checkFilterOptions(options, true);
  return { source, run: () => Promise.try(() => explainAll(source, paths, options)) };
}

function explainAll(source: string, paths: readonly string[], options: ExplainOptions): ExplainReport {
  const tree = openTree(source, options.layer ?? "auto");
  try {
    const pair = { source, destination: source, tree, now: environment().wallClock() };
    const { rules } = selectionOf(options, pair);
    const filter = rules === undefined ? undefined : new Filter(rules.spec, { predicate: rules.predicate });
    return { task: "explain", source, explanations: paths.map((path) => explainOne(tree, filter, source, path)) };
  } finally {
    tree.close();
  }
}

function explainOne(tree: Tree, filter: Filter | undefined, source: string, text: string): Explanation {
  const { path, entry } = locate(tree, source, text);
  const { kind = text.endsWith("/") ? "directory" : "file", size, mtimeSeconds, mtimeNanoseconds } = entry ?? {};
  const asked = {
    kind,
    ...(size === undefined ? {} : { size }),
    ...(mtimeSeconds === undefined ? {} : { mtimeSeconds }),
    ...(mtimeNanoseconds === undefined ? {} : { mtimeNanoseconds }),
  };
  const read = (file: string) => readIn(tree, parseRelPath(file));
  const decide = (side: "sender" | "receiver") =>
    path === ROOT || filter === undefined ? INCLUDED : filter.decide(path, asked, { side, read });
  return { path, kind, exists: entry !== undefined, sending: decide("sender"), deletion: decide("receiver") };
}

/** A path is meant from the source; one that is typed from somewhere else is understood when it leads there. */
function locate(tree: Tree, source: string, text: string): { path: RelPath; entry: Entry | undefined } {
  const path = parseRelPath(listedPath(text).path);
  const entry = lookup(tree, path);
  const elsewhere = entry === undefined ? pathBelow(source, text) : undefined;
  if (elsewhere === undefined) return { path, entry };
  const other = parseRelPath(elsewhere);
  const found = lookup(tree, other);
  return found === undefined && !text.startsWith("/") ? { path, entry } : { path: other, entry: found };
}

function lookup(tree: Tree, path: RelPath): Entry | undefined {
  const directory = openIfThere(tree, parentPath(path));
  try {
    return path === ROOT ? directory?.entry() : directory?.lookup(baseName(path));
  } finally {
    directory?.close();
  }
}

function readIn(tree: Tree, file: RelPath): Uint8Array | undefined {
  const directory = openIfThere(tree, parentPath(file));
  if (directory === undefined) return undefined;
  try {
    return readRuleFile(directory, parentPath(file), baseName(file));
  } finally {
    directory.close();
  }
}
