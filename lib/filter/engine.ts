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
  /** Its rules: those of the directory itself, then those from above. */
  readonly rules: readonly PlacedRule[];
}

/** A rule or the rules of a kind of file. */
export type Slot = PlacedRule | RuleGroup;

/** How many tables are kept. */
const MAX_TABLES = 512;

/** See the module comment. */
export class FilterEngine {
  /** The filter as plain data. */
  readonly spec: FilterSpec;
  /** What is asked before all rules. */
  readonly predicate: FilterPredicate | undefined;
  /** Names of the rule files that are looked for in every directory. */
  readonly ruleFileNames: readonly string[];
  readonly #numbering = new Numbering();
  readonly #tables = new Map<string, RuleTables>();
  readonly #slots: readonly (CompiledRule | RuleFileKind)[];

  /**
   * Compiles a filter.
   *
   * @param spec The filter as plain data.
   * @param predicate What is asked before all rules.
   */
  constructor(spec: FilterSpec, predicate: FilterPredicate | undefined) {
    this.spec = spec;
    this.predicate = predicate;
    const slots = spec.rules.flatMap((rule) => this.#compile(rule));
    this.#slots = spec.gitignore ? [...slots, GITIGNORE_KIND] : slots;
    this.ruleFileNames = [...new Set(this.#slots.flatMap((slot) => slot instanceof CompiledRule ? [] : [slot.name]))];
  }

  /**
   * The slots of the root.
   *
   * @param files Its rule files.
   * @returns The slots.
   */
  rootSlots(files: RuleFiles): Slot[] {
    return this.#slots.map((slot) => {
      if (slot instanceof CompiledRule) return this.#placeAt(slot, []);
      return this.#withFile({ kind: slot, rules: [] }, files, "");
    });
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
    const below: Slot[] = [];
    for (const slot of slots) {
      if ("kind" in slot) below.push(this.#withFile(descendGroup(slot, name), files, path));
      else {
        const placed = slot.compiled.descend(slot, name);
        if (placed !== undefined) below.push(placed);
      }
    }
    return below.length === slots.length && below.every((slot, at) => slot === slots[at]) ? slots : below;
  }

  /**
   * Tables of a row of slots; equal rows have the same.
   *
   * @param slots The slots.
   * @returns Their tables.
   */
  tables(slots: readonly Slot[]): RuleTables {
    const rules = slots.flatMap((slot) => "kind" in slot ? slot.rules : [slot]);
    const key = rules.map(({ id }) => id).join();
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    if (this.#tables.size >= MAX_TABLES) this.#tables.clear();
    const tables = new RuleTables(rules);
    this.#tables.set(key, tables);
    return tables;
  }

  #withFile(group: RuleGroup, files: RuleFiles, directory: string): RuleGroup {
    const read = group.kind.read(files, directory);
    if (read === undefined) return group;
    const above = directory === "" ? [] : directory.split("/").map((name) => encodeName(name));
    const own = read.rules.flatMap((rule) => this.#compileRule(rule)).map((rule) => this.#placeAt(rule, above));
    return { kind: group.kind, rules: read.isCleared ? own : [...own, ...group.rules] };
  }

  #placeAt(compiled: CompiledRule, above: readonly Uint8Array[]): PlacedRule {
    const { roots } = this.spec;
    if (!compiled.rule.absolute || roots === undefined) return compiled.placeAt(above);
    const root = compiled.actsOn.sender ? roots.sender : roots.receiver;
    const names = root.split("/").filter((name) => name !== "").map((name) => encodeName(name));
    return compiled.placeAbsolute([...names, ...above]);
  }

  #compile(rule: Rule): (CompiledRule | RuleFileKind)[] {
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

function descendGroup(group: RuleGroup, name: Uint8Array): RuleGroup {
  if (group.rules.length === 0) return group;
  if (!group.kind.isInherited) return { kind: group.kind, rules: [] };
  const rules = group.rules.flatMap((rule) => rule.compiled.descend(rule, name) ?? []);
  const isSame = rules.length === group.rules.length && rules.every((rule, at) => rule === group.rules[at]);
  return isSame ? group : { kind: group.kind, rules };
}
