/**
 * How long the HTML report of many steps takes: to make, to open in Chromium, to search and to filter.
 *
 *     deno run -A tests/bench/report_page.ts [STEPS]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { htmlDocument } from "../../lib/report/html.ts";
import { action, entry } from "../report/actions.ts";
import { tellAll } from "../report/told.ts";
import { Chromium } from "../support/chromium.ts";

const steps = Number(process.argv[2] ?? 100_000);
const ROUNDS = 5;

/** Photos in folders: a third new, a third replaced, the rest adjusted or removed. */
function makeActions() {
  return Array.from({ length: steps }, (_, at) => {
    const path = `library/${2000 + (at % 26)}/album-${at % 1500}/photo-${at}.jpg`;
    const want = entry("file", { size: (at * 7919) % 5_000_000, mtimeSeconds: 1_700_000_000 + at });
    const have = entry("file", { size: (at * 104_729) % 5_000_000, mtimeSeconds: 1_600_000_000 + at });
    if (at % 3 === 0) return action("write-file", want, undefined, ["missing"], { path });
    if (at % 3 === 1) return action("write-file", want, have, ["size", "time"], { path });
    return at % 2 === 0
      ? action("delete", undefined, have, ["extraneous"], { path })
      : action("set-metadata", want, { ...want, mode: 0o600 }, ["mode"], { path });
  });
}

/** The median of some measures of one thing, in milliseconds. */
async function median(what: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await what());
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
}

async function timed(what: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await what();
  return performance.now() - started;
}

const folder = mkdtempSync(join(tmpdir(), "undrift-page-"));
const browser = await Chromium.start();
try {
  const actions = makeActions();
  const path = join(folder, "page.html");
  const started = performance.now();
  const page = tellAll(htmlDocument(), { actions });
  const made = performance.now() - started;
  writeFileSync(path, page);
  const open = () => browser.open(path, { width: 1280, height: 900 });
  const rows: [string, number][] = [
    ["make the page", made],
    ["open it, until it is drawn", await median(open)],
    [
      "search, until it is drawn",
      await median(async () => {
        await open();
        await browser.click("#search");
        return await timed(() => browser.type("album-77 jpg"));
      }),
    ],
    [
      "filter by deletions, until it is drawn",
      await median(async () => {
        await open();
        return await timed(() => browser.click("button[data-deed=delete]"));
      }),
    ],
    [
      "open all branches, until it is drawn",
      await median(async () => {
        await open();
        return await timed(() => browser.click("#open"));
      }),
    ],
  ];
  console.log(`${steps} steps, ${(page.length / 1e6).toFixed(1)} MB`);
  for (const [what, ms] of rows) console.log(`${what.padEnd(40)} ${ms.toFixed(0).padStart(6)} ms`);
} finally {
  await browser.stop();
  rmSync(folder, { recursive: true });
}
