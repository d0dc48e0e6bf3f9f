/**
 * Makes the filter of a run from its options: reads the files that they name, and looks for what is listed.
 *
 * @module
 */
import { printable } from "../../../lib/bytes/printable.ts";
import { SyncError } from "../../../lib/errors.ts";
import { isEmptyFilter } from "../../../lib/filter/spec.ts";
import { baseName, parentPath, parseRelPath, type RelPath, ROOT } from "../../../lib/model/rel_path.ts";
import type { Directory, EntryFailure, Tree } from "../../../lib/model/tree.ts";
import { personalIgnores } from "../../../lib/os/personal_ignores.ts";
import { absolutePath } from "../../../lib/os/written_paths.ts";
import { openIfThere } from "../../../lib/scan/open_if_there.ts";
import type { FilterOptions } from "../options/filter_options.ts";
import { filterSpec, type PathList } from "./filter_spec.ts";
import { NamedFiles } from "./named_files.ts";
import type { SelectionRules } from "./selector.ts";

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
export function selectionOf(options: FilterOptions, { source, destination, tree, now }: FilteredPair): Selected {
  const { spec, list } = filterSpec(options, {
    files: new NamedFiles(source, tree),
    now,
    roots: { sender: absolutePath(source), receiver: absolutePath(destination) },
    cvsAdditions: personalIgnores,
  });
  const { predicate } = options;
  const rules = isEmptyFilter(spec) && predicate === undefined ? undefined : { spec, predicate };
  return { rules, missing: list === undefined ? [] : missingOf(list, tree) };
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
  return new SyncError("listed-missing", `Cannot find "${printable(path)}" in the source: ${place} lists it`, {
    path,
    hint: "take it off the list, or check that the paths of the list begin at the source",
  });
}
