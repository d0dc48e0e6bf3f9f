/** `delayUpdates`: nothing is seen before the switch, everything after it. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers";
import { loadPlan, mirror, type MirrorEvent, type MirrorOptions, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { runAndKill } from "../support/killable.ts";
import { assert, assertEquals, assertGreater, assertRejects, describe, it, requires } from "../support/test_api.ts";
import { ordinaryUser } from "../support/ordinary_user.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, type WalkedTree, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const T = "1000000000";
const file = (content: string) => ({ file: content, mtime: T });

function wide(content: string, folders: readonly number[]): TreeLiteral {
  return Object.fromEntries(folders.map((folder) => [
    `d${folder}`,
    {
      dir: Object.fromEntries(
        Array.from({ length: 25 }, (_, name) => [`f${name}`, file(`${content} ${folder} ${name}`)]),
      ),
      mtime: `${content.length}`,
    },
  ]));
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** Folders that stay, new ones, old ones, and every kind of replacement. */
function makeBoth(at: Workspace): void {
  makeTree(at.at("from"), {
    ...wide("newer", numbers(0, 40)),
    ...{
      l: { link: "new" },
      was_dir: file("new"),
      was_file: { dir: { x: file("x") } },
      mode: { ...file("m"), mode: 0o600 },
    },
    ...{ one: file("linked"), two: { hardLinkOf: "one" }, fifo: { fifo: true, mtime: T } },
  });
  makeTree(at.at("to"), {
    ...wide("old", numbers(20, 60)),
    ...{
      l: { link: "old" },
      was_dir: { dir: { y: file("y") } },
      was_file: file("f"),
      mode: { ...file("m"), mode: 0o644 },
    },
    ...{ two: file("old") },
  });
}

/** What a reader sees: names, contents, targets and modes; it passes over what has a temporary name. */
function seen(root: string, below = "", found = new Map<string, string>()): Map<string, string> {
  for (const name of readdirSync(join(root, below))) {
    if (!name.startsWith(".undrift-")) ifThere(() => look(root, join(below, name), found));
  }
  return found;
}

function look(root: string, path: string, found: Map<string, string>): void {
  const stats = lstatSync(join(root, path));
  const content = stats.isFile()
    ? readFileSync(join(root, path), "utf8")
    : stats.isSymbolicLink()
    ? readlinkSync(join(root, path))
    : "";
  found.set(path, `${stats.mode.toString(8)} ${content}`);
  if (stats.isDirectory()) seen(root, path, found);
}

/** Deletions go on while it looks. */
function ifThere(work: () => void): void {
  try {
    work();
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== "ENOENT") throw thrown;
  }
}

const asText = (view: ReadonlyMap<string, string>) => JSON.stringify([...view].sort());

