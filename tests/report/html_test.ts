import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { htmlDocument } from "../../lib/report/html.ts";
import { PAGE_STYLE } from "../../lib/report/page_assets.ts";
import { DEED_NAMES } from "../../lib/report/words.ts";
import { PAGE_ASSETS, pageAssets } from "../../tools/report_page.ts";
import { assertEquals, assertMatch, assertStringIncludes, describe, it } from "../support/test_api.ts";
import { action, entry } from "./actions.ts";
import { hostileStory, tellAll } from "./told.ts";

const FILE = entry("file", { size: 1536 });
const ACTIONS = [
  action("write-file", FILE, undefined, ["missing"], { path: "new" }),
  action("delete", undefined, FILE, ["extraneous"], { path: "old" }),
];

/** All elements of a kind: what is between their tags. */
function insides(page: string, tag: string): string[] {
  return [...page.matchAll(new RegExp(`<${tag}(?: [^>]*)?>([\\s\\S]*?)</${tag}>`, "g"))].map(([, inside = ""]) =>
    inside
  );
}

describe("htmlDocument()", () => {
  it("tells totals, refusal, failures and warnings without a script", () => {
    const page = tellAll(htmlDocument(), {
      actions: ACTIONS,
      failures: [{ path: "x", code: "io", message: "Cannot read x", hint: "look" }],
      warnings: ["Holes are zeros"],
      summary: { error: { code: "too-many-deletions", message: "Cannot delete 1", hint: "allow it" } },
    });
    assertStringIncludes(
      page,
      '<span class="number">1</span><span class="word">delete</span><span class="bytes">1.5 KiB',
    );
    assertStringIncludes(page, "<h2>This plan would be refused</h2><p>Cannot delete 1</p>");
    assertStringIncludes(page, "<summary>1 entry failed</summary><ul><li><code>x</code> Cannot read x");
    assertStringIncludes(page, "<li>Holes are zeros</li>");
    assertStringIncludes(page, "<code>from</code> → <code>to</code>");
  });

  it("says when there is nothing to do, and why a task was refused", () => {
    assertStringIncludes(tellAll(htmlDocument(), {}), "Nothing to do: 0 entries agree");
    const refused = tellAll(htmlDocument(), {
      summary: { outcome: "refused", error: { code: "source-missing", message: "Cannot mirror" } },
    });
    assertStringIncludes(refused, "<h2>This task was refused</h2><p>Cannot mirror</p>");
    assertEquals(refused.includes("Nothing to do"), false);
  });

  it("lets its own style and script run by their hashes, and loads nothing", () => {
    const page = tellAll(htmlDocument(), { actions: ACTIONS });
    const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    const [policy = ""] = /content="default-src[^"]*"/.exec(page) ?? [];
    assertStringIncludes(policy, `style-src ${hash(insides(page, "style")[0]!)};`);
    assertStringIncludes(policy, `script-src ${hash(insides(page, "script").at(-1)!)};`);
    assertEquals(page.match(/(?:src|href)="(?!data:,)[^"]*"|@import|url\(/g), null);
  });

  it("keeps hostile names out of its markup", () => {
    const quiet = tellAll(htmlDocument(), {
      actions: ACTIONS,
      warnings: ["w"],
      summary: { error: { code: "io", message: "m" } },
    });
    const page = tellAll(htmlDocument(), hostileStory());
    assertEquals(insides(page, "script").length, 2);
    const tags = (text: string) => new Set(text.replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, "").match(/<[^\s>]+/g));
    assertEquals([...tags(page)].filter((tag) => !tags(quiet).has(tag) && !["<span", "<li"].includes(tag)), []);
  });
});

describe("the script and style of the page", () => {
  it("have a colour for every deed", () => {
    for (const deed of DEED_NAMES) {
      assertMatch(PAGE_STYLE, new RegExp(`^  --${deed}: `, "m"));
      assertMatch(PAGE_STYLE, new RegExp(`^\\.deed-${deed} \\{`, "m"));
    }
  });

  it("are those that lib/report/page makes (deno task page)", () => {
    assertEquals(readFileSync(PAGE_ASSETS, "utf8") === pageAssets(), true);
  });
});
