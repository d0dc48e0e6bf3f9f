import { markdownDocument, markdownText } from "../../lib/report/markdown.ts";
import { assert, assertEquals, assertStringIncludes, describe, it } from "../support/test_api.ts";
import { action, entry } from "./actions.ts";
import { HOSTILE_NAMES } from "./hostile.ts";
import { hostileStory, tellAll } from "./told.ts";

const FILE = entry("file", { size: 1536 });

describe("markdownDocument()", () => {
  it("tells totals in a table, deletions before the rest", () => {
    const text = tellAll(markdownDocument(), {
      actions: [
        action("write-file", FILE, undefined, ["missing"], { path: "new" }),
        action("delete", undefined, FILE, ["extraneous"], { path: "old" }),
      ],
      failures: [{ path: "x", code: "io", message: "Cannot read x" }],
    });
    assertStringIncludes(text, "### undrift mirror: planned\n\n<code>from</code> → <code>to</code>\n");
    assertStringIncludes(
      text,
      "| create | update | delete | failed |\n| ---: | ---: | ---: | ---: |\n| **1** | 0 | **1** | **1** |\n",
    );
    assertStringIncludes(text, "<details open><summary>Delete: 1</summary>");
    assertStringIncludes(text, "| <code>new</code> | 1&#46;5 KiB |".replace("&#46;", "."));
    assert(text.indexOf("Delete: 1") < text.indexOf("Create: 1"));
    assert(text.indexOf("Failed: 1") < text.indexOf("Delete: 1"));
  });

  it("cuts long lists and says so", () => {
    const actions = Array.from(
      { length: 250 },
      (_, at) => action("write-file", FILE, undefined, ["missing"], { path: `f${at}` }),
    );
    const text = tellAll(markdownDocument(), { actions });
    assertEquals(text.match(/<code>f\d+<\/code>/g)?.length, 100);
    assertStringIncludes(text, "… and 150 more");
  });

  it("has rows that keep their columns, whatever the names are", () => {
    const text = tellAll(markdownDocument(), hostileStory());
    const rows = text.split("\n").filter((line) => line.startsWith("| <code>"));
    assertEquals(rows.length, 7 * HOSTILE_NAMES.length);
    for (const row of rows) {
      assertEquals([3, 4].includes(row.split("|").length - 1), true, row);
      assertEquals(
        row.replaceAll(/<\/?code>/g, "").match(/[<>`*_[\]@#\\]/g)?.filter((found) => found !== "#") ?? [],
        [],
      );
    }
  });

  it("never exceeds what GitHub takes, and says when something is left out", () => {
    const long = "&".repeat(4000);
    const actions = Array.from({ length: 300 }, (_, at) => {
      return action("link", FILE, FILE, ["missing"], { path: `${at}${long}`, to: `${at}${long}` });
    });
    const failures = actions.map(({ path }) => ({ path, code: "io", message: long } as const));
    const text = tellAll(markdownDocument(), { actions, failures, warnings: Array.from({ length: 900 }, () => long) });
    assert(new TextEncoder().encode(text).length <= 1 << 20);
    assertStringIncludes(text, "The rest is left out");
  });
});

describe("markdownText()", () => {
  it("leaves nothing that Markdown or HTML reads, and means the same", () => {
    for (const name of HOSTILE_NAMES) {
      const text = markdownText(name);
      assertEquals(/^(?:[\p{L}\p{M}\p{N} /…-]|&#\d+;)*$/u.test(text), true, text);
    }
    const decoded = markdownText("a<b>|`@x.y").replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    assertEquals(decoded, "a<b>|`@x.y");
  });

  it("cuts in the middle what is long", () => {
    assertEquals(markdownText("x".repeat(500)), `${"x".repeat(100)}…${"x".repeat(100)}`);
  });
});
