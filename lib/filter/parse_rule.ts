/**
 * One rule from its text: the short and long names and the modifiers of rsync's filter rules, and the older form that
 * `--exclude` and `--include` take.
 *
 * @module
 */
import { invalidRule, type RuleText } from "./invalid.ts";
import { type PatternRule, type RuleFileFormat, ruleFileName, type RuleModifiers, type RuleSide } from "./rule.ts";

/** A rule file that is named by a rule. */
export interface FileRule {
  /** `merge` is read at once, `dir-merge` in every directory. */
  readonly type: "merge" | "dir-merge";
  /** Name of the file. */
  readonly file: string;
  /** How it is read. */
  readonly format: RuleFileFormat;
  /** Subdirectories keep its rules. */
  readonly inherited: boolean;
  /** The file itself is left out (`e`), by a rule that perishes where those around it do. */
  readonly exclusion?: Pick<RuleModifiers, "perishable">;
}

/** The rules that CVS has (`-C`). */
export interface CvsRule extends RuleModifiers {
  /** Tells the kinds of rules apart. */
  readonly type: "cvs";
  /** On which side they act. */
  readonly side: RuleSide;
}

/** What one text says. */
export type ParsedRule = PatternRule | FileRule | CvsRule | { readonly type: "clear" };

/** How a rule file is read when nothing is said: every line is a complete rule. */
export const PLAIN_FORMAT: RuleFileFormat = { side: "unsaid" };

/** Long names of rules. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  "exclude": "-",
  "include": "+",
  "hide": "H",
  "show": "S",
  "protect": "P",
  "risk": "R",
  "merge": ".",
  "dir-merge": ":",
  "clear": "!",
};

/** Rules by their sign, and the modifiers that each knows. */
const MODIFIERS: Readonly<Record<string, string>> = {
  "-": "/!Csrpx",
  "+": "/!srpx",
  "H": "/!px",
  "S": "/!px",
  "P": "/!px",
  "R": "/!px",
  ".": "-+Cenw/srpx",
  ":": "-+Cenw/srpx",
};

const MAX_PATTERN_LENGTH = 4096;

/**
 * Parses a complete rule.
 *
 * @param rule Its text.
 * @param format How the file is read in which it stands.
 * @returns What it says.
 * @throws {SyncError} code `"filter-invalid"` when it is no rule.
 */
export function parseRule(rule: RuleText, format: RuleFileFormat = PLAIN_FORMAT): ParsedRule {
  const { sign, at } = readSign(rule);
  const end = endOfPrefix(rule.text, at);
  const from = rule.text[at] === "," ? at + 1 : at;
  const argument = rule.text.slice(end + 1);
  if (sign === "!") {
    if (from < rule.text.length) throw invalidRule(rule, "a rule that clears takes nothing more", from);
    return { type: "clear" };
  }
  const letters = readModifiers(rule, sign, from, end);
  if (sign === "." || sign === ":") return fileRule(rule, sign, letters, argument, format);
  const side = sideOf(rule, sign, letters, format);
  if (letters.has("C")) {
    if (argument !== "") throw invalidRule(rule, "the modifier C takes no pattern", end);
    return { type: "cvs", side, ...modifiersOf(letters, format) };
  }
  return patternRule(rule, "-HP".includes(sign) ? "exclude" : "include", argument, {
    side,
    ...modifiersOf(letters, format),
    ...(letters.has("!") ? { negated: true } : {}),
    ...(letters.has("x") ? { xattr: true } : {}),
  });
}

/**
 * Parses what `--exclude` and `--include` take, or a line of their files: a bare pattern, or one behind `"- "` or
 * `"+ "`.
 *
 * @param rule Its text.
 * @param bare What a bare pattern is.
 * @returns What it says; `undefined` for a comment and for nothing.
 * @throws {SyncError} code `"filter-invalid"` when it has no pattern.
 */
export function parseOldRule(rule: RuleText, bare: "include" | "exclude"): ParsedRule | undefined {
  const { text } = rule;
  if (text === "" || isComment(text)) return undefined;
  if (text === "!") return { type: "clear" };
  const isSigned = /^[-+] /.test(text);
  const type = !isSigned ? bare : text.startsWith("-") ? "exclude" : "include";
  return patternRule(rule, type, isSigned ? text.slice(2) : text, { side: "unsaid" });
}

/**
 * Parses an entry of a file that holds bare patterns.
 *
 * @param rule Its text.
 * @param format How the file is read.
 * @param only What the patterns are.
 * @returns The rule.
 * @throws {SyncError} code `"filter-invalid"` when the pattern is too long.
 */
