/** `removeSourceFiles`: what the destination has goes from the source, and nothing else. */
import { chmodSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { loadPlan, mirror, type MirrorEvent, type MirrorOptions, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { ordinaryUser } from "../support/ordinary_user.ts";
import { assert, assertEquals, assertRejects, assertThrows, describe, it, requires } from "../support/test_api.ts";
import { expectTree, makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const T = "1000000000";
const file = (content: string) => ({ file: content, mtime: T });

const SOURCE: TreeLiteral = {
  a: file("new a"),
  d: { dir: { f: file("f"), same: file("same"), deeper: { dir: { x: file("x") } } } },
  empty: { dir: {} },
  l: { link: "a" },
  one: file("linked"),
  two: { hardLinkOf: "one" },
};
const LEFT: TreeLiteral = { d: { dir: { deeper: { dir: {} } } }, empty: { dir: {} } };

function makeBoth(at: Workspace): void {
  makeTree(at.at("from"), SOURCE);
  makeTree(at.at("to"), { a: file("old"), d: { dir: { same: file("same") } }, extra: file("stays") });
}

const TASK = { removeSourceFiles: true } as const;

describe("mirror() with removeSourceFiles", () => {
  for (
    const options of [{}, { jobs: 4 }, { layer: "portable" }, { checksum: true }, {
      delayUpdates: true,
    }] as MirrorOptions[]
  ) {
    it(
      `removes what has arrived or was there, but no directory: ${JSON.stringify(options)}`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeBoth(at);
          const { failures, done } = await mirror(at.at("from"), at.at("to"), { ...TASK, ...options }).run();
          assertEquals([failures, done.sourceRemoved], [[], 7]);
          expectTree(at.at("from"), LEFT);
          expectTree(at.at("to"), { ...SOURCE, extra: file("stays") });
        }),
    );
  }

  it(
    "does the same from a saved plan, which names every entry that goes",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        const plan = await mirror(at.at("from"), at.at("to"), TASK).plan();
        const going: string[] = [];
        for await (const { op, path } of plan) if (op === "remove-source") going.push(path);
        assertEquals(going, ["a", "l", "one", "two", "d/f", "d/same", "d/deeper/x"]);
        assertEquals(plan.summary.sourceRemoved, 7);
        await plan.save(at.at("plan"));
        const { failures, done } = await (await loadPlan(at.at("plan"))).apply();
        assertEquals([failures, done.sourceRemoved], [[], 7]);
        expectTree(at.at("from"), LEFT);
        expectTree(at.at("to"), { ...SOURCE, extra: file("stays") });
      }),
  );

  for (
    const [options, left] of [
      [{ ignoreTimes: true }, LEFT],
      [{ ignoreExisting: true }, { a: file("new a"), ...LEFT }],
      [{ ignoreExisting: true, sizeOnly: true }, { a: file("new a"), ...LEFT }],
      [{ update: true, times: false }, LEFT],
    ] as [MirrorOptions, TreeLiteral][]
  ) {
    for (const isPlanned of [false, true]) {
      it(
        `removes what it has made itself, too, with ${JSON.stringify(options)}${isPlanned ? ", from a plan" : ""}`,
        requires("Linux"),
        () =>
          withWorkspace(async (at) => {
            makeBoth(at);
            const task = mirror(at.at("from"), at.at("to"), { ...TASK, ...options });
            const plan = isPlanned ? await task.plan() : undefined;
            const { failures } = await (plan === undefined ? task.run() : plan.apply());
            assertEquals(failures, []);
            expectTree(at.at("from"), left);
          }),
      );
    }
  }

  it(
    "keeps a file of equal size and time that was passed over and holds something else",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: file("mine") });
        makeTree(at.at("to"), { a: file("them") });
        const options = { ...TASK, ignoreExisting: true, sizeOnly: true };
        const { failureCount } = await mirror(at.at("from"), at.at("to"), options).run();
        assertEquals(failureCount, 1);
        expectTree(at.at("from"), { a: file("mine") });
        expectTree(at.at("to"), { a: file("them") });
      }),
  );

  it(
    "refuses a plan of which an entry that would only go from the source has changed",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        const plan = await mirror(at.at("from"), at.at("to"), TASK).plan();
        utimesSync(at.at("from/d/same"), 7, 7);
        const before = walkTree(at.path);
        const told: string[] = [];
        const onEvent = (event: MirrorEvent) => event.type === "failure" && told.push(event.failure.path);
        assertEquals((await assertRejects(() => plan.apply({ onEvent }), SyncError)).code, "drift");
        assertEquals(told.slice(0, 1), ["d/same"]);
        assertEquals(compareTrees(walkTree(at.path), before), []);
      }),
  );

  it(
    "keeps what is left out, passed over, or newer than what was mirrored",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { ...SOURCE, "x.tmp": file("x"), ".undrift-0123456789ab-0.tmp": file("t") });
        makeTree(at.at("to"), { a: { file: "newer", mtime: "1500000000" } });
        const options = { ...TASK, links: false, update: true, exclude: ["*.tmp"], hardLinks: false };
        assertEquals((await mirror(at.at("from"), at.at("to"), options).run()).failures, []);
        expectTree(at.at("from"), {
          ...LEFT,
          ...{ a: file("new a"), l: { link: "a" }, "x.tmp": file("x"), ".undrift-0123456789ab-0.tmp": file("t") },
        });
      }),
  );

  for (const planned of [false, true]) {
    const how = planned ? "from a plan" : "in a run";
    it(
      `keeps what was found in another tree and is not at the destination, ${how}`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("from"), { a: file("a"), b: file("b"), c: file("c") });
          makeTree(at.at("other"), { a: file("a"), b: file("b") });
          makeTree(at.at("to"), { b: file("b") });
          const task = mirror(at.at("from"), at.at("to"), { ...TASK, compareDest: [at.at("other")] });
          const { failures, done } = await (planned ? (await task.plan()).apply() : task.run());
          assertEquals([failures, done.sourceRemoved], [[], 2]);
          expectTree(at.at("from"), { a: file("a") });
          expectTree(at.at("to"), { b: file("b"), c: file("c") });
        }),
    );

    it(
      `keeps an entry that changes in the source after it was mirrored, ${how}`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeBoth(at);
          // Actions are told at the end of their pass, before anything is removed.
          const onEvent = (event: MirrorEvent) => {
            if (event.type === "action" && event.action.path === "d/f" && event.action.op === "write-file") {
              writeFileSync(at.at("from/a"), "edited");
            }
          };
          const task = mirror(at.at("from"), at.at("to"), { ...TASK, jobs: 1 });
          const { failures, done } = await (planned ? (await task.plan()).apply({ onEvent }) : task.run({ onEvent }));
          assertEquals(failures.map(({ path }) => path), planned ? ["a"] : []);
          assertEquals(done.sourceRemoved, 6);
          assertEquals(readFileSync(at.at("from/a"), "utf8"), "edited");
          assertEquals(readFileSync(at.at("to/a"), "utf8"), "new a");
        }),
    );
  }

  it("keeps what could not be written, and tells it once", requires("Linux"), () =>
    withWorkspace((at) => {
      const user = ordinaryUser(at);
      user.shell("mkdir -p from/d to/d; echo a > from/a; echo secret > from/d/s; echo b > from/d/b", at.path);
      chmodSync(at.at("from/d/s"), 0o000);
      const answer = user.mirror({ source: at.at("from"), destination: at.at("to"), options: TASK });
      assert("report" in answer, JSON.stringify(answer));
      assertEquals(answer.report.failures.map(({ path, code }) => [path, code]), [["d/s", "permission"]]);
      assertEquals([...walkTree(at.at("from")).keys()].sort(), ["", "d", "d/s"]);
    }));

  it("tells what it may not remove, and keeps it", requires("Linux"), () =>
    withWorkspace((at) => {
      const user = ordinaryUser(at);
      user.shell("mkdir -p from/closed; echo x > from/closed/x; echo y > from/y; chmod 555 from/closed", at.path);
      const answer = user.mirror({ source: at.at("from"), destination: at.at("to"), options: TASK });
      assert("report" in answer, JSON.stringify(answer));
      assertEquals(answer.report.failures.map(({ path, code }) => [path, code]), [["closed/x", "permission"]]);
      assertEquals([...walkTree(at.at("from")).keys()].sort(), ["", "closed", "closed/x"]);
    }));

  it("removes nothing when the run is stopped before", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeBoth(at);
      makeTree(at.at("from"), { z: { file: new Uint8Array(256 << 20) } });
      const before = walkTree(at.at("from"));
      const stop = new AbortController();
      const onEvent = ({ type }: MirrorEvent) => type === "progress" && stop.abort();
      await assertRejects(
        () => mirror(at.at("from"), at.at("to"), TASK).run({ signal: stop.signal, onEvent }),
        SyncError,
      );
      assertEquals(compareTrees(walkTree(at.at("from")), before), []);
    }));

  it(
    "leaves the source and the destination as rsync does",
    requires("Linux", "root", "rsync"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { ...SOURCE, p: { fifo: true }, newer: file("old one"), kept: file("kept") });
        makeTree(at.at("to"), {
          a: file("old"),
          d: { dir: { same: file("same") } },
          newer: { file: "x", mtime: "1500000000" },
        });
        // rsync leaves the time of what it made within the same second.
        mustRun("find", ["from", "-newermt", "2020-01-01", "-exec", "touch", "-h", "-d", "@1234567890.5", "{}", "+"], {
          cwd: at.path,
        });
        for (const name of ["from", "to"]) mustRun("cp", ["-a", name, `their-${name}`], { cwd: at.path });
        await mirror(at.at("from"), at.at("to"), { ...TASK, update: true, exclude: ["kept"] }).run();
        mustRun("rsync", ["-aH", "--update", "--exclude=kept", "--remove-source-files", "their-from/", "their-to/"], {
          cwd: at.path,
        });
        for (const name of ["from", "to"]) {
          const [ours, theirs] = [name, `their-${name}`].map((each) => walkTree(at.at(each)));
          // Removing changes the times of directories of the source.
          const ignore = name === "from" ? ["time" as const] : [];
          assertEquals(compareTrees(ours!, theirs!, { ignore }), [], name);
        }
      }),
  );

  for (const other of ["copyLinks", "copyUnsafeLinks"] as const) {
    it(`is refused together with ${other}: nothing outside of the source is removed`, () => {
      const error = assertThrows(() => mirror("a", "b", { ...TASK, [other]: true }), RangeError);
      assert(error.message.includes("removeSourceFiles") && error.message.includes(other), error.message);
    });
  }
});
