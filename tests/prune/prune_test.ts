/** The prune task on real stores. */
import { existsSync, mkdirSync, readdirSync, readlinkSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prune, type PruneEvent, SyncError } from "../../mod.ts";
import { verdictText } from "../../lib/snapshot/retention_text.ts";
import { assert, assertEquals, assertRejects, assertThrows, describe, it, requires } from "../support/test_api.ts";
import { mustRun } from "../support/commands.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";
import { dailyNames, makeStore, type TestSnapshot } from "./store.ts";

const LAYERS = ["native", "portable"] as const;
const FILES = { a: { file: "a" }, d: { dir: { b: { file: "bb" }, c: { dir: {} } }, mode: 0o750 }, l: { link: "a" } };

function days(count: number): TestSnapshot[] {
  return dailyNames(count).map((name, day) => ({
    name,
    adds: day === 0 ? FILES : { [`day-${day}`]: { file: "x".repeat(day) } },
  }));
}

/** Names of the snapshots of a store, and what is in its hidden folder. */
function left(store: string) {
  const hidden = join(store, ".undrift");
  const names = readdirSync(store).filter((name) => name.endsWith("Z")).sort();
  const records = readdirSync(join(hidden, "records")).map((name) => name.replace(".json", "")).sort();
  return { names, records, removed: readdirSync(join(hidden, "removed")), locked: existsSync(join(hidden, "lock")) };
}

