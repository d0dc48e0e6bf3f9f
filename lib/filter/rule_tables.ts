/**
 * The tables of one list of rules: one for each side and for directories and other entries, made when they are first
 * asked.
 *
 * @module
 */
import type { Side } from "./decision.ts";
import { NameTable } from "./name_table.ts";
import type { PlacedRule } from "./placed_rule.ts";
import type { PatternRule } from "./rule.ts";

/** The tables of one list of rules. */
export class RuleTables {
  readonly #rules: readonly PlacedRule[];
  readonly #tables: (SideTable | undefined)[] = [];

  /** Takes the rules in their order. */
  constructor(rules: readonly PlacedRule[]) {
    this.#rules = rules;
  }

  /**
   * The table to ask.
   *
   * @param side Who asks.
   * @param isDirectory Whether it is asked for a directory.
   * @param isDeleted The directory is being deleted, perishable rules do not hold.
   * @returns The table.
   */
  of(side: Side, isDirectory: boolean, isDeleted: boolean): SideTable {
    const at = (side === "sender" ? 0 : 1) + (isDirectory ? 2 : 0) + (isDeleted ? 4 : 0);
    return this.#tables[at] ??= new SideTable(this.#holding(side, isDeleted), isDirectory);
  }

  #holding(side: Side, isDeleted: boolean): PlacedRule[] {
    return this.#rules.filter(({ compiled: { actsOn, rule } }) => actsOn[side] && !(isDeleted && rule.perishable));
  }
}

/** The rules that act on one side, for one kind of entry. */
export class SideTable {
  readonly #table: NameTable;
  readonly #rules: readonly PatternRule[];
  readonly #excludes: readonly boolean[];
  /** No rule is in it. */
  readonly isEmpty: boolean;

  /** Takes the rules in their order. */
  constructor(rules: readonly PlacedRule[], isDirectory: boolean) {
    this.#table = new NameTable(rules, isDirectory);
    this.#rules = rules.map(({ compiled }) => compiled.rule);
    this.#excludes = this.#rules.map(({ type }) => type === "exclude");
    this.isEmpty = this.#table.isEmpty;
  }

  /** Whether the first rule that matches a name excludes it. */
  excludes(names: Uint8Array, start: number, end: number): boolean {
    if (this.isEmpty) return false;
    const found = this.#table.find(names, start, end);
    return found >= 0 && this.#excludes[found]!;
  }

  /** The first rule that matches a name. */
  find(name: Uint8Array): PatternRule | undefined {
    return this.#rules[this.#table.find(name, 0, name.length)];
  }
}
