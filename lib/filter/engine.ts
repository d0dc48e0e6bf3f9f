/**
 * What all directories of a filter share: its rules, compiled, and the tables that were made of them. A directory has a
 * row of slots, one for each rule and one for each kind of rule file.
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import type { FilterPredicate } from "./decision.ts";
import { CompiledRule, Numbering, type PlacedRule } from "./placed_rule.ts";
import { GITIGNORE_KIND, type RuleFileKind, ruleFileKind, type RuleFiles } from "./rule_files.ts";
import { RuleTables } from "./rule_tables.ts";
import type { PatternRule, Rule } from "./rule.ts";
import type { FilterSpec } from "./spec.ts";

/** Rules of one kind of rule file, as they stand in a directory. */
export interface RuleGroup {
  /** The kind of file. */
  readonly kind: RuleFileKind;
  /** Its rules: those of the directory itself, then those from above. Some may name further rule files. */
  readonly slots: readonly Slot[];
}

/** A rule or the rules of a kind of file. */
export type Slot = PlacedRule | RuleGroup;

/** A rule, before it stands in a directory. */
type Compiled = CompiledRule | RuleFileKind;

/** How many tables are kept. */
const MAX_TABLES = 512;

/** See the module comment. */
export class FilterEngine {
  /** The filter as plain data. */
  readonly spec: FilterSpec;
  /** What is asked before all rules. */
  readonly predicate: FilterPredicate | undefined;
  /** Whether there are limits of size or age. */
  readonly hasLimits: boolean;
  readonly #numbering = new Numbering();
  readonly #tables = new Map<string, RuleTables>();
  readonly #slots: readonly Compiled[];

