/**
 * A month of changes, a snapshot and a pruning every day, and at the end every snapshot that is left restored: each is
 * exactly what the source was that day, hard links among its files included, as the walker and as rsync see it.
 */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { du, restore } from "../../mod.ts";
import { environment } from "../../lib/os/env.ts";
import { resolvePruneOptions } from "../../tasks/prune/options.ts";
import { runPrune } from "../../tasks/prune/plan.ts";
import { resolveSnapshotOptions } from "../../tasks/snapshot/options.ts";
import { runSnapshot } from "../../tasks/snapshot/run.ts";
import { mustRun } from "../support/commands.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { differencesOf } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const DAYS = 30;
const FIRST = Date.UTC(2026, 9, 12, 3); // a Monday; summer time ends in between
const DAY_MS = 86_400_000;
const POLICY = { keepDaily: 5, keepWeekly: 3, keepMonthly: 2, timeZone: "Europe/Berlin" };

/** What happens to the source on one day: every kind of change, at a place that depends on the day. */
function change(source: string, day: number): void {
  const script = `
    mkdir -p "d$((day % 5))/sub"
    echo "day $day" > "d$((day % 5))/file-$((day % 7))"
    ln -f "d$((day % 5))/file-$((day % 7))" "hard-$((day % 4))"
    ln -sfn "d$((day % 5))" link
    head -c $((day * 1000)) /dev/zero > "grows"
    chmod $((day % 2 ? 600 : 640)) steady
    if [ $((day % 6)) = 5 ]; then rm -rf "d$(((day + 2) % 5))"; fi
    if [ -e moves ]; then mv moves "moved-$((day % 3))"; else echo "$day" > moves; fi
  `;
  mustRun("bash", ["-ec", `day=${day}; [ -e steady ] || echo steady > steady\n${script}`], { cwd: source });
}

async function liveThrough(at: Workspace): Promise<Map<string, string>> {
  const [source, store] = [at.directory("source"), at.at("store")];
  mkdirSync(at.at("copies"));
  const copies = new Map<string, string>();
  for (let day = 0; day < DAYS; day++) {
    change(source, day);
    const env = { ...environment(), wallClock: () => FIRST + day * DAY_MS };
    const { snapshot } = await runSnapshot({ source, store, options: resolveSnapshotOptions({}, 2), env }, {});
    const copy = at.at(`copies/${day}`);
    mustRun("cp", ["-a", source, copy]);
    copies.set(snapshot!.name, copy);
    const pruned = await runPrune({ store, options: resolvePruneOptions(POLICY, 2, "UTC"), env }, {});
    assertEquals([pruned.outcome, pruned.verdicts.length <= 11], ["done", true]);
  }
  return copies;
}

describe("a month of snapshots", () => {
  it("leaves of every kept day exactly what it was", requires("Linux", "rsync"), async () => {
    await withWorkspace(async (at) => {
      const copies = await liveThrough(at);
      const store = at.at("store");
      const kept = readdirSync(store).filter((name) => name.endsWith("Z")).sort();
      // Five days, the Sundays of two weeks before, and the last of October.
      assertEquals(kept, [
        "2026-10-31T03-00-00Z",
        "2026-11-01T03-00-00Z",
        ...[6, 7, 8, 9, 10].map((day) => `2026-11-${String(day).padStart(2, "0")}T03-00-00Z`),
      ]);
      for (const name of kept) {
        const copy = copies.get(name)!;
        const restored = at.at(`restored-${name}`);
        await restore(store, name, restored).run();
        for (const tree of [join(store, name), restored]) {
          assertEquals(differencesOf(copy, tree), [], name);
          assertEquals(mustRun("rsync", ["-aHni", "--delete", `${copy}/`, `${tree}/`]), "", name);
        }
      }
      const { snapshots, bytes } = await du(store).run();
      assert(bytes < snapshots.reduce((sum, each) => sum + each.bytes, 0), "nothing is shared");
      assertEquals(existsSync(join(store, ".undrift/lock")), false);
    });
  });
});