describe("prune()", () => {
  for (const layer of LAYERS) {
    for (const jobs of [1, 3]) {
      it(`removes what no rule keeps, and touches nothing else, ${layer}, ${jobs} threads`, async () => {
        await withWorkspace(async (at) => {
          const store = at.at("store");
          makeStore(store, days(12));
          const names = dailyNames(12);
          const before = names.slice(9).map((name) => walkTree(join(store, name)));
          const report = await prune(store, { keepDaily: 3, layer, jobs, timeZone: "UTC" }).run();
          assertEquals(report.outcome, "done");
          assertEquals(report.summary, { kept: 3, removed: 9, unfinished: 0 });
          // 6 entries and the folder of the first one, and one file more each day.
          assertEquals(report.removedEntries, 9 * 6 + 36);
          assertEquals(left(store), { names: names.slice(9), records: names.slice(9), removed: [], locked: false });
          assertEquals(names.slice(9).map((name) => walkTree(join(store, name))), before);
          assertEquals(readlinkSync(join(store, "latest")), names.at(-1));
        });
      });
    }
  }

  it("plans without a change, and applies exactly the plan", async () => {
    await withWorkspace(async (at) => {
      const store = at.at("store");
      makeStore(store, days(4));
      const before = walkTree(store);
      const plan = await prune(store, { keepLast: 2 }).plan();
      assertEquals(walkTree(store), before);
      assertEquals([...plan].map(({ keep }) => keep), [true, true, false, false]);
      assertEquals(plan.summary, { kept: 2, removed: 2, unfinished: 0 });
      const report = await plan.apply();
      assertEquals(report.verdicts, plan.verdicts);
      assertEquals(left(store).names, dailyNames(4).slice(2));
      await assertRejects(() => plan.apply(), SyncError, "is not there any more");
    });
  });

  it("refuses a plan when what it keeps is gone or has changed, and takes new snapshots for what they are", async () => {
    await withWorkspace(async (at) => {
      const store = at.at("store");
      makeStore(store, days(5));
      const task = prune(store, { keepLast: 2 });
      const [gone, changed, fine] = [await task.plan(), await task.plan(), await task.plan()];
      const newest = dailyNames(5).at(-1)!;
      renameSync(join(store, newest), at.at("elsewhere"));
      assertEquals((await assertRejects(() => gone.apply(), SyncError)).code, "drift");
      renameSync(at.at("elsewhere"), join(store, newest));
      mustRun("cp", [join(store, ".undrift/records", `${newest}.json`), at.at("record")]);
      writeFileSync(join(store, ".undrift/records", `${newest}.json`), "damaged");
      assertEquals((await assertRejects(() => changed.apply(), SyncError)).code, "drift");
      mustRun("cp", [at.at("record"), join(store, ".undrift/records", `${newest}.json`)]);
      mkdirSync(join(store, "2026-11-24T04-00-00Z"));
      mustRun("ln", ["-sfn", "2026-11-24T04-00-00Z", join(store, "latest")]);
      assertEquals((await fine.apply()).summary.removed, 3);
      assertEquals(left(store).names, [...dailyNames(5).slice(3), "2026-11-24T04-00-00Z"]);
    });
  });

  it("finishes what a run that died left, in every state it can have left", async () => {
    await withWorkspace(async (at) => {
      const store = at.at("store");
      makeStore(store, days(5));
      const [first = "", second = ""] = dailyNames(5);
      // One was moved and has its record still; of another one half is gone; a third had no free name.
      renameSync(join(store, first), join(store, ".undrift/removed", first));
      renameSync(join(store, second), join(store, ".undrift/removed", second));
      mustRun("rm", ["-rf", join(store, ".undrift/removed", second, "d")]);
      mustRun("rm", [join(store, ".undrift/records", `${second}.json`)]);
      mkdirSync(join(store, ".undrift/removed", `${first}.1`));
      const report = await prune(store, { keepLast: 3 }).run();
      assertEquals(report.summary, { kept: 3, removed: 0, unfinished: 3 });
      assertEquals(left(store), {
        names: dailyNames(5).slice(2),
        records: dailyNames(5).slice(2),
        removed: [],
        locked: false,
      });
    });
  });

  it("sets aside beside what is still there of that name", async () => {
    await withWorkspace(async (at) => {
      const store = at.at("store");
      makeStore(store, days(2));
      mkdirSync(join(store, ".undrift/removed", dailyNames(2)[0]!));
      const report = await prune(store, { keepLast: 1 }).run();
      assertEquals([report.outcome, report.summary.removed, left(store).removed], ["done", 1, []]);
    });
  });

  it("keeps what latest leads to, and lists nothing but directories of that name", async () => {
    await withWorkspace(async (at) => {
      const store = at.at("store");
      makeStore(store, days(3), { latest: false });
      const [first = ""] = dailyNames(3);
      symlinkSync(first, join(store, "latest"));
      symlinkSync(first, join(store, "2020-01-01T00-00-00Z"));
      writeFileSync(join(store, "2020-01-02T00-00-00Z"), "no snapshot");
      mkdirSync(join(store, "notes"));
      mkdirSync(join(store, "--keep-last=0"));
      const report = await prune(store, { keepLast: 1 }).run();
      assertEquals(report.verdicts.map(({ name, keep }) => [name, keep]), [
        [dailyNames(3)[2], true],
        [dailyNames(3)[1], false],
        [first, true],
      ]);
      assertEquals(readdirSync(store).filter((name) => !name.startsWith("2026")).sort(), [
        "--keep-last=0",
        ".undrift",
        "2020-01-01T00-00-00Z",
        "2020-01-02T00-00-00Z",
        "latest",
        "notes",
      ]);
    });
  });

  it("lets failed runs and such without a record push nothing out", async () => {
    await withWorkspace(async (at) => {
      const store = at.at("store");
      const names = dailyNames(6);
      makeStore(store, names.map((name, day) => ({ name, record: day < 3 ? {} : day < 5 ? { failures: 1 } : false })));
      const report = await prune(store, { keepLast: 1 }).run();
      assertEquals(left(store).names, [names[2], names[5]]);
      assertEquals(
        verdictText(report.verdicts[3]!, "UTC"),
        "the newest without failures; 1 of 1 of the newest without failures",
      );
    });
  });

  it("tells what happens as it happens", async () => {
    await withWorkspace(async (at) => {
      makeStore(at.at("store"), days(3));
      const events: PruneEvent[] = [];
      for await (const event of prune(at.at("store"), { keepLast: 1 }).stream()) events.push(event);
      const types = events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
      assertEquals(types, ["start", "verdict", "progress", "end"]);
      const end = events.at(-1);
      assert(end?.type === "end" && end.report.removedEntries === 13);
    });
  });

  it("is stopped before its first change, or leaves the rest to the next run", async () => {
    await withWorkspace(async (at) => {
      const store = at.at("store");
      makeStore(store, days(6));
      const before = walkTree(store);
      const task = prune(store, { keepLast: 1 });
      const stopped = await assertRejects(() => task.run({ signal: AbortSignal.abort() }), SyncError);
      assertEquals([stopped.code, walkTree(store)], ["cancelled", before]);
      const stop = new AbortController();
      const onEvent = ({ type }: PruneEvent) => type === "progress" ? stop.abort() : undefined;
      assertEquals(
        (await assertRejects(() => task.run({ signal: stop.signal, onEvent }), SyncError)).code,
        "cancelled",
      );
      assertEquals([left(store).names, left(store).locked], [dailyNames(6).slice(5), false]);
      await task.run();
      assertEquals(left(store).removed, []);
    });
  });

  it("waits its turn, and is refused when that does not come", async () => {
    await withWorkspace(async (at) => {
      const store = at.at("store");
      makeStore(store, days(2));
      const me = { pid: 1, started: "", boot: "", host: "elsewhere", since: 0 };
      writeFileSync(join(store, ".undrift/lock"), `${JSON.stringify(me)}\n`);
      const error = await assertRejects(() => prune(store, { keepLast: 1 }).run(), SyncError);
      assertEquals([error.code, left(store).names.length], ["destination-busy", 2]);
    });
  });

  it("refuses what is no store, and a policy without a rule or with an odd one", async () => {
    await withWorkspace(async (at) => {
      for (const path of [at.at("none"), at.directory("empty")]) {
        const error = await assertRejects(() => prune(path, { keepLast: 1 }).plan(), SyncError);
        assertEquals(error.code, "store-unusable");
      }
      for (
        const [policy, message] of [
          [{}, "without a rule"],
          [{ keepLast: 0 }, "without a rule"],
          [{ keepTags: [] }, "without a rule"],
          [{ keepLast: -1 }, "keepLast -1"],
          [{ keepDaily: 1.5 }, "keepDaily 1.5"],
          [{ keepWithin: "5m" }, '"mo" is months'],
          [{ keepTags: ["a b"] }, "no snapshot can have that tag"],
          [{ keepLast: 1, timeZone: "Mars/Olympus" }, "no time zone"],
          [{ keepLast: 1, jobs: 0 }, "jobs 0"],
          [{ keepLast: 1, lockWait: -1 }, "lockWait -1"],
        ] as const
      ) assertThrows(() => prune(at.path, policy), RangeError, message);
    });
  });

  it("tells what will not go, and tries again the next time", requires("Linux", "root"), async () => {
    await withWorkspace(async (at) => {
      const store = at.at("store");
      makeStore(store, days(2));
      const stubborn = join(store, dailyNames(2)[0]!, "d/c");
      mustRun("mount", ["-t", "tmpfs", "none", stubborn]);
      const aside = join(store, ".undrift/removed", dailyNames(2)[0]!, "d/c");
      try {
        const report = await prune(store, { keepLast: 1 }).run();
        assertEquals([report.outcome, report.failureCount > 0, left(store).names.length], ["partial", true, 1]);
      } finally {
        mustRun("umount", [existsSync(aside) ? aside : stubborn]);
      }
      assertEquals((await prune(store, { keepLast: 1 }).run()).outcome, "done");
      assertEquals(left(store).removed, []);
    });
  });
});
