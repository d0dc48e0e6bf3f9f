/**
 * Filter rules as plain data. A rule says what it matches, on which side it acts and where it was written; it can be
 * sent to a worker and written into a plan. Meaning follows the FILTER RULES of the rsync manual.
 *
 * @module
 */

/** Where a rule was written. */
export interface Place {
  /** Name of the option or file, for people: `"--exclude"`, `"docs/.rsync-filter"`. */
  readonly source: string;
  /** Line in that file, from 1. */
  readonly line?: number;
  /** Column in that line, from 1. */
  readonly column?: number;
}

/**
 * On which side a rule acts: the sender leaves out (hides) what is excluded, the receiver keeps it from deletion
 * (protects it). `"unsaid"` is both, but the sender alone when excluded entries are to be deleted.
 */
export type RuleSide = "unsaid" | "sender" | "receiver" | "both";

/** What a rule may say beside its pattern; what is absent is not the case. */
export interface RuleModifiers {
  /** The pattern matches the absolute path (`/`). */
  readonly absolute?: true;
  /** The rule does not hold in directories that are being deleted (`p`). */
  readonly perishable?: true;
}

/** A rule that includes or excludes what matches its pattern. */
export interface PatternRule extends RuleModifiers {
  /** What happens to an entry that matches. */
  readonly type: "include" | "exclude";
  /** The pattern as it was written. */
  readonly pattern: string;
  /** On which side it acts. */
  readonly side: RuleSide;
  /** The rule takes effect where the pattern does not match (`!`). */
  readonly negated?: true;
  /** The rule is about names of extended attributes, and no entry matches it (`x`). */
  readonly xattr?: true;
  /** The pattern is one of a gitignore file and has the meaning that git gives it. */
  readonly git?: true;
  /** Where it was written. */
  readonly place: Place;
}

/** How the text of a rule file is read. */
export interface RuleFileFormat extends RuleModifiers {
  /** Every entry is a bare pattern of this kind (`-` and `+`); otherwise every line is a complete rule. */
  readonly only?: "include" | "exclude";
  /** Entries are separated by any white space (`w`). */
  readonly words?: true;
  /** The file is read as CVS reads it (`C`): bare excludes, among which `!` clears. */
  readonly cvs?: true;
  /** Side of every rule in the file; when it is said, the rules must not say one. */
  readonly side: RuleSide;
}

/** A rule that names a file to look for in every directory, whose rules come in its place. */
export interface PerDirectoryRule {
  /** Tells the kinds of rules apart. */
  readonly type: "per-directory";
  /** Name of the file, relative to the directory. */
  readonly file: string;
  /** Subdirectories keep the rules of directories above them. */
  readonly inherited: boolean;
  /** How the file is read. */
  readonly format: RuleFileFormat;
  /** Where it was written. */
  readonly place: Place;
}

/**
 * The name that a per-directory rule looks for in every directory: the last one of the path that it is written with.
 *
 * @param file The path.
 * @returns The name; `undefined` when it ends with none.
 */
export function ruleFileName(file: string): string | undefined {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return name === "" || name === "." || name === ".." || name.includes("\0") ? undefined : name;
}

/** Any rule. */
export type Rule = PatternRule | PerDirectoryRule;

/**
 * Writes a rule in short form, as `--filter` takes it.
 *
 * @param rule The rule.
 * @returns For example `"- *.o"`; the line of a gitignore file as it stands there.
 */
export function formatRule(rule: Rule): string {
  if (rule.type === "per-directory") {
    const { only, words, cvs, side } = rule.format;
    const own = cvs ? "C" : `${only === undefined ? "" : only === "exclude" ? "-" : "+"}${words ? "w" : ""}`;
    const letters = `${own}${rule.inherited || cvs ? "" : "n"}${sideLetters(side)}${modifierLetters(rule.format)}`;
    return `:${letters} ${rule.file}`;
  }
  if (rule.git) return `${rule.type === "include" ? "!" : ""}${rule.pattern}`;
  const sign = `${rule.type === "include" ? "+" : "-"}${rule.negated ? "!" : ""}${rule.xattr ? "x" : ""}`;
  return `${sign}${sideLetters(rule.side)}${modifierLetters(rule)} ${rule.pattern}`;
}

function sideLetters(side: RuleSide): string {
  return side === "unsaid" ? "" : side === "both" ? "sr" : side === "sender" ? "s" : "r";
}

function modifierLetters({ absolute, perishable }: RuleModifiers): string {
  return `${absolute ? "/" : ""}${perishable ? "p" : ""}`;
}

/**
 * Writes a place for people.
 *
 * @param place Where a rule was written.
 * @returns For example `"docs/.rsync-filter:3"`, `"list:3:7"` or `"--filter, column 2"`.
 */
export function formatPlace({ source, line, column }: Place): string {
  if (line === undefined) return column === undefined ? source : `${source}, column ${column}`;
  return `${source}:${line}${column === undefined ? "" : `:${column}`}`;
}
