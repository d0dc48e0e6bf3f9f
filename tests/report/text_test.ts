import { emptySummary } from "../../lib/plan/summary.ts";
import { painter } from "../../lib/report/paint.ts";
import { actionText, doneText, errorText, failureText, planText, warningText } from "../../lib/report/text.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { action, entry } from "./actions.ts";

const FILE = entry("file", { size: 1536 });
const DIRECTORY = entry("directory", { size: 4096 });
const LINK = entry("symlink", { target: "releases/3" });

describe("actionText()", () => {
  const lines = (...actions: Parameters<typeof actionText>[0][]) => actions.map((each) => actionText(each));

  it("aligns what is done, what it is, its size and its name", () => {
    assertEquals(
      lines(
        action("create-directory", DIRECTORY, undefined, ["missing"], { path: "docs" }),
        action("write-file", FILE, undefined, ["missing"], { path: "docs/readme.md" }),
        action("write-file", FILE, FILE, ["size", "time"], { path: "data.bin" }),
        action("create-symlink", LINK, undefined, ["missing"], { path: "current" }),
        action("create-special", entry("character-device"), undefined, ["missing"], { path: "null" }),
        action("link", FILE, undefined, ["missing"], { path: "b", to: "a" }),
        action("delete", undefined, DIRECTORY, ["extraneous"], { path: "old" }),
        action("delete", undefined, LINK, ["extraneous"], { path: "was" }),
        action("sweep", undefined, FILE, ["leftover"], { path: ".undrift-0-1.tmp" }),
      ),
      [
        "create  directory            docs/",
        "create  file        1.5 KiB  docs/readme.md",
        "update  file        1.5 KiB  data.bin  (size, time)",
        "create  symlink              current -> releases/3",
        "create  device               null",
        "link    file        1.5 KiB  b => a",
        "delete  directory            old/",
        "delete  symlink              was",
        "sweep   leftover    1.5 KiB  .undrift-0-1.tmp",
      ],
    );
  });

  it("tells old and new where both are short", () => {
    const have = entry("file", { mode: 0o644, uid: 0, gid: 0 });
    const want = entry("file", { mode: 0o4755, uid: 1000, gid: 100 });
    assertEquals(
      lines(
        action("set-metadata", want, have, ["mode", "owner", "group", "xattrs"]),
        action("write-file", want, DIRECTORY, ["kind"]),
        action("set-metadata", DIRECTORY, DIRECTORY, ["time"], { path: "" }),
      ),
      [
        "update  metadata             a  (permissions 0644 to 4755, owner 0 to 1000, group 0 to 100, attributes)",
        "update  file            0 B  a  (was a directory)",
        "update  metadata             ./  (time)",
      ],
    );
  });

  it("escapes names and targets", () => {
    const link = entry("symlink", { target: "t\x1b[2J" });
    assertEquals(
      lines(action("create-symlink", link, undefined, ["missing"], { path: "a\nb\udcff" })),
      ["create  symlink              a\\nb\\xff -> t\\x1b[2J"],
    );
  });

  it("paints the verb by what it does", () => {
    const line = actionText(action("delete", undefined, FILE, ["extraneous"]), painter(true));
    assertEquals(line, "\x1b[31mdelete\x1b[39m  file       \x1b[2m 1.5 KiB\x1b[22m  a");
  });
});

describe("failureText(), warningText() and errorText()", () => {
  it("are one line each", () => {
    const failure = { path: "d/a\nb", code: "permission", message: 'Cannot read "a\\nb":\n denied' } as const;
    assertEquals(failureText(failure), 'failed: d/a\\nb: Cannot read "a\\nb": denied');
    assertEquals(failureText({ ...failure, path: "" }), 'failed: Cannot read "a\\nb": denied');
    assertEquals(warningText({ name: "no-holes", message: "Holes are\nzeros" }), "warning: Holes are zeros");
    assertEquals(errorText("undrift", { message: "Cannot go on" }), "undrift: Cannot go on");
  });

  it("give the hint a line of its own", () => {
    assertEquals(errorText("undrift", { message: "Cannot go on", hint: "rest" }), "undrift: Cannot go on\nhint: rest");
  });
});

describe("planText() and doneText()", () => {
  const some = {
    ...emptySummary(),
    sourceEntries: 1234,
    created: 3,
    updated: 1,
    deleted: 1200,
    files: 2,
    bytes: 1_572_864,
  };
  const none = { ...emptySummary(), sourceEntries: 1234 };
  const run = { done: some, copiedBytes: 1_572_864, failureCount: 0, causes: {}, durationMs: 38, stopped: false };

  it("name what is not zero", () => {
    assertEquals(planText(some, 0), "plan: create 3, update 1, delete 1,200; write 2 files, 1.5 MiB");
    assertEquals(planText({ ...none, metadata: 1, swept: 2 }, 0), "plan: adjust 1, sweep 2");
    assertEquals(doneText(run), "done: created 3, updated 1, deleted 1,200; 2 files, 1.5 MiB in 38 ms (39.5 MiB/s)");
    assertEquals(doneText({ ...run, done: { ...none, metadata: 1 } }), "done: adjusted 1 in 38 ms");
    assertEquals(
      doneText({ ...run, sparedBytes: 1_572_864 }).includes("2 files, 1.5 MiB of 3.0 MiB written in 38 ms"),
      true,
    );
  });

  it("say when there is nothing", () => {
    assertEquals(planText(none, 0), "plan: nothing to do, 1,234 entries agree");
    assertEquals(doneText({ ...run, done: none }), "done: nothing to do in 38 ms");
    assertEquals(doneText({ ...run, done: none, stopped: true }), "stopped: nothing was changed in 38 ms");
  });

  it("count what failed", () => {
    const causes = { permission: { failed: 2, warned: 0, ignored: 0 }, vanished: { failed: 0, warned: 1, ignored: 0 } };
    const told = "plan: nothing to do, 1,234 entries agree; 2 failed (permission); 1 warning (vanished)";
    assertEquals(planText(none, 2, causes), told);
    assertEquals(
      doneText({ ...run, done: { ...none, withheld: 1 }, failureCount: 2, causes }).split("ms")[1],
      told.replace(/.*agree/, "; 1 deletion withheld"),
    );
    assertEquals(planText(none, 2), "plan: nothing to do, 1,234 entries agree; 2 failed");
    assertEquals(doneText({ ...run, failureCount: 1 }).endsWith("(39.5 MiB/s); 1 failed"), true);
    assertEquals(doneText({ ...run, failureCount: 1, stopped: true }).startsWith("stopped: created 3"), true);
  });
});
