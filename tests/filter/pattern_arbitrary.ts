/**
 * Random patterns, and names that they have something to do with: both are put together from the same small pool, so
 * that a pattern often matches, and often just fails to.
 */
import fc from "fast-check";

/** Names of entries. Bytes that are no UTF-8 are lone surrogates. */
export const NAMES: readonly string[] = [
  "a",
  "b",
  "c",
  "ab",
  "ba",
  "abc",
  "a.c",
  "b.o",
  "B1",
  "é",
  "\udcff",
  "a\udcc3",
  "a*",
  "[a]",
  "a\\b",
  "#a",
  "-",
  " a",
  "a b",
  "!",
  "_a",
  "a\tb",
];

/** What a name of a pattern is put together from, beside whole names. */
const ATOMS: readonly string[] = [
  "a",
  "b",
  "c",
  ".",
  "é",
  "\udcff",
  "\\",
  "\\*",
  "\\a",
  "\\\\",
  "-",
  " ",
  "!",
  "#",
  "?",
  "*",
  "**",
  "***",
  "[ab]",
  "[!a]",
  "[^a-b]",
  "[b-a]",
  "[a-]",
  "[]a]",
  "[!]]",
  "[a\\]]",
  "[\\a-b]",
  "[a-\\c]",
  "[[:alpha:]]",
  "[[:upper:][:digit:]]",
  "[^[:alnum:]]",
  "[[:punct:]a]",
  "[[:space:]]",
  "[[:no:]]",
  "[[:alpha]",
  "[[a]",
  "[a",
  "[",
  "]",
  "[/]",
  "[.-a]",
  "[\udc80-\udcff]",
];

/** How often each kind of wildcard comes up. */
const name: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 2, arbitrary: fc.constantFrom("*", "**", "***", "a*", "*b", "*.o", "?", "*a*", "[ab]*") },
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...ATOMS), { minLength: 1, maxLength: 4 }).map((of) => of.join("")),
  },
);

/** Random patterns of any shape. */
export const pattern: fc.Arbitrary<string> = fc.record({
  start: fc.oneof({ weight: 5, arbitrary: fc.constant("") }, {
    weight: 2,
    arbitrary: fc.constantFrom("/", "**/", "*/"),
  }, {
    weight: 1,
    arbitrary: fc.constantFrom("//", "/**/", "***/", "./"),
  }),
  names: fc.oneof(
    { weight: 3, arbitrary: fc.array(name, { minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(name, { minLength: 2, maxLength: 4 }) },
  ),
  end: fc.oneof({ weight: 5, arbitrary: fc.constant("") }, {
    weight: 3,
    arbitrary: fc.constantFrom("/", "/***", "/**"),
  }, {
    weight: 1,
    arbitrary: fc.constantFrom("//", "/***/", "/*", "\\", "\\/***", "/****", "/\\***"),
  }),
}).map(({ start, names, end }) => `${start}${names.join("/")}${end}`);
