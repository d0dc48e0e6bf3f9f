import { junitDocument, xmlText } from "../../lib/report/junit.ts";
import { emptySummary } from "../../lib/plan/summary.ts";
import { assertEquals, assertStringIncludes, describe, it } from "../support/test_api.ts";
import { parseJunit } from "../support/junit.ts";
import { action, entry } from "./actions.ts";
import { HOSTILE_NAMES } from "./hostile.ts";
import { hostileStory, tellAll } from "./told.ts";

const FILE = entry("file", { size: 3 });
const CREATE = action("write-file", FILE, undefined, ["missing"], { path: "new" });
const DELETE = action("delete", undefined, FILE, ["extraneous"], { path: "old" });

describe("junitDocument()", () => {
  it("makes each difference of a plan a failure, the worst first", () => {
    const xml = tellAll(junitDocument(), {
      actions: [CREATE, DELETE],
      failures: [{ path: "x", code: "io", message: "Cannot read x" }],
    });
    assertStringIncludes(xml, '<testsuites name="undrift" tests="3" failures="2" errors="1" time="0.000">');
    assertEquals(xml.match(/<testcase classname="[^"]*" name="[^"]*"/g), [
      '<testcase classname="undrift.mirror.failed" name="x"',
      '<testcase classname="undrift.mirror.delete" name="old"',
      '<testcase classname="undrift.mirror.create" name="new"',
    ]);
    assertStringIncludes(xml, '<failure type="create" message="would create: not in the destination"/>');
    assertStringIncludes(xml, '<error type="io" message="Cannot read x"/>');
  });

  it("passes when both sides agree", () => {
    const totals = { ...emptySummary(), sourceEntries: 7 };
    const xml = tellAll(junitDocument(), { summary: { totals } });
    assertStringIncludes(xml, 'tests="1" failures="0" errors="0"');
    assertStringIncludes(xml, 'name="source and destination agree: 7 entries"');
  });

  it("passes what was done", () => {
    const xml = tellAll(junitDocument(), { actions: [CREATE], summary: { outcome: "done", durationMs: 1234 } });
    assertStringIncludes(xml, 'tests="1" failures="0" errors="0" time="1.234"');
  });

  it("has an error for what was refused", () => {
    const error = { code: "source-missing", message: "Cannot mirror: none", hint: "mount it" } as const;
    const xml = tellAll(junitDocument(), { summary: { outcome: "refused", error } });
    assertStringIncludes(xml, '<error type="source-missing" message="Cannot mirror: none; mount it"/>');
    assertStringIncludes(xml, 'tests="1" failures="0" errors="1"');
  });

  it("lists the worst of very many", () => {
    const actions = Array.from({ length: 10_001 }, () => CREATE);
    const xml = tellAll(junitDocument(), { actions: [...actions, DELETE] });
    assertStringIncludes(xml, 'tests="10001" failures="10001"');
    assertStringIncludes(xml, 'name="old"');
    assertStringIncludes(xml, 'name="2 more"');
  });

  it("can be read, whatever the names are", () => {
    const story = hostileStory();
    const xml = tellAll(junitDocument(), story);
    assertEquals(parseJunit(xml).length, story.actions!.length + story.failures!.length + 1);
    assertEquals(xml.isWellFormed(), true);
    const inside = xml.replaceAll(/&(?:amp|lt|gt|quot|apos|#\d+);/g, "");
    assertEquals(inside.includes("&"), false);
    assertEquals(xml.match(/<(?!\/?(?:testsuites?|testcase|failure|error|system-out)[ />]|\?xml)/g), null);
  });
});

describe("xmlText()", () => {
  it("leaves only characters that XML 1.0 has", () => {
    for (const name of HOSTILE_NAMES) {
      const found = [...xmlText(name)].filter((each) =>
        !/[\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(each)
      );
      assertEquals(found, [], name);
    }
    assertEquals(xmlText(`<a b="c">'&\n\t`), "&lt;a b=&quot;c&quot;&gt;&apos;&amp;&#10;&#9;");
    assertEquals(xmlText("\x00\x1b\udcff\ufffe"), "\\x00\\x1b\\xff\\u{fffe}");
  });
});
