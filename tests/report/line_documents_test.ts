import { itemizeDocument, textDocument } from "../../lib/report/line_documents.ts";
import { assertEquals, assertMatch, describe, it } from "../support/test_api.ts";
import { action, entry } from "./actions.ts";
import { hostileStory, tellAll } from "./told.ts";

const ACTIONS = [
  action("write-file", entry("file", { size: 3 }), undefined, ["missing"]),
  action("delete", undefined, entry("directory"), ["extraneous"], { path: "old" }),
];

describe("textDocument()", () => {
  it("tells where, every step, warnings, failures, totals and the refusal", () => {
    const text = tellAll(textDocument(), {
      actions: ACTIONS,
      warnings: ["Holes are zeros"],
      failures: [{ path: "x", code: "io", message: "Cannot read x" }],
      summary: { error: { code: "overlap", message: "Cannot go on", hint: "rest" } },
    });
    assertEquals(
      text,
      "mirror from -> to\n" +
        "warning: Holes are zeros\n" +
        "create  file            3 B  a\n" +
        "delete  directory            old/\n" +
        "failed: x: Cannot read x\n" +
        "plan: create 1, delete 1; write 1 file, 3 B; 1 failed\n" +
        "undrift: Cannot go on\nhint: rest\n",
    );
  });

  it("explains when it is asked to", () => {
    assertMatch(tellAll(textDocument(true), { actions: ACTIONS }), /a\n +not in the destination\n/);
  });

  it("is one line for each thing, whatever the names are", () => {
    const story = hostileStory();
    const lines = tellAll(textDocument(), story).trimEnd().split("\n");
    assertEquals(
      lines.length,
      1 + story.actions!.length + story.failures!.length + story.warnings!.length + 3,
    );
    // deno-lint-ignore no-control-regex
    assertEquals(lines.filter((line) => /[\x00-\x1f\x7f-\x9f\u202e\u2028]/.test(line)).length, 0);
  });
});

describe("itemizeDocument()", () => {
  it("is rsync's lines and nothing else", () => {
    const story = { actions: ACTIONS, warnings: ["x"], failures: [{ path: "x", code: "io", message: "y" }] } as const;
    assertEquals(tellAll(itemizeDocument(), story), ">f+++++++++ a\n*deleting   old/\n");
  });
});
