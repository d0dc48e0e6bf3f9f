/**
 * A rule that is compiled, and the same rule as it stands in one directory: what its patterns have matched of the path
 * so far, and what is left of them for the names in the directory.
 *
 * @module
 */
import { compileGitPattern, compilePattern } from "./compile_pattern.ts";
import { descendStates, type Glob, SLASH, startStates, type States, TOKEN } from "./glob.ts";
import { type NamePattern, namePatterns } from "./name_pattern.ts";
import type { TableRule } from "./name_table.ts";
import type { PatternRule } from "./rule.ts";

/** Sides on which a rule acts. */
export interface ActsOn {
  /** It hides or shows. */
  readonly sender: boolean;
  /** It protects or puts at risk. */
  readonly receiver: boolean;
}

/** A rule as it stands in one directory. Two with the same number are the same. */
export interface PlacedRule extends TableRule {
  /** The rule. */
  readonly compiled: CompiledRule;
  /** Number of rule and states together. */
  readonly id: number;
  /** States of each of its patterns. */
  readonly states: readonly States[];
}

/** How many forms of one rule are kept. */
const MAX_FORMS = 256;

/** Numbers for placed rules, one row for a whole filter. */
export class Numbering {
  #last = 0;

  /** The next number. */
  next(): number {
    return ++this.#last;
  }
}

/** A rule, compiled. */
export class CompiledRule {
  /** The rule itself. */
  readonly rule: PatternRule;
  /** Where it acts. */
  readonly actsOn: ActsOn;
  /** It is about the last name of a path alone, so that no directory changes what is left of it. */
  readonly isNameOnly: boolean;
  readonly #globs: readonly Glob[];
  readonly #starts: readonly States[];
  readonly #numbering: Numbering;
  readonly #forms = new Map<string, PlacedRule>();

  /**
   * Compiles a rule.
   *
   * @param rule The rule.
   * @param actsOn Where it acts.
   * @param numbering Where its forms get their numbers.
   */
  constructor(rule: PatternRule, actsOn: ActsOn, numbering: Numbering) {
    this.rule = rule;
    this.actsOn = actsOn;
    this.#globs = rule.git ? [compileGitPattern(rule.pattern)] : compilePattern(rule.pattern);
    this.#starts = this.#globs.map(startStates);
    this.isNameOnly = this.#globs.every(isNameOnly);
    this.#numbering = numbering;
  }

  /**
   * The rule in a directory.
   *
   * @param above Names of the directories from where its path begins to the directory where it holds from.
   * @returns The rule as it stands there. An anchored pattern starts in that directory.
   */
  placeAt(above: readonly Uint8Array[]): PlacedRule {
    const states = this.#globs.map((glob, at) => {
      if (!glob.isFloating) return this.#starts[at]!;
      return above.reduce((before, name) => this.#moved(at, before, name), this.#starts[at]!);
    });
    return this.#form(states);
  }

  /**
   * The rule in a directory of which the absolute path is known.
   *
   * @param names Names of all directories from the root of the file system to the directory.
   * @returns The rule as it stands there. An anchored pattern starts at the root of the file system.
   */
  placeAbsolute(names: readonly Uint8Array[]): PlacedRule {
    return this.#form(
      this.#starts.map((start, at) => names.reduce((before, name) => this.#moved(at, before, name), start)),
    );
  }

  /**
   * The rule in a subdirectory.
   *
   * @param placed The rule as it stands in the directory.
   * @param name Bytes of the subdirectory's name.
   * @returns The rule as it stands there; `undefined` when nothing there can match it any more.
   */
  descend(placed: PlacedRule, name: Uint8Array): PlacedRule | undefined {
    let states: States[] | undefined;
    for (let at = 0; at < placed.states.length; at++) {
      const before = placed.states[at]!;
      const after = this.#moved(at, before, name);
      if (states === undefined && areEqual(before, after)) continue;
      states ??= placed.states.slice(0, at);
      states.push(after);
    }
    if (states === undefined) return placed;
    const isOver = this.rule.negated === undefined && states.every(({ length }) => length === 0);
    return isOver ? undefined : this.#form(states);
  }

  #moved(at: number, before: States, name: Uint8Array): States {
    const glob = this.#globs[at]!;
    const after = descendStates(glob, before, name);
    if (!glob.isFloating) return after;
    const start = this.#starts[at]!;
    const fresh = glob.tokens[0] === TOKEN.deep ? [] : start;
    if (after.length === 0) return start;
    return fresh.length === 0 ? after : [...new Set([...after, ...fresh])].sort((a, b) => a - b);
  }

  #form(states: readonly States[]): PlacedRule {
    const key = states.map((of) => of.join()).join(";");
    const known = this.#forms.get(key);
    if (known !== undefined) return known;
    if (this.#forms.size >= MAX_FORMS) this.#forms.clear();
    const patterns: NamePattern[] = this.#globs.flatMap((glob, at) => namePatterns(glob, states[at]!));
    const form = {
      compiled: this,
      id: this.#numbering.next(),
      states,
      patterns,
      isNegated: this.rule.negated === true,
    };
    this.#forms.set(key, form);
    return form;
  }
}

function areEqual(before: States, after: States): boolean {
  if (before === after) return true;
  if (before.length !== after.length) return false;
  for (let at = 0; at < before.length; at++) if (before[at] !== after[at]) return false;
  return true;
}

/** Whether a pattern is about the last name of a path alone, so that no directory changes its states. */
function isNameOnly({ tokens, isFloating }: Glob): boolean {
  return isFloating && !tokens.some((token) => token === SLASH || token === TOKEN.deep || token === TOKEN.gap);
}
