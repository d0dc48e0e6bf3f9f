/**
 * A month of simulated days: snapshots, each checked against a copy that cp made that day, after all others were taken
 * and many were pruned. rsync finds nothing to do between the two, and takes a snapshot as its basis.
 */
import { chmodSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prune, restore, snapshot, snapshots } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, assertGreater, describe, it, requires } from "../support/test_api.ts";
import { makeFullTree } from "../support/full_tree.ts";
import { differencesOf } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const DAYS = 30;
const KEPT = 8;

/** What happens to a source on one day; a few things of every kind, and never the same two days in a row. */
function change(source: string, day: number): void {
  const at = (name: string) => join(source, name);
  const folder = at(`day${day % 4}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `new${day}`), `of day ${day}\n`.repeat(day));
  appendFileSync(at("log"), `day ${day}\n`);
  chmodSync(at("log"), day % 2 === 0 ? 0o600 : 0o640);
  if (day % 3 === 0) linkSync(at("log"), join(folder, `log${day}`));
  // From one file with two names to two files that are alike, and back.
  if (day % 5 === 1) mustRun("cp", ["-p", "--remove-destination", at("still"), at("twin")]);
  if (day % 5 === 3) mustRun("ln", ["-f", at("still"), at("twin")]);
  if (day % 4 === 2) renameSync(join(folder, `new${day}`), at(`moved${day}`));
  if (day % 6 === 5) rmSync(at(`day${(day + 1) % 4}`), { recursive: true, force: true });
  if (day % 7 === 0) symlinkSync(`moved${day}`, at(`link${day}`));
  if (day % 8 === 3) mustRun("touch", ["-d", `@${1_500_000_000 + day}.25`, folder]);
}

function rsyncFinds(from: string, to: string): string {
  return mustRun("rsync", ["-aHn", "--delete", "--itemize-changes", `${from}/`, `${to}/`]);
}

async function liveOneMonth(at: Workspace): Promise<void> {
  const source = at.directory("source");
  makeFullTree(source, ["ordinary", "bytes", "specials", "times"]);
  writeFileSync(join(source, "still"), "never written again");
  const days = new Map<string, string>();
  for (let day = 0; day < DAYS; day++) {
    change(source, day);
    const report = await snapshot(source, at.at("store"), { jobs: 1 + day % 2 }).run();
    assertEquals([report.failures, report.warnings], [[], []]);
    if (day > 0) assertGreater(report.snapshot!.sharedFiles, 0);
    const saved = at.at(`saved/${day}`);
    mustRun("sh", ["-ec", `mkdir -p saved; cp -a source "saved/${day}"`], { cwd: at.path });
    days.set(report.snapshot!.name, saved);
  }
  await prune(at.at("store"), { keepLast: KEPT }).run();
  const kept = (await snapshots(at.at("store"))).map(({ name }) => name as string);
  assertEquals(kept, [...days.keys()].slice(-KEPT));
  for (const name of kept) {
    const saved = days.get(name)!;
    const taken = at.at(`store/${name}`);
    assertEquals(differencesOf(saved, taken), [], name);
    assertEquals(rsyncFinds(taken, saved), "");
    await restore(at.at("store"), name, at.at("back"), { delete: true, maxDelete: 10_000 }).run();
    assertEquals(differencesOf(saved, at.at("back")), [], name);
  }
}

describe("a store", () => {
  it(
    "gives back every kept day of a month exactly",
    requires("Linux", "rsync", "cp"),
    () => withWorkspace(liveOneMonth),
  );

  it(
    "is a basis for rsync, and takes what rsync made for one",
    requires("Linux", "rsync"),
    () =>
      withWorkspace(async (at) => {
        const source = at.directory("source");
        for (let file = 0; file < 20; file++) writeFileSync(join(source, `f${file}`), `${file}`);
        const first = await snapshot(source, at.at("store")).run();
        const taken = at.at(`store/${first.snapshot!.name}`);
        mustRun("rsync", ["-a", `--link-dest=${taken}`, `${source}/`, at.at("store/2999-01-01T00-00-00Z/")]);
        const inodes = (path: string) => readdirSync(path).sort().map((name) => statSync(join(path, name)).ino);
        assertEquals(inodes(at.at("store/2999-01-01T00-00-00Z")), inodes(taken));
        const second = await snapshot(source, at.at("store")).run();
        assertEquals([second.snapshot!.basis, second.snapshot!.sharedFiles], ["2999-01-01T00-00-00Z", 20]);
        assertEquals(rsyncFinds(source, at.at("store/latest")), "");
      }),
  );
});
