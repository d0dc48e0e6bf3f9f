/** Random gitignore files, with everything that is special in them. */
import fc from "fast-check";
import { pattern } from "./pattern_arbitrary.ts";

const gitPattern = fc.oneof(
  { weight: 4, arbitrary: pattern },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "a/**/b",
      "**/b",
      "a/**",
      "/**/a",
      "a**/b",
      "*/**",
      "**",
      "/",
      "//",
      "/*",
      "!*",
      "*.o/",
      "a/**/**/b",
    ),
  },
);

const line = fc.record({
  start: fc.oneof({ weight: 4, arbitrary: fc.constant("") }, { weight: 2, arbitrary: fc.constant("!") }, {
    weight: 1,
    arbitrary: fc.constantFrom("\\", "\\!", "\\#", " ", "#", "!!", "\t"),
  }),
  pattern: gitPattern,
  end: fc.oneof({ weight: 6, arbitrary: fc.constant("") }, {
    weight: 1,
    arbitrary: fc.constantFrom(
      " ",
      "  ",
      "\\ ",
      "\\  ",
      " \\ ",
      "\\\\ ",
      "\t",
      " \t",
      "\r",
      " \r",
      "\r\r",
      "\\\\",
      "\\",
    ),
  }),
}).map((of) => `${of.start}${of.pattern}${of.end}`);

/** Random contents of a gitignore file. */
export const gitignoreText: fc.Arbitrary<string> = fc.record({
  start: fc.oneof({ weight: 9, arbitrary: fc.constant("") }, { weight: 1, arbitrary: fc.constantFrom("\ufeff", "\n") }),
  lines: fc.array(
    fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: fc.constantFrom("", " ", "#x", "!", "\\") }),
    {
      minLength: 1,
      maxLength: 5,
    },
  ),
  end: fc.constantFrom("\n", "", "\n\n"),
}).map((of) => `${of.start}${of.lines.join("\n")}${of.end}`);
