/**
 * A filter as it stands in one directory. It answers for the entries of a listing by the bytes of their names. Going
 * down makes another one; directories in which the same is left of the rules share their tables.
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import { type Listing, WORD, WORDS } from "../model/listing.ts";
import type { Decision, FilterEntry, Side } from "./decision.ts";
import { type FilterEngine, ruleFileNames, type SlotRow } from "./engine.ts";
import { isBeyond } from "./limits.ts";
import { childNode, NOT_LISTED, type PathNode } from "./path_list.ts";
import type { RuleFiles } from "./rule_files.ts";
import type { SideTable } from "./rule_tables.ts";

/** A filter as it stands in one directory. */
export interface DirectoryFilter {
  /** Path of the directory. */
  readonly path: string;
  /** Names of the rule files that subdirectories will be asked for; a file may name further ones. */
  readonly ruleFileNames: readonly string[];

  /**
   * Whether an entry of the source is left out: for the run it is not there.
   *
   * @param listing Entries of this directory in the source.
   * @param index Which one.
   */
  hides(listing: Listing, index: number): boolean;

  /**
   * Whether an entry of the destination must not be deleted.
   *
   * @param listing Entries of this directory in the destination.
   * @param index Which one.
   */
  protects(listing: Listing, index: number): boolean;

  /**
   * Whether a file of the source is beyond a limit of size or age, or excluded by the predicate: it is not transferred,
   * and what the destination has under its name stays. Asked directly after {@linkcode hides} about the same entry.
   *
   * @param listing Entries of this directory in the source.
   * @param index Which one.
   */
  spares(listing: Listing, index: number): boolean;

  /**
   * Goes down.
   *
   * @param name Name of a subdirectory.
   * @param files Reaches its rule files.
   * @returns The filter there.
   * @throws {SyncError} code `"filter-invalid"` when a rule file cannot be used.
   */
  descend(name: string, files: RuleFiles): DirectoryFilter;

  /**
   * Goes down into a directory that is being deleted, where perishable rules do not hold.
   *
   * @param name Name of a subdirectory.
   * @param files Reaches its rule files.
   * @returns The filter there.
   * @throws {SyncError} code `"filter-invalid"` when a rule file cannot be used.
   */
  descendDeleted(name: string, files: RuleFiles): DirectoryFilter;
}

/** What a {@linkcode RulesInDirectory} stands on. */
interface Standing {
  readonly engine: FilterEngine;
  readonly path: string;
  readonly row: SlotRow;
  readonly listed: PathNode | undefined;
  readonly isDeleted: boolean;
}

/** No entry. */
const NONE = -1;

/** See {@linkcode DirectoryFilter}. */
export class RulesInDirectory implements DirectoryFilter {
  readonly #at: Standing;
  readonly #hasLimits: boolean;
  readonly #isAsking: boolean;
  /** What hides directories, and everything else; made when they are asked about. */
  #directories: SideTable | undefined;
  #others: SideTable | undefined;
  #ruleFileNames: readonly string[] | undefined;
  /** The entry that {@linkcode hides} was asked about last, if it is spared because of a predicate. */
  #spared = NONE;

  private constructor(at: Standing) {
    this.#at = at;
    const { engine } = at;
    this.#hasLimits = engine.hasLimits;
    this.#isAsking = engine.predicate !== undefined;
  }

  /** The filter in the root. */
  static root(engine: FilterEngine, files: RuleFiles, listed: PathNode | undefined): RulesInDirectory {
    return new RulesInDirectory({ engine, path: "", row: engine.rootRow(files), listed, isDeleted: false });
  }

  /** See {@linkcode DirectoryFilter.path}. */
  get path(): string {
    return this.#at.path;
  }

  /** See {@linkcode DirectoryFilter.ruleFileNames}. */
  get ruleFileNames(): readonly string[] {
    return this.#ruleFileNames ??= ruleFileNames(this.#at.row.slots);
  }

  /** See {@linkcode DirectoryFilter.hides}. */
  hides(listing: Listing, index: number): boolean {
    if (this.#isAsking) return this.#hidesAsked(listing, index);
    const { listed } = this.#at;
    const table = listing.isDirectory(index)
      ? this.#directories ??= this.#hiding(true)
      : this.#others ??= this.#hiding(false);
    if (!table.isEmpty && table.excludes(listing.names, listing.starts[index]!, listing.starts[index + 1]!)) {
      return true;
    }
    return listed !== undefined && !listed.isWhole && childNode(listed, listing.name(index)) === undefined;
  }

  #hiding(isDirectory: boolean): SideTable {
    return this.#at.row.tables.of("sender", isDirectory, this.#at.isDeleted);
  }

