/**
 * A filter that decides. The same value answers for single paths ({@linkcode Filter.decide}, with the rule and place
 * that made the decision) and, a directory at a time, for a run ({@linkcode Filter.root}).
 *
 * Who is asked first: the predicate, then the rules in their order, then gitignore files. What they include must be in
 * the list of paths, too, if there is one. A limit of size or age is something else: what is beyond it is spared.
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import type { Kind } from "../model/entry.ts";
import { parseRelPath, ROOT } from "../model/rel_path.ts";
import type { Decision, FilterEntry, FilterPredicate, Side } from "./decision.ts";
import { type DirectoryFilter, RulesInDirectory } from "./directory_filter.ts";
import { FilterEngine } from "./engine.ts";
import { type PathNode, pathTree } from "./path_list.ts";
import { NO_RULE_FILES, type RuleFiles } from "./rule_files.ts";
import type { FilterSpec } from "./spec.ts";

/** How a single path is decided. */
export interface DecideOptions {
  /**
   * The side that asks. For the receiver, the path is one that the destination alone has: it is kept when it is
   * protected, or when a directory above is that the destination alone has, too; perishable rules hold as in
   * directories that both sides have.
   *
   * @default {"sender"}
   */
  readonly side?: Side;
  /**
   * Gives the text of a rule file by its path, such as `"docs/.rsync-filter"`; `undefined` when there is none.
   *
   * @default {there are none}
   */
  readonly read?: (path: string) => string | Uint8Array | undefined;
}

/** What a filter may have beside its plain data. */
export interface FilterExtras {
  /** Is asked before all rules. @default {undefined} */
  readonly predicate?: FilterPredicate | undefined;
}

const DEFAULT: Decision = { verdict: "include", cause: "default" };

/** See the module comment. */
export class Filter {
  readonly #engine: FilterEngine;
  readonly #listed: PathNode | undefined;

  /**
   * Compiles a filter.
   *
   * @param spec The filter as plain data.
   * @param extras What it has beside.
   */
  constructor(spec: FilterSpec, extras: FilterExtras = {}) {
    this.#engine = new FilterEngine(spec, extras.predicate);
    this.#listed = spec.paths === undefined ? undefined : pathTree(spec.paths, spec.recursive);
  }

  /** The filter as plain data. */
  get spec(): FilterSpec {
    return this.#engine.spec;
  }

  /**
   * The filter in the root of a tree.
   *
   * @param files Reaches the rule files of the root. @default {there are none}
   * @returns The filter there.
   * @throws {SyncError} code `"filter-invalid"` when a rule file cannot be used.
   */
  root(files: RuleFiles = NO_RULE_FILES): DirectoryFilter {
    return RulesInDirectory.root(this.#engine, files, this.#listed);
  }

  /**
   * Decides about one path.
   *
   * @param path Path below the root, with `/` between names; the root itself always takes part.
   * @param entry What it is.
   * @param options Side, and rule files.
   * @returns The decision, and the rule that made it.
   * @throws {SyncError} code `"filter-invalid"` when a rule file cannot be used, `"path-escape"` for a path that is not
   * below the root.
   */
  decide(path: string, entry: Kind | FilterEntry, options: DecideOptions = {}): Decision {
    if (parseRelPath(path) === ROOT) return DEFAULT;
    const { side = "sender", read = () => undefined } = options;
    const filesIn = (directory: string): RuleFiles => ({
      read: (name) => bytesOf(read(directory === "" ? name : `${directory}/${name}`)),
    });
    let directory = RulesInDirectory.root(this.#engine, filesIn(""), this.#listed);
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      const above = path.slice(0, slash);
      const name = above.slice(above.lastIndexOf("/") + 1);
      const decision = directory.decide(name, { kind: "directory" }, side);
      if (decision?.verdict === "exclude") return { ...decision, ancestor: above };
      directory = directory.descend(name, filesIn(above));
    }
    const given = typeof entry === "string" ? { kind: entry } : entry;
    return directory.decide(path.slice(path.lastIndexOf("/") + 1), given, side) ?? DEFAULT;
  }
}

function bytesOf(text: string | Uint8Array | undefined): Uint8Array | undefined {
  return typeof text === "string" ? encodeName(text) : text;
}