describe("mirror() with delayUpdates", () => {
  for (const jobs of [1, 4]) {
    it(
      `shows nothing before the switch and everything after it, with ${jobs} threads`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeBoth(at);
          const old = asText(seen(at.at("to")));
          const target = seen(at.at("from"));
          const views = { old: 0, new: 0 };
          let running = true;
          const reader = (async () => {
            while (running) {
              const view = seen(at.at("to"));
              if (asText(view) === old) {
                assertEquals(views.new, 0);
                views.old++;
              } else {
                for (const [path, entry] of target) {
                  assertEquals(view.get(path), entry, `${path} after ${views.old} looks`);
                }
                views.new++;
              }
              await new Promise((resolve) => setImmediate(resolve));
            }
          })();
          const options = { delete: true, delayUpdates: true, jobs, maxDelete: 10_000 };
          const report = await mirror(at.at("from"), at.at("to"), options).run();
          running = false;
          await reader;
          assertGreater(views.old, 0);
          assertEquals(report.failures, []);
          // 20 new folders, 500 files in old ones, and the seven of their own.
          assertEquals(report.switchedEntries, 20 + 500 + 7);
          assert(report.switchMs !== undefined && report.switchMs >= 0 && report.switchMs < report.durationMs);
          assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from"))), []);
        }),
    );
  }

  for (const options of [{}, { backup: true }, { trash: "t" }, { layer: "portable" }] as MirrorOptions[]) {
    it(
      `ends as a run without it does, also as a saved plan: ${JSON.stringify(options)}`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeBoth(at);
          const all = { delete: true, maxDelete: 10_000, ...options };
          for (const name of ["plain", "planned"]) mustRun("cp", ["-a", "to", name], { cwd: at.path });
          await mirror(at.at("from"), at.at("plain"), all).run();
          const delayed = await mirror(at.at("from"), at.at("to"), { ...all, delayUpdates: true }).run();
          assertEquals(delayed.failures, []);
          await (await mirror(at.at("from"), at.at("planned"), { ...all, delayUpdates: true }).plan()).save(
            at.at("plan"),
          );
          const applied = await (await loadPlan(at.at("plan"))).apply();
          assertEquals([applied.failures, applied.switchedEntries], [[], delayed.switchedEntries]);
          const source = walkTree(at.at("from"));
          const [plain, other, planned] = ["plain", "to", "planned"].map((name) =>
            comparable(walkTree(at.at(name)), source)
          );
          assertEquals(compareTrees(other!, plain!), []);
          assertEquals(compareTrees(planned!, plain!), []);
        }),
    );
  }

  it(
    "changes nothing at all when it is stopped before the switch",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        makeTree(at.at("from"), { zz: { dir: { big: { file: new Uint8Array(300 << 20) } } } });
        const before = walkTree(at.at("to"));
        const stop = new AbortController();
        const onEvent = ({ type }: MirrorEvent) => type === "progress" && stop.abort();
        const task = mirror(at.at("from"), at.at("to"), {
          delete: true,
          delayUpdates: true,
          jobs: 3,
          maxDelete: 10_000,
        });
        const error = await assertRejects(() => task.run({ signal: stop.signal, onEvent }), SyncError);
        assertEquals(error.code, "cancelled");
        assertEquals(compareTrees(walkTree(at.at("to")), before), []);
      }),
  );

  it(
    "leaves what was staged to be swept when it is killed, and nothing else",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        const order = {
          source: at.at("from"),
          destination: at.at("to"),
          options: { delete: true, delayUpdates: true, jobs: 2, maxDelete: 10_000 },
        };
        mustRun("cp", ["-a", "to", "old"], { cwd: at.path });
        const [old, target] = [asText(seen(at.at("to"))), seen(at.at("from"))];
        const { durationMs } = await runAndKill(order);
        for (let turn = 0; turn < 4; turn++) {
          mustRun("sh", ["-ec", "rm -rf to; cp -a old to"], { cwd: at.path });
          await runAndKill(order, Math.random() * durationMs);
          const view = seen(at.at("to"));
          const names = [...target.keys()].filter((path) => view.get(path) !== target.get(path));
          assert(asText(view) === old || names.length === 0 || view.has("d50"), names.join(" "));
          assertEquals((await mirror(order.source, order.destination, order.options).run()).failures, []);
          assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from"))), []);
        }
      }),
  );

  it(
    "switches in directories that their owner may not change, and leaves them so",
    requires("Linux"),
    () =>
      withWorkspace((at) => {
        const user = ordinaryUser(at);
        user.shell(
          `for each in from to; do mkdir -p $each/closed/deep; echo $each > $each/closed/deep/f; echo $each > $each/closed/g; done
mkdir from/closed/new; echo x > from/closed/new/x; chmod 444 from/closed/new/x; touch -d @5 from/closed/deep/f from/closed/g
chmod 555 from/closed/deep from/closed/new from/closed to/closed/deep to/closed`,
          at.path,
        );
        const order = { source: at.at("from"), destination: at.at("to"), options: { delayUpdates: true } };
        const answer = user.mirror(order);
        assert("report" in answer && answer.report.failureCount === 0, JSON.stringify(answer));
        assertEquals(answer.report.switchedEntries, 3);
        assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from"))), []);
      }),
  );

  it(
    "does not switch a file that has changed in the source since it was staged",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: file("newer"), b: file("newer"), n: { dir: { x: file("x"), y: file("y") } } });
        makeTree(at.at("to"), { a: file("old"), b: file("old") });
        // The survey looks, the write pass stages; the source changes when what was staged is told as progress.
        let changed = false;
        const onEvent = ({ type }: MirrorEvent) => {
          if (
            changed || type !== "progress" || !readdirSync(at.at("to")).some((name) => name.startsWith(".undrift-"))
          ) return;
          changed = true;
          for (const name of ["a", "n/x"]) writeFileSync(at.at(`from/${name}`), "changed meanwhile");
          utimesSync(at.at("from/a"), 7, 7);
        };
        const report = await mirror(at.at("from"), at.at("to"), { delayUpdates: true }).run({ onEvent });
        assert(changed);
        assertEquals(report.failures.map(({ path, code }) => [path, code]).sort(), [
          ["a", "changed-while-read"],
          ["n/x", "changed-while-read"],
        ]);
        const view = [...walkTree(at.at("to"))].filter(([path]) => path !== "").map(([path, { size }]) => [path, size]);
        assertEquals(view.filter(([path]) => path !== "n").sort(), [["a", "3"], ["b", "5"], ["n/y", "1"]]);
        assertEquals((await mirror(at.at("from"), at.at("to"), { delayUpdates: true }).run()).failures, []);
        assertEquals(compareTrees(walkTree(at.at("to")), walkTree(at.at("from"))), []);
      }),
  );
});

/** The folder of a trash has a name of its own, directories that the source does not have a time of their own. */
function comparable(tree: WalkedTree, source: WalkedTree): WalkedTree {
  const renamed = (path: string) => path.replace(/^t\/[^/]+/, "t/run");
  return new Map([...tree].map(([path, entry]) => {
    const time = entry.kind === "d" && !source.has(path) ? "" : entry.time;
    return [renamed(path), { ...entry, time, sameAs: renamed(entry.sameAs) }];
  }));
}