  /**
   * Compiles a filter.
   *
   * @param spec The filter as plain data.
   * @param predicate What is asked before all rules.
   */
  constructor(spec: FilterSpec, predicate: FilterPredicate | undefined) {
    this.spec = spec;
    this.predicate = predicate;
    this.hasLimits = Object.keys(spec.limits).length > 0;
    const slots = spec.rules.flatMap((rule) => this.#compile(rule));
    this.#slots = withoutRepeatedKinds(spec.gitignore ? [...slots, GITIGNORE_KIND] : slots, new Set());
  }

  /**
   * The slots of the root.
   *
   * @param files Its rule files.
   * @returns The slots.
   */
  rootSlots(files: RuleFiles): readonly Slot[] {
    const names = this.#slots.flatMap((slot) => slot instanceof CompiledRule ? [] : [slot.name]);
    return this.#place(this.#slots, { files, path: "", known: new Set(names) });
  }

  /**
   * The slots of a subdirectory.
   *
   * @param slots Those of the directory.
   * @param name Bytes of the subdirectory's name.
   * @param files Its rule files.
   * @param path Its path.
   * @returns Its slots; the same row when nothing is different there.
   */
  descend(slots: readonly Slot[], name: Uint8Array, files: RuleFiles, path: string): readonly Slot[] {
    let known: Set<string> | undefined;
    return this.#descend(slots, name, {
      files,
      path,
      // Most directories have no rule file that names another.
      get known() {
        return known ??= new Set(ruleFileNames(slots));
      },
    });
  }

  /**
   * Tables of a row of slots; equal rows have the same.
   *
   * @param slots The slots.
   * @returns Their tables.
   */
  tables(slots: readonly Slot[]): RuleTables {
    const rules = [...placedRules(slots)];
    const key = rules.map(({ id }) => id).join();
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    if (this.#tables.size >= MAX_TABLES) this.#tables.clear();
    const tables = new RuleTables(rules);
    this.#tables.set(key, tables);
    return tables;
  }

  #descend(slots: readonly Slot[], name: Uint8Array, into: Entered): readonly Slot[] {
    let below: Slot[] | undefined;
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at]!;
      const after = "kind" in slot ? this.#descendGroup(slot, name, into) : slot.compiled.descend(slot, name);
      if (below === undefined && after === slot) continue;
      below ??= slots.slice(0, at);
      if (after !== undefined) below.push(after);
    }
    return below ?? slots;
  }

  /** The rules of the subdirectory itself come first, and their files are read first. */
  #descendGroup(group: RuleGroup, name: Uint8Array, into: Entered): RuleGroup {
    const { kind, slots } = group;
    const own = this.#read(kind, into);
    const isKept = kind.isInherited && own?.isCleared !== true;
    const inherited = isKept ? this.#descend(slots, name, into) : NO_SLOTS;
    if (own === undefined) return inherited === slots ? group : { kind, slots: inherited };
    return { kind, slots: [...own.slots, ...inherited] };
  }

  #read(kind: RuleFileKind, into: Entered): { slots: readonly Slot[]; isCleared: boolean } | undefined {
    const read = kind.read(into.files, into.path);
    if (read === undefined) return undefined;
    const compiled = withoutRepeatedKinds(read.rules.flatMap((rule) => this.#compile(rule)), into.known);
    return { slots: this.#place(compiled, into), isCleared: read.isCleared };
  }

  #place(compiled: readonly Compiled[], into: Entered): Slot[] {
    return compiled.map((one) => {
      if (one instanceof CompiledRule) return this.#placeAt(one, into.path);
      return { kind: one, slots: this.#read(one, into)?.slots ?? NO_SLOTS };
    });
  }

  #placeAt(compiled: CompiledRule, directory: string): PlacedRule {
    const { roots } = this.spec;
    const above = namesOf(directory);
    if (!compiled.rule.absolute || roots === undefined) return compiled.placeAt(above);
    const root = compiled.actsOn.sender ? roots.sender : roots.receiver;
    return compiled.placeAbsolute([...namesOf(root), ...above]);
  }

  #compile(rule: Rule): Compiled[] {
    return rule.type === "per-directory" ? [ruleFileKind(rule, this.spec)] : this.#compileRule(rule);
  }

  /** An absolute path is another one on each side, so such a rule becomes two. */
  #compileRule(rule: PatternRule): CompiledRule[] {
    if (rule.xattr) return [];
    const sender = rule.side !== "receiver";
    const isReceivers = rule.side === "both" || rule.side === "receiver";
    const receiver = isReceivers || (rule.side === "unsaid" && !this.spec.deleteExcluded);
    const sides = rule.absolute && sender && receiver
      ? [{ sender, receiver: false }, { sender: false, receiver }]
      : [{ sender, receiver }];
    return sides.map((actsOn) => new CompiledRule(rule, actsOn, this.#numbering));
  }
}

const NO_SLOTS: readonly Slot[] = [];

/** A directory that is entered, and the rule files that are looked for there. */
interface Entered {
  readonly files: RuleFiles;
  readonly path: string;
  readonly known: Set<string>;
}

/** Files that are looked for already are not looked for a second time. */
function withoutRepeatedKinds(compiled: readonly Compiled[], known: Set<string>): Compiled[] {
  return compiled.filter((one) => {
    if (one instanceof CompiledRule) return true;
    const isNew = !known.has(one.name);
    known.add(one.name);
    return isNew;
  });
}

/**
 * Names of the rule files that are looked for.
 *
 * @param slots Slots of a directory.
 * @returns The names, none twice.
 */
export function ruleFileNames(slots: readonly Slot[]): string[] {
  return slots.flatMap((slot) => "kind" in slot ? [slot.kind.name, ...ruleFileNames(slot.slots)] : []);
}

function* placedRules(slots: readonly Slot[]): Generator<PlacedRule> {
  for (const slot of slots) {
    if ("kind" in slot) yield* placedRules(slot.slots);
    else yield slot;
  }
}

function namesOf(path: string): Uint8Array[] {
  return path.split("/").filter((name) => name !== "").map((name) => encodeName(name));
}
