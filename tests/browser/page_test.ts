/**
 * The HTML report in a real browser: what can be pressed is pressed, and hostile names stay text.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { htmlDocument } from "../../lib/report/html.ts";
import { junitDocument } from "../../lib/report/junit.ts";
import { action, entry } from "../report/actions.ts";
import { HOSTILE_NAMES } from "../report/hostile.ts";
import { hostileStory, type Story, tellAll } from "../report/told.ts";
import { printable } from "../../lib/bytes/printable.ts";
import { Chromium } from "../support/chromium.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import {
  after,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  before,
  describe,
  it,
  requires,
} from "../support/test_api.ts";
import { findProgram } from "../support/programs.ts";

const DESKTOP = { width: 1280, height: 900 } as const;
const PHONE = { width: 390, height: 844, phone: true } as const;

const FILE = entry("file", { size: 5000, mtimeSeconds: 1_600_000_000 });
const OLD = entry("file", { size: 700, mtimeSeconds: 1_700_000_000 });

const SMALL: Story = {
  actions: [
    action("write-file", FILE, undefined, ["missing"], { path: "photos/2026/sea.jpg" }),
    action("write-file", FILE, OLD, ["size", "time"], { path: "photos/2026/land.jpg" }),
    action("delete", undefined, OLD, ["extraneous"], { path: "photos/old.jpg" }),
    action("set-metadata", FILE, FILE, ["mode"], { path: "notes.txt" }),
  ],
};

/** A hundred thousand steps in a thousand folders. */
function large(): Story {
  const actions = Array.from({ length: 100_000 }, (_, at) => {
    const path = `site-${at % 10}/folder-${at % 1000}/photo-${at}.jpg`;
    if (at % 9 === 0) return action("delete", undefined, FILE, ["extraneous"], { path });
    return action("write-file", entry("file", { size: at }), at % 3 === 0 ? OLD : undefined, ["size"], { path });
  });
  return { actions };
}

