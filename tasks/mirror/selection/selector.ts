/**
 * Which entries take part, directory by directory. Directories are visited in any order by several threads, so each
 * thread derives the filter of a directory from those above it, and keeps the last ones.
 *
 * @module
 */
import type { DirectoryFilter } from "../../../lib/filter/directory_filter.ts";
import { SyncError } from "../../../lib/errors.ts";
import type { FilterPredicate } from "../../../lib/filter/decision.ts";
import { Filter } from "../../../lib/filter/filter.ts";
import { type FilterSpec, keepsWhatItHides, readsRuleFiles } from "../../../lib/filter/spec.ts";
import { baseName, childPath, parentPath, type RelPath, ROOT } from "../../../lib/model/rel_path.ts";
import type { Listing } from "../../../lib/model/listing.ts";
import type { Directory, Tree } from "../../../lib/model/tree.ts";
import type { Selection } from "../../../lib/plan/selection.ts";
import { readRuleFile } from "../../../lib/scan/rule_files.ts";
import type { Keeper } from "../../../lib/scan/subtree.ts";

/** What selects, the same for all threads; a predicate stays in its own. */
export interface SelectionRules {
  /** The filter. */
  readonly spec: FilterSpec;
  /** The caller's predicate. */
  readonly predicate: FilterPredicate | undefined;
}

/** Filters that are kept: enough for the directories above the one at hand, and for those beside it. */
const KEPT = 1_000;

/** Derives the filter of each directory. One per thread. */
export class Selector {
  readonly #filter: Filter;
  readonly #source: Tree;
  readonly #known = new Map<RelPath, DirectoryFilter>();
  readonly #needs: FilterNeeds;
  /** A rule file that cannot be used has to be found; otherwise a directory in which nothing changed asks nothing. */
  readonly #mayWait: boolean;

  /** Compiles the filter. */
  constructor({ spec, predicate }: SelectionRules, source: Tree) {
    this.#filter = new Filter(spec, { predicate });
    this.#source = source;
    const asksAlways = predicate !== undefined;
    this.#needs = { asksAlways, asksBeforeDeleting: asksAlways || !keepsWhatItHides(spec) };
    this.#mayWait = !readsRuleFiles(spec);
  }

  /**
   * What takes part in a directory that the source has.
   *
   * @param path The directory.
   * @param directory The same, open.
   * @returns The selection there.
   * @throws {SyncError} code `"filter-invalid"` when a rule file in it or above it cannot be used.
   */
  in(path: RelPath, directory: Directory): FilteredSelection {
    const filter = this.#mayWait ? () => this.#filterOf(path, directory) : this.#filterOf(path, directory);
    return new FilteredSelection(filter, this.#needs);
  }

  #filterOf(path: RelPath, directory: Directory): DirectoryFilter {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    if (this.#known.size >= KEPT) this.#known.clear();
    const above = path === ROOT ? undefined : this.#above(parentPath(path));
    const files = { read: (name: string) => readRuleFile(directory, path, name) };
    const filter = above === undefined ? this.#filter.root(files) : above.descend(baseName(path), files);
    this.#known.set(path, filter);
    return filter;
  }

  /** A directory that is visited was reached through those above it, on this thread or on another. */
  #above(path: RelPath): DirectoryFilter {
    const missing: RelPath[] = [];
    for (let at = path; !this.#known.has(at); at = parentPath(at)) {
      missing.push(at);
      if (at === ROOT) break;
    }
    for (const each of missing.reverse()) this.#derive(each);
    return this.#known.get(path)!;
  }

  #derive(path: RelPath): void {
    let directory: Directory | undefined;
    const open = () => directory ??= this.#source.open(path);
    const files = { read: (name: string) => readRuleFile(open(), path, name) };
    try {
      const above = this.#known.get(parentPath(path));
      const filter = path === ROOT ? this.#filter.root(files) : above!.descend(baseName(path), files);
      this.#known.set(path, filter);
    } finally {
      directory?.close();
    }
  }
}

/** When a filter has to be asked about a file that is alike on both sides. */
interface FilterNeeds {
  /** Always: a predicate is the caller's, and sees every entry. */
  readonly asksAlways: boolean;
  /** When deletions are wanted: what is hidden may have to go. */
  readonly asksBeforeDeleting: boolean;
}

/** What a filter says in one directory, and in directories below it that only the destination has. */
export class FilteredSelection implements Selection, Keeper {
  readonly #needs: FilterNeeds;
  #made: DirectoryFilter | (() => DirectoryFilter);

  /**
   * Asks a filter.
   *
   * @param filter The filter of the directory, or makes it when it is asked for the first time.
   * @param needs When it has to be asked.
   */
  constructor(filter: DirectoryFilter | (() => DirectoryFilter), needs: FilterNeeds) {
    this.#made = filter;
    this.#needs = needs;
  }

  get #filter(): DirectoryFilter {
    if (typeof this.#made === "function") this.#made = this.#made();
    return this.#made;
  }

  /** See {@linkcode Selection}. */
  asksOfEqual(deletes: boolean): boolean {
    return deletes ? this.#needs.asksBeforeDeleting : this.#needs.asksAlways;
  }

  /** See {@linkcode Selection}. */
  hides(source: Listing, index: number): boolean {
    return this.#filter.hides(source, index);
  }

  /** See {@linkcode Selection}. */
  spares(source: Listing, index: number): boolean {
    return this.#filter.spares(source, index);
  }

  /** See {@linkcode Selection}. */
  protects(destination: Listing, index: number): boolean {
    return this.#filter.protects(destination, index);
  }

  /** Such a directory goes: its rule files are those of the destination, and perishable rules do not hold there. */
  descend(name: string, directory: Directory): FilteredSelection {
    const path = childPath(this.#filter.path as RelPath, name);
    const files = { read: (file: string) => readRuleFile(directory, path, file) };
    try {
      return new FilteredSelection(this.#filter.descendDeleted(name, files), this.#needs);
    } catch (thrown) {
      throw inDestination(thrown);
    }
  }
}

/** A path alone does not tell on which side it is. */
function inDestination(thrown: unknown): unknown {
  if (!(thrown instanceof SyncError) || thrown.code !== "filter-invalid") return thrown;
  const { message, path } = thrown;
  return new SyncError("filter-invalid", `${message}, in the destination`, {
    path,
    hint: "the source has no such directory; its rules say what of it is kept from deletion",
  });
}
