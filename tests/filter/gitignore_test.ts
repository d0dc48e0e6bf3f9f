/** Lines of gitignore files. What they match is compared with git in tests/interop. */
import { encodeName } from "../../lib/bytes/name.ts";
import { SyncError } from "../../lib/errors.ts";
import { parseGitignore } from "../../lib/filter/gitignore.ts";
import { formatPlace, formatRule } from "../../lib/filter/rule.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

function rules(text: string): string[] {
  return parseGitignore(encodeName(text), ".gitignore").map((rule) => `${formatRule(rule)}|${formatPlace(rule.place)}`);
}

describe("parseGitignore()", () => {
  it("gives the last line first, and leaves out comments and nothing", () => {
    assertEquals(rules("a\n# b\n\n!c\n"), ["!c|.gitignore:4", "a|.gitignore:1"]);
  });

  it("drops blanks at the end that no backslash keeps, and a carriage return", () => {
    const kept = (line: string) => rules(line).map((rule) => rule.split("|")[0]);
    assertEquals(["a  ", "a\\ ", "a\\  ", "a b ", "a\r", "a \r", "a\t", "  a"].map((line) => kept(line)[0]), [
      "a",
      "a\\ ",
      "a\\ ",
      "a b",
      "a",
      "a",
      "a\t",
      "  a",
    ]);
    assertEquals(kept("   "), []);
  });

  it("knows escaped signs, and a byte order mark", () => {
    assertEquals(rules("\ufeff\\#a\n\\!b"), ["\\!b|.gitignore:2", "\\#a|.gitignore:1"]);
  });

  it("refuses a file that is too large", () => {
    assertEquals(
      assertThrows(() => parseGitignore(new Uint8Array(1_048_577), "x/.gitignore"), SyncError).message,
      'Cannot use the rules of "x/.gitignore": it has 1048577 bytes, at most 1048576 are read',
    );
  });
});
