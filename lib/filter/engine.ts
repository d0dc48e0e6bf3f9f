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

/** The slots of one directory, and the tables that are made of them. */
export interface SlotRow {
  /** The slots in their order. */
  readonly slots: readonly Slot[];
  /** Their tables. */
  readonly tables: RuleTables;
  /** The row of the subdirectory that was entered last: mostly the next one has the same. */
  last: SlotRow | undefined;
}

/** How many rows are kept. */
const MAX_ROWS = 512;

/** See the module comment. */
export class FilterEngine {
  /** The filter as plain data. */
  readonly spec: FilterSpec;
  /** What is asked before all rules. */
  readonly predicate: FilterPredicate | undefined;
  /** Whether there are limits of size or age. */
  readonly hasLimits: boolean;
  readonly #numbering = new Numbering();
  readonly #rows = new Map<string, SlotRow>();
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
   * @returns The row.
   */
  rootRow(files: RuleFiles): SlotRow {
    return this.#rowOf(this.#place(this.#slots, new Entered("", "", files, this.#slots)));
  }

  /**
   * The slots of a subdirectory.
   *
   * @param row Those of the directory.
   * @param name Name of the subdirectory.
   * @param path Its path.
   * @param files Its rule files.
   * @returns Its row; the same one when nothing is different there.
   */
  descend(row: SlotRow, name: string, path: string, files: RuleFiles): SlotRow {
    const slots = this.#descend(row.slots, new Entered(name, path, files, row.slots));
    if (slots === row.slots) return row;
    if (row.last !== undefined && isSame(slots, row.last.slots)) return row.last;
    return row.last = this.#rowOf(slots);
  }

  /** Equal rows are one, so that they share their tables. */
  #rowOf(slots: readonly Slot[]): SlotRow {
    const rules = [...placedRules(slots)];
    const groups = slots.some((slot) => "kind" in slot);
    const key = rules.map(({ id }) => id).join();
    const known = this.#rows.get(key);
    if (known !== undefined && !groups) return known;
    if (this.#rows.size >= MAX_ROWS) this.#rows.clear();
    const row = { slots, tables: known?.tables ?? new RuleTables(rules), last: undefined };
    this.#rows.set(key, row);
    return row;
  }

  #descend(slots: readonly Slot[], into: Entered): readonly Slot[] {
    let below: Slot[] | undefined;
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at]!;
      const after = "kind" in slot ? this.#descendGroup(slot, into) : descendRule(slot, into);
      if (after === slot && below === undefined) continue;
      below ??= slots.slice(0, at);
      if (after !== undefined) below.push(after);
    }
    return below ?? slots;
  }

  /** The rules of the subdirectory itself come first, and their files are read first. */
  #descendGroup(group: RuleGroup, into: Entered): RuleGroup {
    const { kind, slots } = group;
    const own = this.#read(kind, into);
    const isKept = kind.isInherited && own?.isCleared !== true;
    const inherited = isKept ? this.#descend(slots, into) : NO_SLOTS;
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

/** A directory that is entered. What not every row of slots asks for is made when it is asked for. */
class Entered {
  readonly path: string;
  readonly files: RuleFiles;
  readonly #name: string;
  readonly #above: readonly (Slot | Compiled)[];
  #bytes: Uint8Array | undefined;
  #known: Set<string> | undefined;

  constructor(name: string, path: string, files: RuleFiles, above: readonly (Slot | Compiled)[]) {
    this.path = path;
    this.files = files;
    this.#name = name;
    this.#above = above;
  }

  /** Bytes of its name. */
  get bytes(): Uint8Array {
    return this.#bytes ??= encodeName(this.#name);
  }

  /** Names of the rule files that are looked for already. */
  get known(): Set<string> {
    return this.#known ??= new Set(ruleFileNames(this.#above));
  }
}

function descendRule(placed: PlacedRule, into: Entered): PlacedRule | undefined {
  return placed.compiled.isNameOnly ? placed : placed.compiled.descend(placed, into.bytes);
}

function isSame(slots: readonly Slot[], others: readonly Slot[]): boolean {
  if (slots.length !== others.length) return false;
  for (let at = 0; at < slots.length; at++) if (slots[at] !== others[at]) return false;
  return true;
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
export function ruleFileNames(slots: readonly (Slot | Compiled)[]): string[] {
  return slots.flatMap((slot) => {
    if ("kind" in slot) return [slot.kind.name, ...ruleFileNames(slot.slots)];
    return "name" in slot ? [slot.name] : [];
  });
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
