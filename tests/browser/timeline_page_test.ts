/** The page of a timeline, in a real browser. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { timelinePage } from "../../lib/snapshot/timeline_page.ts";
import { HOSTILE_NAMES } from "../report/hostile.ts";
import { timelineOf } from "../snapshot/timelines.ts";
import { Chromium } from "../support/chromium.ts";
import { findProgram } from "../support/programs.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assert, assertEquals, before, describe, it, requires } from "../support/test_api.ts";

const DESKTOP = { width: 1280, height: 900 } as const;

describe("the page of a timeline in Chromium", () => {
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

  const open = async (viewport: Parameters<Chromium["open"]>[1], store = "/backup/photos", tags: string[] = []) => {
    const path = join(folder.path, "timeline.html");
    writeFileSync(path, timelinePage({ store, snapshots: timelineOf(40, { tags }), bytes: 5e9 }));
    browser.said.length = 0;
    browser.requested.length = 0;
    await browser.open(path, viewport);
  };
  const quiet = () =>
    assertEquals([browser.said, browser.requested.filter((url) => !/^(?:file|data):/.test(url))], [[], []]);
  const fills = () =>
    browser.evaluate<string[]>(
      `[...new Set([...document.querySelectorAll("rect")].map((rect) => getComputedStyle(rect).fill))].sort()`,
    );

  it("stands every bar on its ground, side by side, and asks the network for nothing", needs, async () => {
    await open(DESKTOP);
    const [shared, fresh, overlaps, outside] = await browser.evaluate<number[]>(`(() => {
      const box = document.querySelector(".timeline svg").getBoundingClientRect();
      const of = (look) => [...document.querySelectorAll("rect." + look)].map((rect) => rect.getBoundingClientRect());
      const held = of("time-shared");
      const all = [...held, ...of("time-fresh"), ...of("time-freed")];
      const overlaps = held.filter((bar, at) => at > 0 && bar.left < held[at - 1].right).length;
      const outside = all.filter((bar) => bar.left < box.left - 1 || bar.right > box.right + 1 || bar.top < box.top - 1 || bar.bottom > box.bottom + 1).length;
      return [held.length, of("time-fresh").length, overlaps, outside];
    })()`);
    assertEquals([shared, overlaps, outside], [39, 0, 0]);
    assert(fresh! > 60, `${fresh}`);
    assertEquals((await fills()).length, 4);
    quiet();
  });

  it("has other colours in the dark, by the system and by its switch", needs, async () => {
    await open(DESKTOP);
    const light = await fills();
    await open({ ...DESKTOP, scheme: "dark" });
    assertEquals((await fills()).filter((fill) => light.includes(fill)), []);
    await browser.click("#theme");
    assertEquals(await fills(), light);
    quiet();
  });

  it("keeps hostile text as text, and fits on a phone", needs, async () => {
    await open({ width: 390, height: 844, phone: true }, HOSTILE_NAMES.join("/"), [HOSTILE_NAMES.join("")]);
    assertEquals(await browser.evaluate("document.querySelectorAll('img, script').length"), 1);
    assertEquals(await browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
    quiet();
  });
});
