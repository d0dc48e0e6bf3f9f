/** The page that explains a delta, in a real browser. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { printable } from "../../lib/bytes/printable.ts";
import { deltaPage } from "../../lib/report/delta_html.ts";
import { HOSTILE_NAMES } from "../report/hostile.ts";
import { toldDelta } from "../report/told_delta.ts";
import { Chromium } from "../support/chromium.ts";
import { findProgram } from "../support/programs.ts";
import { temporaryFolder } from "../support/temporary_folder.ts";
import { after, assertEquals, assertStringIncludes, before, describe, it, requires } from "../support/test_api.ts";

const DESKTOP = { width: 1280, height: 900 } as const;
const PARTS = [["kept", 4e8], ["literal", 1e6], ["moved", 2e8], ["literal", 9e7], ["kept", 1e8], [
  "literal",
  5,
]] as const;

describe("the page of a delta in Chromium", () => {
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

  const open = async (
    names: { readonly old?: string; readonly fresh?: string },
    viewport: Parameters<Chromium["open"]>[1],
  ) => {
    const path = join(folder.path, "delta.html");
    writeFileSync(path, deltaPage(toldDelta(PARTS, names)));
    browser.said.length = 0;
    browser.requested.length = 0;
    await browser.open(path, viewport);
  };
  const quiet = () =>
    assertEquals([browser.said, browser.requested.filter((url) => !/^(?:file|data):/.test(url))], [[], []]);
  const fills = () =>
    browser.evaluate<string[]>(
      `[...new Set([...document.querySelectorAll("rect")].map((rect) => getComputedStyle(rect).fill))]`,
    );

  it("draws the strip in three colours, over its whole width, and asks the network for nothing", needs, async () => {
    await open({}, DESKTOP);
    const [strip, first, last] = await browser.evaluate<[number, number, number]>(`(() => {
      const rects = [...document.querySelectorAll("rect")].map((rect) => rect.getBoundingClientRect());
      const box = document.querySelector(".strip svg").getBoundingClientRect();
      return [box.width, Math.min(...rects.map(({ left }) => left)) - box.left, Math.max(...rects.map(({ right }) => right)) - box.left];
    })()`);
    assertEquals([strip > 1000, Math.round(first), Math.round(last - strip)], [true, 0, 0]);
    assertEquals((await fills()).length, 3);
    assertStringIncludes(await browser.evaluate("document.body.innerText"), "elsewhere in the old file");
    quiet();
  });

  it("has other colours in the dark, by the system and by its switch", needs, async () => {
    await open({}, DESKTOP);
    const light = await fills();
    await open({}, { ...DESKTOP, scheme: "dark" });
    const dark = await fills();
    assertEquals(dark.filter((fill) => light.includes(fill)), []);
    await browser.click("#theme");
    assertEquals(await fills(), light);
    quiet();
  });

  it("keeps hostile names as text, and fits on a phone", needs, async () => {
    const names = HOSTILE_NAMES.join(" ");
    await open({ old: names, fresh: names }, { width: 390, height: 844, phone: true });
    assertStringIncludes(await browser.evaluate("document.querySelector('.sides code').textContent"), printable(names));
    assertEquals(await browser.evaluate("document.querySelectorAll('img, script').length"), 1);
    assertEquals(await browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
    quiet();
  });
});
