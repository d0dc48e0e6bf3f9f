/** Snapshots along time, as text and as a page. */
import fc from "fast-check";
import { timelinePage } from "../../lib/snapshot/timeline_page.ts";
import { barOf, longGaps } from "../../lib/snapshot/timeline_scale.ts";
import { timelineText } from "../../lib/snapshot/timeline_text.ts";
import { HOSTILE_NAMES } from "../report/hostile.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import { timelineOf } from "./timelines.ts";

const bytes = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 1e12 }));

describe("barOf()", () => {
  it("shows everything that is there, and is no longer than there is room", () => {
    fc.assert(fc.property(bytes, bytes, bytes, fc.integer({ min: 10, max: 100 }), (shared, fresh, freed, length) => {
      const usage = { sharedBytes: shared, newBytes: fresh, droppedBytes: freed };
      const parts = new Map(barOf(usage, shared + fresh + freed, length));
      assertEquals([parts.has("shared"), parts.has("fresh"), parts.has("freed")], [shared > 0, fresh > 0, freed > 0]);
      const sum = [...parts.values()].reduce((total, each) => total + each, 0);
      // Two parts may be rounded up, and one has to be seen.
      assert(sum <= length + 2, `${sum} of ${length}`);
      assert([...parts.values()].every(Number.isInteger));
    }));
  });
});

describe("longGaps()", () => {
  it("finds where time was longer than usual", () => {
    const at = (...hours: number[]) => hours.map((hour) => ({ takenMs: hour * 3_600_000 }));
    assertEquals([...longGaps(at(0, 24, 48, 120, 144))], [3]);
    assertEquals([...longGaps(at(0, 24, 48, 72))], []);
    assertEquals([longGaps(at(5)).size, longGaps([]).size], [0, 0]);
  });
});

describe("timelineText()", () => {
  it("draws a line for each, and tells of a long pause and of failures", () => {
    const text = timelineText(timelineOf(30).slice(8, 12), { columns: 80 });
    assertEquals(text.split("\n"), [
      "                           NEW     FREED       ALL",
      "2026-09-10T03-00-00Z  85.8 MiB   114 MiB   4.1 GiB  ========================#-",
      "2026-09-11T03-00-00Z   143 MiB  76.3 MiB   4.2 GiB  ========================#-",
      "     9 d without one",
      "2026-09-20T03-00-00Z   200 MiB  38.1 MiB   4.3 GiB  ========================#-",
      "2026-09-21T03-00-00Z   257 MiB       0 B   4.6 GiB  ==========================#",
      "",
      "= shared with the one before   # new   - no longer there",
      "",
    ]);
    assert(timelineText(timelineOf(6), { columns: 80 }).includes("-  2 failures\n"));
  });

  it("fits the terminal and says the same in colours", () => {
    for (const columns of [60, 80, 120, 400]) {
      const snapshots = timelineOf(20, { failures: 0 });
      const plain = timelineText(snapshots, { columns });
      assertEquals(plain.split("\n").filter((line) => line.length > Math.max(columns, 65) + 2), []);
      const colored = timelineText(snapshots, { columns, colored: true });
      // deno-lint-ignore no-control-regex
      const bare = colored.replace(/\x1b\[\d+m/g, "").replace(/[█▒]+/g, (bar) => "x".repeat(bar.length));
      assertEquals(
        bare,
        plain.replace(/[=#-]{2,}(?=\n)|(?<= )[=#-](?= )|(?<=^)[=#](?= )/gm, (bar) => "x".repeat(bar.length)),
      );
    }
    assertEquals(timelineText([], { columns: 80 }), "");
  });
});

describe("timelinePage()", () => {
  const page = (count: number, store = "/backup") => timelinePage({ store, snapshots: timelineOf(count), bytes: 5e9 });

  it("has a bar for what each holds and for what changed, and all numbers", () => {
    const html = page(20);
    assertEquals(html.match(/<path class="thread"/g)?.length, 20);
    assertEquals(html.match(/<tr><th scope="row">/g)?.length, 20);
    assertEquals(/NaN|Infinity|undefined/.test(html.slice(html.indexOf("<svg"), html.indexOf("</svg>"))), false);
    assert(html.includes("2 failures") && html.includes("release"));
  });

  it("copes with none, one, and a thousand", () => {
    assert(page(0).includes("There is no snapshot yet"));
    for (const count of [1, 2, 1000]) {
      assertEquals(/NaN|Infinity|="-/.test(page(count).split("<svg")[1]!.split("</svg>")[0]!), false);
    }
    const empty = timelineOf(3, { bytes: 0, newBytes: 0, sharedBytes: 0, droppedBytes: 0, ownBytes: 0 });
    assertEquals(
      /NaN|Infinity/.test(
        timelinePage({ store: "s", snapshots: empty, bytes: 0 }).split("</style>")[1]!.split("<script>")[0]!,
      ),
      false,
    );
  });

  it("escapes the store and tags", () => {
    const tags = [HOSTILE_NAMES.join(" ")];
    const html = timelinePage({ store: HOSTILE_NAMES.join("/"), snapshots: timelineOf(2, { tags }), bytes: 1 });
    const body = html.slice(html.indexOf("<body>"), html.lastIndexOf("<script>"));
    assertEquals([body.includes("<img"), body.includes("<script"), body.includes("\u202e"), body.includes("\x1b")], [
      false,
      false,
      false,
      false,
    ]);
  });
});
