/** What verify finds, in every format: each finding is told, and no name is more than a name. */
import { addFinding, type Finding, FINDING_KINDS, noTotals } from "../../lib/compare/finding.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import { checkText, FINDING_WORDS, findingText } from "../../lib/report/finding_text.ts";
import { annotationsDocument, outputsDocument } from "../../lib/report/github.ts";
import { htmlDocument } from "../../lib/report/html.ts";
import { junitDocument } from "../../lib/report/junit.ts";
import { itemizeDocument, textDocument } from "../../lib/report/line_documents.ts";
import { markdownDocument } from "../../lib/report/markdown.ts";
import { parseJunit } from "../support/junit.ts";
import { assertEquals, assertMatch, assertStringIncludes, describe, it } from "../support/test_api.ts";
import { entry } from "./actions.ts";
import { HOSTILE_NAMES } from "./hostile.ts";
import { hostileFindings, type Story, tellAll } from "./told.ts";

const FILE = entry("file", { size: 10 });
const COUNT = HOSTILE_NAMES.length * FINDING_KINDS.length;

function found(finding: Finding["finding"], fields: Partial<Finding> = {}): Finding {
  return { finding, path: parseRelPath("a"), differences: [], ...fields };
}

function storyOf(...findings: Finding[]): Story {
  const checked = noTotals();
  for (const each of findings) addFinding(checked, each);
  return { findings, summary: { outcome: "different", checked, durationMs: 5 } };
}

describe("findingText()", () => {
  it("begins with a sign, and says what the sign does not", () => {
    const directory = entry("directory");
    assertEquals(findingText(found("missing", { want: FILE })), "- a");
    assertEquals(findingText(found("extra", { have: directory })), "+ a/");
    assertEquals(findingText(found("type", { want: FILE, have: directory })), "* a  (directory, not file)");
    assertEquals(findingText(found("content", { differences: ["size"] })), "* a  (size)");
    assertEquals(findingText(found("changed", { differences: ["content"] })), "* a  (content, time)");
    assertEquals(findingText(found("metadata", { differences: ["mode", "owner"] })), "* a  (permissions, owner)");
    assertMatch(findingText(found("rotten")), /^! a {2}\(rotten: /);
    const failure = { path: "a", code: "io", message: "Cannot read a" } as const;
    assertEquals(findingText(found("unreadable", { failure })), "! a  (Cannot read a)");
    assertEquals(findingText(found("same", { path: parseRelPath("") })), "= ./");
  });
});

describe("checkText()", () => {
  it("tells how much is the same, or what differs", () => {
    const totals = noTotals();
    addFinding(totals, found("same", { want: FILE, have: FILE }));
    assertEquals(checkText(totals), "verify: 1 entry, all the same; 1 file, 10 B compared");
    addFinding(totals, found("missing", { want: FILE }));
    addFinding(totals, found("rotten", { want: FILE, have: FILE }));
    assertEquals(checkText(totals), "verify: 2 of 3 entries: 1 rotten, 1 missing; 2 files, 20 B compared");
  });
});

describe("a report of findings", () => {
  const story = hostileFindings();

  it("is a line for each in text and itemized", () => {
    for (const [document, more] of [[textDocument(), 2], [itemizeDocument(), 0]] as const) {
      const lines = tellAll(document, story).trimEnd().split("\n");
      assertEquals(lines.length, COUNT + more);
      // deno-lint-ignore no-control-regex
      assertEquals(lines.filter((line) => /[\x00-\x1f\x7f-\x9f\u202e\u2028]/.test(line)), []);
    }
  });

  it("is a case for each in JUnit, of which only what is the same passes", () => {
    const xml = tellAll(junitDocument(), story);
    assertEquals(parseJunit(xml).length, COUNT);
    assertStringIncludes(xml, `tests="${COUNT}" failures="${COUNT / 9 * 7}" errors="${COUNT / 9}"`);
    assertEquals(xml.match(/<(?!\/?(?:testsuites?|testcase|failure|error|system-out)[ />]|\?xml)/g), null);
    assertStringIncludes(tellAll(junitDocument(), storyOf()), "source and destination agree: 0 entries");
  });

  it("is a row for each in Markdown, and its rows keep their columns", () => {
    const text = tellAll(markdownDocument(), story);
    const rows = text.split("\n").filter((line) => line.startsWith("| <code>"));
    assertEquals(rows.length, COUNT - HOSTILE_NAMES.length);
    for (const row of rows) assertEquals(row.split("|").length - 1, 3, row);
    assertStringIncludes(text, "### undrift mirror: different");
  });

  it("is a list for each kind in HTML, and cannot leave its markup", () => {
    const page = tellAll(htmlDocument(), story);
    for (const kind of FINDING_KINDS) assertStringIncludes(page, FINDING_WORDS[kind].word);
    assertEquals(page.match(/<li><code>/g)?.length, COUNT - HOSTILE_NAMES.length);
    const inside = page.replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, "");
    assertEquals(inside.match(/<img|<script|<!--/g), null);
  });

  it("is ten annotations of the worst on GitHub, and values for later steps", () => {
    const lines = tellAll(annotationsDocument(), story).trimEnd().split("\n");
    assertEquals(lines.length, 10);
    for (const line of lines.slice(0, 9)) assertMatch(line, /^::error title=undrift mirror%3A rotten::/);
    assertMatch(lines[9]!, /^::notice title=undrift mirror::verify: /);
    const worst = tellAll(annotationsDocument(), storyOf(found("extra", { have: FILE }), found("same")));
    assertMatch(worst, /^::warning title=undrift mirror%3A extra::a \(/);
    const values = tellAll(outputsDocument("0123456789abcdef"), storyOf(found("extra", { have: FILE })));
    assertMatch(values, /\ndifferences<<undrift_0123456789abcdef\n1\n[\s\S]*\nextra<<undrift_0123456789abcdef\n1\n/);
  });
});