describe("the HTML report in Chromium", () => {
  const folder = temporaryFolder();
  const needs = requires("chromium");
  let browser: Chromium;

  before(async () => {
    if (findProgram("chromium") !== undefined) browser = await Chromium.start();
  });
  after(async () => {
    await browser?.stop();
    folder.remove();
  });

  const open = async (story: Story, viewport: Parameters<Chromium["open"]>[1] = DESKTOP) => {
    const path = join(folder.path, "page.html");
    writeFileSync(path, tellAll(htmlDocument(), story));
    browser.said.length = 0;
    browser.requested.length = 0;
    await browser.open(path, viewport);
  };
  const text = (selector: string) =>
    browser.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).innerText`);
  const lines = () =>
    browser.evaluate<string[]>(`[...document.querySelectorAll("#tree .line")].map((line) => line.title)`);
  const quiet = () =>
    assertEquals([browser.said, browser.requested.filter((url) => !/^(?:file|data):/.test(url))], [[], []]);

  it("shows all that is planned, and asks the network for nothing", needs, async () => {
    await open(SMALL);
    assertEquals(await lines(), [
      "notes.txt",
      "photos",
      "photos/2026",
      "photos/2026/land.jpg",
      "photos/2026/sea.jpg",
      "photos/old.jpg",
    ]);
    assertMatch(await text("#found"), /^4 entries/);
    quiet();
  });

  it("searches and filters", needs, async () => {
    await open(SMALL);
    await browser.press("/");
    await browser.type("SEA");
    assertEquals(await lines(), ["photos", "photos/2026", "photos/2026/sea.jpg"]);
    assertMatch(await text("#found"), /^1 of 4 entries/);
    await browser.press("Escape");
    assertEquals((await lines()).length, 6);
    await browser.click("button[data-deed=delete]");
    assertEquals(await lines(), ["photos", "photos/old.jpg"]);
    await browser.click("button[data-deed=adjust]");
    assertEquals(await lines(), ["notes.txt", "photos", "photos/old.jpg"]);
    await browser.click("#search");
    await browser.type("nothing like that");
    assertEquals(await lines(), []);
    quiet();
  });

  it("tells all about an entry, and that a newer one is replaced", needs, async () => {
    await open(SMALL);
    await browser.click("#tree [title='photos/2026/land.jpg']");
    const details = await text("#details");
    assertStringIncludes(details, "photos/2026/land.jpg");
    assertStringIncludes(details, "700 B → 4.9 KiB (5,000)");
    assertStringIncludes(details, "2023-11-14 22:13:20 UTC → 2020-09-13 12:26:40 UTC");
    assertStringIncludes(details, "What is there is newer");
    quiet();
  });

  it("is used by the keyboard alone", needs, async () => {
    await open(SMALL);
    await browser.evaluate("document.getElementById('tree').focus()");
    const current = () => browser.evaluate<string>("document.querySelector('[aria-selected=true]').title");
    await browser.press("Home");
    await browser.press("ArrowDown");
    assertEquals(await current(), "photos");
    await browser.press("ArrowLeft");
    assertEquals(await lines(), ["notes.txt", "photos"]);
    await browser.press("ArrowRight");
    await browser.press("ArrowRight");
    assertEquals(await current(), "photos/2026");
    await browser.press("End");
    assertEquals(await current(), "photos/old.jpg");
    await browser.press("ArrowLeft");
    assertEquals(await current(), "photos");
    quiet();
  });

  it("goes into a branch of the map, and back", needs, async () => {
    await open(SMALL);
    // By its name: in its middle is the branch inside it.
    await browser.evaluate(`document.querySelector("#map [aria-label^='photos, ']").click()`);
    assertEquals((await text("#trail")).replaceAll(/\s+/g, " "), "All photos");
    assertStringIncludes(await text("#details"), "photos/");
    await browser.click("#trail [data-node='0']");
    assertEquals(await text("#trail"), "All");
    await browser.click("button[data-measure=count]");
    assertMatch(await text("#map"), /notes\.txt/);
    quiet();
  });

  it("keeps hostile names as text", needs, async () => {
    await open(hostileStory());
    await browser.click("#open");
    const shown = await browser.evaluate<string[]>(`(async () => {
      const tree = document.getElementById("tree");
      const found = new Set();
      for (let top = 0; top < tree.scrollHeight; top += 200) {
        tree.scrollTop = top;
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        for (const line of tree.querySelectorAll(".line")) found.add(line.title);
      }
      return [...found];
    })()`);
    for (const name of HOSTILE_NAMES) assertEquals(shown.includes(printable(name)), true, printable(name));
    assertEquals(await browser.evaluate("document.querySelectorAll('img, script').length"), 2);
    quiet();
  });

  it("follows the scheme of the system, and its own switch", needs, async () => {
    const ground = () => browser.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    await open(SMALL, { ...DESKTOP, scheme: "dark" });
    const dark = await ground();
    await open(SMALL, { ...DESKTOP, scheme: "light" });
    const light = await ground();
    assertEquals(dark === light, false);
    await browser.click("#theme");
    await browser.click("#theme");
    assertEquals([await ground(), await text("#theme")], [dark, "Theme: dark"]);
    quiet();
  });

  it("fits on a phone", needs, async () => {
    await open(hostileStory(), PHONE);
    assertEquals(await browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
    await browser.click("#tree .line");
    assertEquals(await browser.evaluate("getComputedStyle(document.getElementById('details')).position"), "fixed");
    quiet();
  });

  it("works without any step, and when it is refused", needs, async () => {
    await open({});
    assertMatch(await text("main"), /Nothing to do/);
    await open({ summary: { outcome: "refused", error: { code: "source-missing", message: "Cannot mirror x" } } });
    assertMatch(await text("[role=alert]"), /This task was refused\s+Cannot mirror x/);
    quiet();
  });

  it("reads the JUnit report as XML, hostile names and all", needs, async () => {
    await open(SMALL);
    const story = hostileStory();
    const read = await browser.evaluate<{ errors: number; names: string[] }>(`(() => {
      const xml = new DOMParser().parseFromString(${
      JSON.stringify(tellAll(junitDocument(), story))
    }, "application/xml");
      const names = [...xml.querySelectorAll("testcase")].map((each) => each.getAttribute("name"));
      return { errors: xml.querySelectorAll("parsererror").length, names };
    })()`);
    assertEquals(read.errors, 0);
    for (const name of HOSTILE_NAMES) {
      const shown = printable(name).replaceAll(/[\ufffe\uffff]/g, (each) => `\\u{${each.charCodeAt(0).toString(16)}}`);
      assertEquals(read.names.includes(shown), true, shown);
    }
  });

  it("stays usable with 100,000 steps", needs, async () => {
    await open(large());
    assertMatch(await text("#found"), /^100,000 entries/);
    await browser.click("#search");
    await browser.type("photo-99999");
    assertEquals(await lines(), ["site-9", "site-9/folder-999", "site-9/folder-999/photo-99999.jpg"]);
    await browser.press("Escape");
    await browser.click("#open");
    await browser.evaluate("document.getElementById('tree').scrollTop = 1e9");
    await browser.frame();
    assertEquals((await lines()).at(-1), "site-9/folder-999/photo-99999.jpg");
    assertEquals((await browser.evaluate<number>("document.querySelectorAll('#tree *').length")) < 1000, true);
    quiet();
  });
});
