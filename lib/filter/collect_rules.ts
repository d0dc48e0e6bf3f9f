/**
 * Texts of rules to rules in their order: merge files are read in their place, and a rule that clears empties what came
 * before it in the same list.
 *
 * @module
 */
import { invalidFile, invalidRule, type RuleText } from "./invalid.ts";
import { type CvsRule, type FileRule, parseBareRule, type ParsedRule, parseOldRule, parseRule } from "./parse_rule.ts";
import { cutLines, cutWords } from "./rule_entries.ts";
import type { PatternRule, Place, Rule, RuleFileFormat } from "./rule.ts";

/** Rules that a list may have. */
export const MAX_RULES = 100_000;

/** How deep merge files may name each other. */
const MAX_DEPTH = 16;

/** What rules need of the world around them. */
export interface RuleContext {
  /**
   * Reads a file that a `merge` rule names.
   *
   * @param file The name in the rule.
   * @param place Where the rule was written.
   * @returns What is in the file.
   */
  readonly readMergeFile: (file: string, place: Place) => Uint8Array;
  /** What `-C` stands for. */
  readonly cvs: readonly PatternRule[];
  /** Entries of rule files end with NUL. */
  readonly from0: boolean;
}

/** A list of rules that grows. */
export class RuleList {
  readonly #context: RuleContext;
  #rules: Rule[] = [];
  #isCleared = false;

  /**
   * Starts with an empty list.
   *
   * @param context What rules need of the world around them.
   */
  constructor(context: RuleContext) {
    this.#context = context;
  }

  /** The rules so far. */
  get rules(): readonly Rule[] {
    return this.#rules;
  }

  /** Whether a rule cleared the list. */
  get isCleared(): boolean {
    return this.#isCleared;
  }

  /**
   * Adds a complete rule, as `--filter` takes it.
   *
   * @param rule Its text.
   * @throws {SyncError} code `"filter-invalid"` when it is no rule.
   */
  addRule(rule: RuleText): void {
    if (rule.text !== "") this.#add(parseRule(rule), rule, 0);
  }

  /**
   * Adds a rule in the older form, as `--exclude` and `--include` take it.
   *
   * @param rule Its text.
   * @param bare What a bare pattern is.
   * @throws {SyncError} code `"filter-invalid"` when it is no rule.
   */
  addOldRule(rule: RuleText, bare: "include" | "exclude"): void {
    this.#add(parseOldRule(rule, bare), rule, 0);
  }

  /**
   * Adds the rules of a file in the older form.
   *
   * @param bytes What is in the file.
   * @param source Its name.
   * @param bare What a bare pattern is.
   * @throws {SyncError} code `"filter-invalid"` when there is something else in it.
   */
  addOldFile(bytes: Uint8Array, source: string, bare: "include" | "exclude"): void {
    for (const rule of cutLines(bytes, { source, isSecret: false, atNul: this.#context.from0 })) {
      this.addOldRule(rule, bare);
    }
  }

  /**
   * Adds the rules of a merge file.
   *
   * @param bytes What is in the file.
   * @param source Its name.
   * @param format How it is read.
   * @param depth How many files lie around it. @default {0}
   * @throws {SyncError} code `"filter-invalid"` when there is something else in it.
   */
  addFile(bytes: Uint8Array, source: string, format: RuleFileFormat, depth = 0): void {
    const { only } = format;
    const cut = { source, isSecret: true, atNul: this.#context.from0 };
    const texts = format.words ? cutWords(bytes, cut, only === undefined) : cutLines(bytes, cut);
    for (const rule of texts) {
      this.#add(only === undefined ? parseRule(rule, format) : parseBareRule(rule, format, only), rule, depth);
    }
  }

  #add(parsed: ParsedRule | undefined, { text, place, isSecret }: RuleText, depth: number): void {
    if (parsed === undefined) return;
    if (parsed.type === "clear") {
      this.#rules = [];
      this.#isCleared = true;
    } else if (parsed.type === "cvs") this.#addCvs(parsed);
    else if ("file" in parsed) this.#addFileRule(parsed, place, depth);
    else this.#rules.push(parsed);
    if (this.#rules.length > MAX_RULES) {
      throw invalidRule({ text, place, isSecret }, `there are more than ${MAX_RULES} rules`);
    }
  }

  #addCvs({ type: _, ...said }: CvsRule): void {
    for (const rule of this.#context.cvs) this.#rules.push({ ...rule, ...said });
  }

  #addFileRule({ type, file, format, inherited, exclusion }: FileRule, place: Place, depth: number): void {
    if (exclusion !== undefined) this.#rules.push({ ...exclusionOf(file, place), ...exclusion });
    if (type === "dir-merge") {
      this.#rules.push({ type: "per-directory", file, inherited, format, place });
      return;
    }
    if (depth >= MAX_DEPTH) throw invalidFile(file, `it lies ${MAX_DEPTH} merge files deep, they may name each other`);
    this.addFile(this.#context.readMergeFile(file, place), file, format, depth + 1);
  }
}

function exclusionOf(file: string, place: Place): PatternRule {
  const pattern = file.slice(file.lastIndexOf("/") + 1);
  return { type: "exclude", pattern, side: "unsaid", place };
}
