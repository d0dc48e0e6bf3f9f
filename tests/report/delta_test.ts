/** What a delta would be, as text and as a page. */
import { array, assert as property, constantFrom, integer, property as forAll, tuple } from "fast-check";
import { RANGE_KINDS } from "../../lib/delta/range.ts";
import { columnsOf, lookOf, percentText, RANGE_WORDS } from "../../lib/report/delta_columns.ts";
import { deltaPage } from "../../lib/report/delta_html.ts";
import { deltaText, rangeText } from "../../lib/report/delta_text.ts";
import { assertEquals, assertMatch, assertStringIncludes, describe, it } from "../support/test_api.ts";
import { HOSTILE_NAMES } from "./hostile.ts";
import { toldDelta } from "./told_delta.ts";

const MIXED = toldDelta([["kept", 4000], ["literal", 1000], ["moved", 2000], ["literal", 1], ["kept", 1000]]);
const lineOf = (text: string, at: number) => text.split("\n")[at];

describe("columnsOf()", () => {
  const parts = array(tuple(constantFrom(...RANGE_KINDS), integer({ min: 1, max: 5000 })), { minLength: 1 });

  it("shares out every byte, and every column is full", () => {
    property(forAll(parts, integer({ min: 1, max: 300 }), (ranges, count) => {
      const told = toldDelta(ranges);
      const columns = columnsOf(told, count);
      assertEquals(columns.length, count);
      const near = (one: number, other: number) => Math.abs(one - other) < 1e-6;
      for (const { kept, moved, literal } of columns) assertEquals(near(kept + moved + literal, 1), true);
      for (const kind of RANGE_KINDS) {
        const bytes = columns.reduce((sum, each) => sum + each[kind], 0) * told.newBytes / count;
        assertEquals(near(bytes / told.newBytes, told[kind].bytes / told.newBytes), true);
      }
    }));
  });

  it("overlooks nothing that is new, however little it is", () => {
    const told = toldDelta([["kept", 2 ** 40], ["literal", 1], ["kept", 2 ** 40]]);
    const looks = columnsOf(told, 80).map(lookOf).filter((look) => look !== "kept");
    assertEquals([new Set(looks), looks.length <= 2], [new Set(["some"]), true]);
  });
});

describe("percentText()", () => {
  it("says none and all only when it is that", () => {
    assertEquals([percentText(0, 5), percentText(5, 5), percentText(0, 0)], ["0 %", "100 %", "0 %"]);
    assertEquals([percentText(1, 1e6), percentText(999_999, 1e6), percentText(1, 8)], [
      "< 0.1 %",
      "> 99.9 %",
      "12.5 %",
    ]);
  });
});

describe("deltaText()", () => {
  it("draws the new file as wide as the terminal", () => {
    const text = deltaText(MIXED, { columns: 42 });
    assertEquals(lineOf(text, 0), "old  old: 7.8 KiB, 8 blocks of 1,000 bytes");
    assertEquals(lineOf(text, 3), "[===================+#####~~~~~~~~~++====]");
    assertEquals(lineOf(text, 4), "0                3.9 KiB           7.8 KiB");
    assertStringIncludes(text, "=  kept    4.9 KiB   62.5 %  2 ranges at the same place in the old file\n");
    assertStringIncludes(text, "+  something new");
    assertMatch(text, /^delta 1021 B: 6\.8 KiB less than the new file \(87\.2 %\)$/m);
    for (const columns of [0, 10, 39, 80, 200, 1000]) {
      const bar = lineOf(deltaText(MIXED, { columns }), 3)!;
      assertEquals(bar.length, Math.min(200, Math.max(10, columns)));
    }
  });

  it("draws blocks in colours, one for each look", () => {
    const bar = lineOf(deltaText(MIXED, { columns: 42, colored: true }), 3)!;
    const styled = (code: number, text: string) => `\x1b[${code}m${text}\x1b[39m`;
    const parts = [
      styled(32, "█".repeat(19)),
      styled(33, "▒"),
      styled(33, "█".repeat(5)),
      styled(36, "█".repeat(9)),
      styled(33, "▒▒"),
      styled(32, "█".repeat(4)),
    ];
    assertEquals(bar, `[${parts.join("")}]`);
  });

  it("says when nothing is saved, and draws nothing of an empty file", () => {
    assertStringIncludes(
      deltaText(toldDelta([["literal", 100]]), { columns: 80 }),
      "8 B more than the new file: nothing is saved",
    );
    const empty = deltaText(toldDelta([]), { columns: 80 });
    assertEquals([empty.includes("["), empty.includes("5 B more than the new file")], [false, true]);
  });

  it("keeps hostile names on their line", () => {
    const lines = deltaText(MIXED, { columns: 80 }).split("\n").length;
    for (const name of HOSTILE_NAMES) {
      const text = deltaText({ ...MIXED, old: name, fresh: name }, { columns: 80 });
      // deno-lint-ignore no-control-regex
      assertEquals([text.split("\n").length, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(text)], [lines, false]);
    }
  });
});

describe("rangeText()", () => {
  it("says where a range is, and where it comes from when that is elsewhere", () => {
    assertEquals(rangeText({ kind: "kept", start: 5, length: 1, oldStart: 5 }), "kept   1 byte at 5\n");
    assertEquals(
      rangeText({ kind: "moved", start: 5000, length: 20, oldStart: 0 }),
      "moved  20 bytes at 5,000 from byte 0\n",
    );
    assertEquals(rangeText({ kind: "literal", start: 0, length: 2 }), "new    2 bytes at 0\n");
  });
});

describe("deltaPage()", () => {
  it("tells the numbers without a script", () => {
    const page = deltaPage(MIXED);
    for (const kind of RANGE_KINDS) assertStringIncludes(page, `<span class="word">${RANGE_WORDS[kind].word}</span>`);
    assertStringIncludes(page, "<dt>Blocks</dt><dd>8 of 1,000 bytes</dd>");
    assertStringIncludes(deltaPage(toldDelta([])), "The new file is empty");
  });

  it("covers the strip with rectangles and nothing twice", () => {
    const page = deltaPage(toldDelta([["kept", 100_000], ["literal", 3], ["moved", 50_000], ["literal", 70_000]]));
    const rects = [...page.matchAll(/<rect class="range-(\w+)" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)">/g)];
    const area = rects.reduce((sum, [, , , , width, height]) => sum + Number(width) * Number(height), 0);
    assertEquals(area, 400 * 60);
    assertEquals(rects.length < 12, true);
    assertEquals(new Set(rects.map(([, kind]) => kind)).size, 3);
  });

  it("keeps hostile names out of its markup", () => {
    const tags = (page: string) => page.match(/<[a-z!/][^\s>]*/gi);
    for (const name of HOSTILE_NAMES) {
      assertEquals(tags(deltaPage({ ...MIXED, old: name, fresh: name })), tags(deltaPage(MIXED)));
    }
  });
});
