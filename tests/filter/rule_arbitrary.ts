/**
 * Random rules in all their forms, and the contents of rule files that go with them. All of them are valid: what rsync
 * refuses, and where it is not followed (`.github/DIFFERENCES.md`), does not come up.
 */
import fc from "fast-check";
import { encodeName } from "../../lib/bytes/name.ts";
import { readClass } from "../../lib/filter/byte_class.ts";
import { pattern as anyPattern } from "./pattern_arbitrary.ts";

/** A slash in a class divides a path for rsync, although no class matches one. */
const pattern = anyPattern.filter((text) => !hasSlashInClass(encodeName(text)));

function hasSlashInClass(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0x5c) at++;
    else if (bytes[at] === 0x5b) {
      const { end } = readClass(bytes, at);
      if (bytes.subarray(at, end).includes(0x2f)) return true;
      at = end - 1;
    }
  }
  return false;
}

/** Stand in rules for the absolute paths of both trees. */
export const SOURCE_MARK = "@SOURCE@";
export const DESTINATION_MARK = "@DESTINATION@";

/** One option: rules as they stand in a file for `--filter`, or patterns for `--include-from` and `--exclude-from`. */
export interface RuleStep {
  readonly type: "filter" | "include-from" | "exclude-from";
  readonly lines: readonly string[];
}

const SIGNS = ["+", "-", "include", "exclude"] as const;
const SIDED_SIGNS = ["P", "R", "H", "S", "protect", "risk", "hide", "show"] as const;

const separator = fc.constantFrom(" ", " ", " ", "_");

/** Letters behind a sign, with the comma that a long name needs. */
function prefixed(sign: string, letters: readonly string[]): string {
  const all = letters.join("");
  return sign.length > 1 && all !== "" ? `${sign},${all}` : `${sign}${all}`;
}

const modifiers = (known: readonly string[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant([] as string[]) }, {
    weight: 1,
    arbitrary: fc.uniqueArray(fc.constantFrom(...known), { minLength: 1, maxLength: 2 }),
  });

const bothSided: fc.Arbitrary<[string, string[]]> = fc.tuple(
  fc.constantFrom(...SIGNS, ...SIGNS, "-"),
  modifiers(["!", "s", "r", "p", "p", "x"]),
);
const oneSided: fc.Arbitrary<[string, string[]]> = fc.tuple(fc.constantFrom(...SIDED_SIGNS), modifiers(["!", "p"]));

/** Rules whose pattern matches absolute paths. */
const absoluteRule = fc.record({
  sign: fc.constantFrom("-/", "+/", "-/s", "-/r", "-/!", "H/", "P,/", "exclude,/"),
  root: fc.constantFrom(`${SOURCE_MARK}/`, `${DESTINATION_MARK}/`, "source/", "destination/", "/**/source/", ""),
  pattern,
}).map((of) => `${of.sign} ${of.root}${of.pattern}`);

const rule = fc.record({ sign: fc.oneof({ weight: 3, arbitrary: bothSided }, oneSided), separator, pattern })
  .map((of) => `${prefixed(...of.sign)}${of.separator}${of.pattern}`);

/** Rules that say no side, for files whose side was said. */
const sidelessRule = fc.record({
  sign: fc.tuple(fc.constantFrom(...SIGNS), modifiers(["!", "p"])),
  separator,
  pattern,
}).map((of) => `${prefixed(...of.sign)}${of.separator}${of.pattern}`);

const comment = fc.constantFrom("", "# - a", "; - *", "#");

/** Declarations of rule files for every directory; each name has contents of its own kind. */
const perDirectory = fc.constantFrom(
  ": .r",
  ":n .r",
  ":e .r",
  "dir-merge .r",
  "dir-merge,ne .r",
  ":p .q",
  ": /.r",
  ":x .r",
  ":- .p",
  ":+ .p",
  ":n- .p",
  ":-s .p",
  ":-r .p",
  ":-rs .p",
  ":e-p .p",
  ": .q",
  ":s .q",
  ":r .q",
  ":sr .q",
  ":ne .q",
  ":w- .w",
  ":w+n .w",
  ":C",
  ":C .w",
  ":sC .w",
);

const LIST_CLEARING = fc.constantFrom("!", "clear");

/** Lines of a file of complete rules. */
function ruleLines(lines: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string[]> {
  return fc.array(lines, { minLength: 1, maxLength });
}

const line = fc.oneof(
  { weight: 14, arbitrary: rule },
  { weight: 2, arbitrary: absoluteRule },
  { weight: 4, arbitrary: perDirectory },
  { weight: 1, arbitrary: comment },
  { weight: 1, arbitrary: LIST_CLEARING },
  { weight: 1, arbitrary: fc.constant("-C") },
);

const oldLine = fc.oneof(
  { weight: 6, arbitrary: pattern.filter((text) => text !== "- ") }, // a sign without a pattern
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom("- ", "+ "), pattern).map((of) => of.join("")) },
  { weight: 1, arbitrary: comment },
  { weight: 1, arbitrary: fc.constant("!") },
);

const step: fc.Arbitrary<RuleStep> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("filter" as const), lines: ruleLines(line, 6) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom("include-from" as const, "exclude-from" as const),
      lines: ruleLines(oldLine, 4),
    }),
  },
);

/** Random rules as they are given to a run. */
export const ruleSteps: fc.Arbitrary<RuleStep[]> = fc.array(step, { minLength: 1, maxLength: 3 });

/** What ends a line, or an entry of a file that is read with `--from0`. */
const ends = (isFrom0: boolean) => isFrom0 ? fc.constant("\0") : fc.constantFrom("\n", "\n", "\r\n", "\r", "\n\n");

function fileOf(lines: fc.Arbitrary<string>, isFrom0: boolean): fc.Arbitrary<string> {
  return fc.tuple(ruleLines(lines, 4), ends(isFrom0), fc.boolean())
    .map(([of, end, isEnded]) => `${of.join(end)}${isEnded ? end : ""}`);
}

/** Rules of a file that may name further files. They do not clear: rsync would not look for such a file again. */
const fileLine = fc.oneof(
  { weight: 12, arbitrary: rule },
  { weight: 1, arbitrary: absoluteRule },
  { weight: 1, arbitrary: comment },
  { weight: 2, arbitrary: fc.constantFrom(": .q", ":n .q", ":- .p", ":w- .w", "dir-merge .q") },
  { weight: 1, arbitrary: fc.constant("-C") },
);

const sidelessLine = fc.oneof({ weight: 10, arbitrary: sidelessRule }, comment, LIST_CLEARING);

const words = fc.array(fc.oneof(pattern, fc.constantFrom("!", "#x", ";y", "-", "+ a")), { minLength: 1, maxLength: 4 });

/** Random contents of rule files by their names. */
export function ruleFiles(isFrom0: boolean): Readonly<Record<string, fc.Arbitrary<string>>> {
  const bareLine = fc.oneof({ weight: 6, arbitrary: pattern }, comment, fc.constantFrom("!", "- a", "+ b"));
  const wordsOf = (...blanks: string[]) =>
    fc.tuple(words, fc.constantFrom(...blanks, ...(isFrom0 ? ["\0"] : []))).map(([of, blank]) => of.join(blank));
  return {
    ".r": fileOf(fileLine, isFrom0),
    ".q": fileOf(sidelessLine, isFrom0),
    ".p": fileOf(bareLine, isFrom0),
    ".w": wordsOf(" ", "\n", "\t ", "\r\n"),
    ".cvsignore": wordsOf(" ", "\n"),
  };
}
