import {
  annotationsDocument,
  outputLines,
  outputsDocument,
  outputsOf,
  withoutCommands,
} from "../../lib/report/github.ts";
import { emptySummary } from "../../lib/plan/summary.ts";
import { assertEquals, assertMatch, assertThrows, describe, it } from "../support/test_api.ts";
import { action, entry } from "./actions.ts";
import { hostileStory, tellAll } from "./told.ts";

/** A workflow command as the runner reads it. */
interface Command {
  readonly name: string;
  readonly properties: Record<string, string>;
  readonly message: string;
}

/** Reads lines as the runner's documentation says, and undoes its escapes. */
function commandsIn(text: string): Command[] {
  return text.split("\n").flatMap((line) => {
    const found = /^\s*::([a-z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line);
    if (found === null) return [];
    const [, name = "", given = "", message = ""] = found;
    const pairs = given.split(",").filter((pair) => pair !== "").map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), unescape(pair.slice(at + 1))] as const;
    });
    return [{ name, properties: Object.fromEntries(pairs), message: unescape(message) }];
  });
}

function unescape(text: string): string {
  return text.replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%0A", "\n").replaceAll("%0D", "\r")
    .replaceAll("%25", "%");
}

const FILE = entry("file", { size: 3 });
const created = (path: string) => action("write-file", FILE, undefined, ["missing"], { path });
const deleted = (path: string) => action("delete", undefined, FILE, ["extraneous"], { path });

describe("annotationsDocument()", () => {
  it("gives the worst first and the totals last, ten at most", () => {
    const commands = commandsIn(tellAll(annotationsDocument(), {
      actions: [...Array.from({ length: 30 }, (_, at) => created(`n${at}`)), ...["x", "y"].map(deleted)],
      warnings: ["Holes are zeros"],
      failures: [{ path: "d/f", code: "io", message: 'Cannot read "f"', hint: "look" }],
      summary: { error: { code: "too-many-deletions", message: "Cannot delete 2", hint: "allow it" } },
    }));
    assertEquals(commands.length, 10);
    assertEquals(commands.slice(0, 6).map(({ name, message }) => `${name} ${message}`), [
      "error Cannot delete 2 (allow it)",
      'error d/f: Cannot read "f" (look)',
      "warning x (not in the source, deleted because of --delete)",
      "warning y (not in the source, deleted because of --delete)",
      "warning Holes are zeros",
      "notice n0 (not in the destination)",
    ]);
    assertEquals(commands[2]!.properties, { title: "undrift mirror: delete" });
    assertMatch(commands.at(-1)!.message, /^plan: create 30, delete 2; /);
  });

  it("says of what was done only what is gone", () => {
    const summary = { outcome: "done", copiedBytes: 3, durationMs: 5 } as const;
    const commands = commandsIn(tellAll(annotationsDocument(), { actions: [created("a"), deleted("b")], summary }));
    assertEquals(commands.map(({ name, properties }) => [name, properties["title"]]), [
      ["notice", "undrift mirror: deleted"],
      ["notice", "undrift mirror"],
    ]);
  });

  it("lets no name become a command or a property", () => {
    const story = hostileStory();
    const single = story.actions!.map((each) => tellAll(annotationsDocument(), { ...story, actions: [each] }));
    for (const text of [tellAll(annotationsDocument(), story), ...single]) {
      const commands = commandsIn(text);
      assertEquals(commands.length, text.trimEnd().split("\n").length, text);
      for (const { name, properties } of commands) {
        assertEquals([["error", "warning", "notice"].includes(name), Object.keys(properties)], [true, ["title"]]);
        assertMatch(properties["title"]!, /^undrift mirror(: [a-z ]+)?$/);
      }
      // deno-lint-ignore no-control-regex
      assertEquals(/[\x00-\x09\x0b-\x1f\x7f\u2028\u202e]/.test(text), false);
    }
  });
});

describe("withoutCommands()", () => {
  it("breaks both forms of commands", () => {
    assertEquals(
      withoutCommands("::error::x\n  ::set-output name=a::b\na::b"),
      ":\\x3aerror::x\n  :\\x3aset-output name=a::b\na::b",
    );
    assertEquals(withoutCommands("failed: a##[error]b"), "failed: a##\\x5berror]b");
  });
});

/** Reads outputs as the runner does. */
function outputsIn(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length - 1; at++) {
    const [, name = "", delimiter = ""] = /^([^<]+)<<(.*)$/.exec(lines[at]!) ?? [];
    const end = lines.indexOf(delimiter, at + 1);
    if (name === "" || end < 0) throw new Error(`no output: ${lines[at]}`);
    found[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return found;
}

describe("outputs", () => {
  it("tell the outcome and the totals", () => {
    const totals = { ...emptySummary(), created: 2, deleted: 1, files: 1, bytes: 5 };
    const outputs = outputsOf({ outcome: "planned", exitCode: 1, totals, failures: 3 });
    assertEquals(outputsIn(outputLines(outputs, "0123456789abcdef")), outputs);
    assertEquals(
      [outputs["outcome"], outputs["exit-code"], outputs["changes"], outputs["created"], outputs["deleted"]],
      [
        "planned",
        "1",
        "true",
        "2",
        "1",
      ],
    );
    assertEquals([outputs["bytes"], outputs["failures"]], ["5", "3"]);
  });

  it("cannot be added to by a message", () => {
    const message = "a\nundrift_0123\nowned<<x\ny\nx";
    const text = tellAll(outputsDocument("f".repeat(32)), { summary: { error: { code: "io", message } } });
    assertEquals(Object.keys(outputsIn(text)).includes("owned"), false);
    assertEquals(outputsIn(text)["error"], "a undrift_0123 owned<<x y x");
  });

  it("refuse a delimiter that can be guessed or is in a value", () => {
    assertThrows(() => outputLines({ a: "b" }, "12"), RangeError, "random");
    assertThrows(() => outputLines({ a: `undrift_${"0".repeat(32)}` }, "0".repeat(32)), RangeError);
  });
});
