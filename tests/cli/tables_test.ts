import { COMMANDS, GLOBAL_FLAGS } from "../../lib/cli/commands.ts";
import { EXIT, EXIT_MEANINGS, exitCodeOfError, exitCodeOfFailures } from "../../lib/cli/exit_code.ts";
import { type Flag, FLAGS, longForm } from "../../lib/cli/flags.ts";
import { commandHelp, programHelp } from "../../lib/cli/help.ts";
import { hasColor } from "../../lib/cli/io.ts";
import { editDistance, nearest } from "../../lib/cli/suggest.ts";
import { VERSION } from "../../lib/cli/version.ts";
import { painter } from "../../lib/report/paint.ts";
import { PROJECT_ROOT } from "../support/runtimes.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { readFileSync } from "node:fs";

const ALL: readonly Flag[] = FLAGS;

function repeated(words: readonly string[]): string[] {
  return words.filter((word, index) => words.indexOf(word) !== index);
}

describe("the table of options", () => {
  it("gives no name twice, negated names included", () => {
    assertEquals(repeated(ALL.flatMap((flag) => flag.on === true ? [flag.name, `no-${flag.name}`] : [flag.name])), []);
    assertEquals(repeated(ALL.flatMap(({ short }) => short ?? [])), []);
  });

  it("has names of one form", () => {
    assertEquals(ALL.filter(({ name }) => !/^[a-z]+(-[a-z]+)*0?$/.test(name) || name.startsWith("no-")), []);
    assertEquals(ALL.filter(({ short }) => short !== undefined && !/^[A-Za-z0]$/.test(short)), []);
  });

  it("says what each does, without a period", () => {
    assertEquals(ALL.filter(({ doc }) => doc.length < 10 || doc.endsWith(".")).map(longForm), []);
  });

  it("has a meaning for every short form", () => {
    for (const { means } of ALL) {
      if (means === undefined) continue;
      const [name, value] = means;
      const target = ALL.find((flag) => flag.name === name)?.value;
      assertEquals(target?.kind === "choice" && target.choices.includes(value), true, name);
    }
  });

  it("is used whole", () => {
    const used = new Set([...GLOBAL_FLAGS, ...COMMANDS.flatMap(({ flags }) => flags)]);
    assertEquals(FLAGS.filter(({ name }) => !used.has(name)), []);
  });
});

describe("help", () => {
  const texts = [programHelp(VERSION), ...COMMANDS.map((command) => commandHelp(command))];

  it("fits on 80 columns and ends with a line end", () => {
    for (const text of texts) {
      assertEquals(text.split("\n").filter((line) => line.length > 80), []);
      assertEquals(/[^\n]\n$/.test(text), true);
    }
  });

  it("names every option of a command once", () => {
    for (const command of COMMANDS) {
      const text = commandHelp(command);
      for (const name of command.flags) {
        const form = longForm(ALL.find((flag) => flag.name === name)!);
        const rows = text.split("\n").filter((line) => new RegExp(`^ {2}(-.,| {3}) ${form}( |$)`).test(line));
        assertEquals(rows.length, 1, `${command.name} ${form}`);
      }
    }
  });

  it("names every command and exit code", () => {
    for (const { name } of COMMANDS) assertEquals(texts[0]!.includes(`\n  ${name} `), true);
    for (const [code] of EXIT_MEANINGS) assertEquals(texts[0]!.includes(`\n  ${code.padEnd(10)}`), true);
  });

  it("says the same with and without colours", () => {
    // deno-lint-ignore no-control-regex
    assertEquals(programHelp(VERSION, painter(true)).replace(/\x1b\[\d+m/g, ""), texts[0]);
  });
});

describe("the version", () => {
  it("is that of the package", () => {
    for (const file of ["deno.json", "package.json"]) {
      assertEquals(JSON.parse(readFileSync(`${PROJECT_ROOT}${file}`, "utf8")).version, VERSION, file);
    }
  });
});

describe("exit codes", () => {
  it("are explained in help, but for the one nobody is there to read", () => {
    const explained = EXIT_MEANINGS.flatMap(([code]) => code.split(", ").map(Number));
    assertEquals(Object.values(EXIT).filter((code) => !explained.includes(code)), [EXIT.readerGone]);
  });

  it("follow the class of the error", () => {
    assertEquals(
      (["usage", "source-empty", "drift", "no-space", "file-too-large", "vanished", "cancelled", "internal"] as const)
        .map(exitCodeOfError),
      [2, 3, 5, 8, 8, 4, 130, 70],
    );
  });

  it("tell want of space from other failures", () => {
    const count = { failed: 1, warned: 1, ignored: 1 };
    assertEquals(exitCodeOfFailures(0, {}), 0);
    assertEquals(exitCodeOfFailures(0, { vanished: { failed: 0, warned: 5, ignored: 0 } }), 0);
    assertEquals(exitCodeOfFailures(2, { vanished: count, permission: count }), 4);
    assertEquals(exitCodeOfFailures(2, { "permission": count, "no-space": count }), 8);
    assertEquals(exitCodeOfFailures(2000, { "file-too-large": count }), 8);
  });
});

describe("nearest()", () => {
  it("finds what is a slip away, and nothing else", () => {
    const known = ["--delete", "--max-delete", "--no-perms", "--quiet", "--dry-run"];
    assertEquals(nearest("--delet", known), "--delete");
    assertEquals(nearest("--dyr-run", known), "--dry-run");
    assertEquals(nearest("--no-prems", known), "--no-perms");
    assertEquals(nearest("--qui", known), "--quiet");
    assertEquals(nearest("--exclude", known), undefined);
    assertEquals(nearest("--", known), undefined);
  });

  it("counts a swap of neighbours as one", () => {
    assertEquals([editDistance("abcd", "abdc"), editDistance("", "abc"), editDistance("kitten", "sitting")], [1, 3, 3]);
  });
});

describe("hasColor()", () => {
  const color = (choice: "auto" | "always" | "never", isTerminal: boolean, env: Record<string, string> = {}) =>
    hasColor(choice, { isTerminal }, (name) => env[name]);

  it("follows the choice, then the environment, then the terminal", () => {
    assertEquals([color("always", false, { NO_COLOR: "1" }), color("never", true, { FORCE_COLOR: "1" })], [
      true,
      false,
    ]);
    assertEquals([color("auto", true), color("auto", false)], [true, false]);
    assertEquals([color("auto", true, { NO_COLOR: "1" }), color("auto", true, { NO_COLOR: "" })], [false, true]);
    assertEquals([color("auto", false, { FORCE_COLOR: "1" }), color("auto", false, { CLICOLOR_FORCE: "0" })], [
      true,
      false,
    ]);
    assertEquals(color("auto", true, { TERM: "dumb" }), false);
  });
});