  /** See {@linkcode DirectoryFilter.protects}. */
  protects(listing: Listing, index: number): boolean {
    const { engine, row: { tables }, listed, isDeleted } = this.#at;
    if (listed !== undefined && !listed.isWhole) return true;
    if (engine.predicate !== undefined) return this.#ask(listing, index, "receiver")?.verdict === "exclude";
    const table = tables.of("receiver", listing.isDirectory(index), isDeleted);
    return table.excludes(listing.names, listing.starts[index]!, listing.starts[index + 1]!);
  }

  #ask(listing: Listing, index: number, side: Side): Decision | undefined {
    const entry = {
      kind: listing.kind(index),
      size: listing.size(index),
      mtimeSeconds: listing.mtimeSeconds(index),
      mtimeNanoseconds: listing.words[index * WORDS + WORD.mtimeNanoseconds]!,
    };
    return this.decide(listing.name(index), entry, side);
  }

  /**
   * What a predicate excludes may depend on size and time, and be something else at the destination: it is spared, and
   * hidden only where excluded entries are to be deleted. The predicate is asked once for both questions.
   */
  #hidesAsked(listing: Listing, index: number): boolean {
    const decision = this.#ask(listing, index, "sender");
    const isSpared = decision?.cause === "predicate" && !this.#at.engine.spec.deleteExcluded;
    this.#spared = decision?.verdict === "spare" || (isSpared && decision.verdict === "exclude") ? index : NONE;
    return decision?.verdict === "exclude" && !isSpared;
  }

  /** See {@linkcode DirectoryFilter.spares}. */
  spares(listing: Listing, index: number): boolean {
    if (this.#at.engine.predicate !== undefined) return this.#spared === index;
    if (!this.#hasLimits || listing.kind(index) !== "file") return false;
    const mtimeNanoseconds = listing.words[index * WORDS + WORD.mtimeNanoseconds]!;
    const entry = { size: listing.size(index), mtimeSeconds: listing.mtimeSeconds(index), mtimeNanoseconds };
    return isBeyond(this.#at.engine.spec.limits, entry);
  }

  /**
   * Decides about one name in this directory.
   *
   * @param name The name.
   * @param entry What it is.
   * @param side Who asks.
   * @returns The decision; `undefined` when nothing matched.
   */
  decide(name: string, entry: FilterEntry, side: Side): Decision | undefined {
    const { engine: { predicate, spec }, row: { tables }, listed, isDeleted } = this.#at;
    const verdict = predicate?.({ ...entry, name, path: pathIn(this.#at.path, name) });
    const isKept = side === "sender" || !spec.deleteExcluded;
    if (verdict === "exclude" && isKept) return { verdict, cause: "predicate" };
    const rule = tables.of(side, entry.kind === "directory", isDeleted).find(encodeName(name));
    if (verdict === undefined && rule?.type === "exclude") return { verdict: "exclude", cause: "rule", rule };
    if (listed !== undefined && !listed.isWhole && (side === "receiver" || childNode(listed, name) === undefined)) {
      return { verdict: "exclude", cause: "list" };
    }
    if (side === "sender" && entry.kind === "file" && isBeyond(spec.limits, entry)) {
      return { verdict: "spare", cause: "limit" };
    }
    if (verdict !== undefined) return { verdict, cause: "predicate" };
    return rule === undefined ? undefined : { verdict: "include", cause: "rule", rule };
  }

  /** See {@linkcode DirectoryFilter.descend}. */
  descend(name: string, files: RuleFiles): RulesInDirectory {
    return this.#descend(name, files, this.#at.isDeleted);
  }

  /** See {@linkcode DirectoryFilter.descendDeleted}. */
  descendDeleted(name: string, files: RuleFiles): RulesInDirectory {
    return this.#descend(name, files, true);
  }

  #descend(name: string, files: RuleFiles, isDeleted: boolean): RulesInDirectory {
    const { engine, row, listed: listedHere } = this.#at;
    const path = pathIn(this.#at.path, name);
    const listed = listedHere === undefined ? undefined : childNode(listedHere, name) ?? NOT_LISTED;
    return new RulesInDirectory({ engine, path, row: engine.descend(row, name, path, files), listed, isDeleted });
  }
}

function pathIn(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
