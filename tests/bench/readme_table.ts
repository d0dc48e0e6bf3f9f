/**
 * Writes the latest results into the README, between `<!-- bench:start -->` and `<!-- bench:end -->`:
 * `deno run -A tests/bench/readme_table.ts [--check]`. With `--check` it only tells if they are there already.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { PROJECT_ROOT } from "../support/runtimes.ts";
import { machineLine } from "./machine.ts";
import { type BenchRun, RESULTS } from "./main.ts";
import { renderTables, wrapped } from "./table.ts";

const START = "<!-- bench:start -->";
const END = "<!-- bench:end -->";

/** Returns the latest run that is kept. */
function latestRun(): { readonly run: BenchRun; readonly page: string } {
  const latest = readdirSync(RESULTS).filter((name) => name.endsWith(".json")).sort().at(-1);
  if (latest === undefined) throw new Error(`Cannot find results: run "deno task bench" first`);
  const run = JSON.parse(readFileSync(join(RESULTS, latest), "utf8")) as BenchRun;
  return { run, page: `tests/bench/results/${latest.replace(/json$/, "md")}` };
}

/**
 * Returns a page with the block between the markers replaced.
 *
 * @throws {Error} when the markers are not there
 */
export function replaceBlock(page: string, block: string): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`Cannot write the table: "${START}" and "${END}" must be in the page`);
  return `${page.slice(0, start + START.length)}\n\n${block}\n\n${page.slice(end)}`;
}

if (import.meta.main) {
  const path = join(PROJECT_ROOT, "README.md");
  const before = readFileSync(path, "utf8");
  const { run, page } = latestRun();
  const source = wrapped(`[${run.date}](${page}): ${machineLine(run.machine)}.`);
  const results = run.results.filter(({ table }) => table !== "kernels"); // many rows, for those who work on them
  const after = replaceBlock(before, `${renderTables(results, "###")}\n\n${source}`);
  if (!process.argv.includes("--check")) writeFileSync(path, after);
  else if (before !== after) {
    console.error("README.md does not show the latest results: run tests/bench/readme_table.ts");
    process.exitCode = 1;
  }
}