export function parseBareRule(rule: RuleText, format: RuleFileFormat, only: "include" | "exclude"): ParsedRule {
  if (format.cvs && rule.text === "!") return { type: "clear" };
  return patternRule(rule, only, rule.text, { side: format.side, ...modifiersOf(NO_LETTERS, format) });
}

/**
 * Tells whether a line is a comment.
 *
 * @param line The line.
 * @returns `true` when it starts with `#` or `;`.
 */
export function isComment(line: string): boolean {
  return line.startsWith("#") || line.startsWith(";");
}

const NO_LETTERS: ReadonlySet<string> = new Set();

function readSign(rule: RuleText): { sign: string; at: number } {
  const { text } = rule;
  const word = /^[a-z-]{2,}(?=[,_ ]|$)/.exec(text)?.[0];
  if (word !== undefined && Object.hasOwn(LONG_NAMES, word)) return { sign: LONG_NAMES[word]!, at: word.length };
  const sign = text[0] ?? "";
  if (sign !== "!" && !Object.hasOwn(MODIFIERS, sign)) {
    throw invalidRule(rule, `it starts with no known rule, it must start with one of ${SIGNS}`);
  }
  return { sign, at: 1 };
}

const SIGNS = "+ - . : P R H S !";

function endOfPrefix(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === " " || text[at] === "_") return at;
  }
  return text.length;
}

function readModifiers(rule: RuleText, sign: string, from: number, end: number): ReadonlySet<string> {
  const letters = new Set<string>();
  for (let at = from; at < end; at++) {
    const letter = rule.text[at]!;
    const isTaken = "+-".includes(letter) && (letters.has("+") || letters.has("-") || letters.has("C"));
    if (!MODIFIERS[sign]!.includes(letter) || isTaken) {
      const known = MODIFIERS[sign]!.split("").join(" ");
      throw invalidRule(rule, `it has a modifier that does not fit, known are ${known}`, at);
    }
    letters.add(letter);
  }
  return letters;
}

function sideOf(rule: RuleText, sign: string, letters: ReadonlySet<string>, format: RuleFileFormat): RuleSide {
  const side = "HS".includes(sign) ? "sender" : "PR".includes(sign) ? "receiver" : sideOfLetters(letters);
  if (side !== "unsaid" && format.side !== "unsaid") {
    throw invalidRule(rule, "it says a side, and the rule that names its file has said one");
  }
  return side === "unsaid" ? format.side : side;
}

function sideOfLetters(letters: ReadonlySet<string>): RuleSide {
  if (letters.has("s")) return letters.has("r") ? "both" : "sender";
  return letters.has("r") ? "receiver" : "unsaid";
}

function modifiersOf(letters: ReadonlySet<string>, format: RuleModifiers): RuleModifiers {
  return {
    ...(letters.has("/") || format.absolute ? { absolute: true } : {}),
    ...(letters.has("p") || format.perishable ? { perishable: true } : {}),
  };
}

function patternRule(
  rule: RuleText,
  type: PatternRule["type"],
  pattern: string,
  rest: Omit<PatternRule, "type" | "pattern" | "place">,
): PatternRule {
  if (pattern === "") throw invalidRule(rule, "it has no pattern", rule.text.length);
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw invalidRule(rule, `its pattern is longer than ${MAX_PATTERN_LENGTH} characters`);
  }
  return { type, pattern, ...rest, place: rule.place };
}

function fileRule(
  rule: RuleText,
  sign: "." | ":",
  letters: ReadonlySet<string>,
  argument: string,
  format: RuleFileFormat,
): FileRule {
  const cvs = letters.has("C");
  const file = argument === "" && cvs ? ".cvsignore" : argument;
  if (file === "" || (sign === ":" && ruleFileName(file) === undefined)) {
    throw invalidRule(rule, "it names no file", rule.text.length);
  }
  const only = cvs || letters.has("-") ? "exclude" : letters.has("+") ? "include" : undefined;
  const side = sideOf(rule, sign, letters, format);
  return {
    type: sign === "." ? "merge" : "dir-merge",
    file,
    inherited: !cvs && !letters.has("n"),
    ...(letters.has("e") ? { exclusion: format.perishable ? { perishable: true } : {} } : {}),
    format: {
      side,
      ...modifiersOf(letters, format),
      ...(only === undefined ? {} : { only }),
      ...(cvs || letters.has("w") ? { words: true } : {}),
      ...(cvs ? { cvs: true } : {}),
    },
  };
}
