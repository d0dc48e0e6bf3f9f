/** Old entries are kept: `backup`, `suffix`, `backupDir` and `trash`, as people use them. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadPlan, mirror, type MirrorOptions, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { assert, assertEquals, assertRejects, assertThrows, describe, it, requires } from "../support/test_api.ts";
import { expectTree, makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, type WalkedTree, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const T = "1000000000";
const file = (content: string) => ({ file: content, mtime: T });

const SOURCE: TreeLiteral = {
  a: file("new a"),
  d: { dir: { f: file("new f"), same: file("same") } },
  dir: { dir: { inside: file("new inside") } },
  l: { link: "new" },
  was_dir: file("new"),
};

const OLD: TreeLiteral = {
  a: { file: "old", mode: 0o640, mtime: "5" },
  d: { dir: { f: file("old"), same: file("same") } },
  dir: file("was a file"),
  gone: { dir: { deep: { dir: { x: file("x") } }, empty: { dir: {} } }, mode: 0o700 },
  l: { link: "old" },
  was_dir: { dir: { inside: file("old inside") } },
};

/** What a store holds after the mirror. */
const KEPT: TreeLiteral = {
  a: { file: "old", mode: 0o640, mtime: "5" },
  d: { dir: { f: file("old") } },
  dir: file("was a file"),
  gone: { dir: { deep: { dir: { x: file("x") } }, empty: { dir: {} } }, mode: 0o700 },
  l: { link: "old" },
  was_dir: { dir: { inside: file("old inside") } },
};

function makeBoth(at: Workspace): void {
  makeTree(at.at("from"), SOURCE);
  makeTree(at.at("to"), OLD);
}

/** Mirrors with deletions, directly. */
async function run(at: Workspace, options: MirrorOptions): Promise<void> {
  const { failures } = await mirror(at.at("from"), at.at("to"), { delete: true, ...options }).run();
  assertEquals(failures, []);
}

/** A second run has nothing to do. */
async function expectNothingToDo(at: Workspace, options: MirrorOptions): Promise<void> {
  const { summary } = await mirror(at.at("from"), at.at("to"), { delete: true, ...options }).plan();
  assertEquals([summary.created, summary.updated, summary.deleted, summary.metadata], [0, 0, 0, 0]);
}

describe("mirror() that keeps old entries", () => {
  it(
    "backup keeps them beside the new ones and protects them from deletion",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        await run(at, { backup: true });
        await expectNothingToDo(at, { backup: true });
        await run(at, { backup: true });
        expectTree(at.at("to"), {
          ...SOURCE,
          "a~": OLD.a!,
          d: { dir: { f: file("new f"), "f~": file("old"), same: file("same") } },
          "dir~": file("was a file"),
          gone: { dir: { deep: { dir: { "x~": file("x") } } } },
          "l~": { link: "old" },
          "was_dir~": { dir: { inside: file("old inside") } },
        });
      }),
  );

  it(
    "suffix is what the names end with, also longer ones, and a name of the source is not taken",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: file("new a"), "a.old": file("new a.old"), b: file("new b") });
        makeTree(at.at("to"), { a: file("1"), "a.old": file("2"), b: file("3"), "b.old": file("older") });
        await run(at, { backup: true, suffix: ".old" });
        expectTree(at.at("to"), {
          ...{ a: file("new a"), "a.old": file("new a.old"), b: file("new b") },
          ...{ "a.old.old": file("2"), "b.old": file("3") },
        });
      }),
  );

  for (const layer of ["native", "portable"] as const) {
    it(
      `backupDir keeps them below the destination and is left alone (${layer})`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeBoth(at);
          const options = { backupDir: "kept/here", layer };
          await run(at, options);
          await expectNothingToDo(at, options);
          await run(at, options);
          expectTree(at.at("to"), { ...SOURCE, kept: { dir: { here: { dir: KEPT } } } });
        }),
    );
  }

  it(
    "backupDir can be absolute, with a suffix; what it holds already gives way",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: file("newer"), b: { dir: { x: file("newer x") } } });
        makeTree(at.at("to"), { a: file("old"), b: { dir: { x: file("old x") } }, c: file("gone") });
        makeTree(at.at("kept"), { "a.1": { dir: { x: file("older") } }, b: file("older"), "c.1": file("older") });
        await run(at, { backupDir: at.at("kept"), suffix: ".1" });
        expectTree(at.at("kept"), { "a.1": file("old"), b: { dir: { "x.1": file("old x") } }, "c.1": file("gone") });
      }),
  );

  it(
    "an old entry stays where it is when it cannot be kept, and that is told",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const long = "n".repeat(255);
        makeTree(at.at("from"), { [long]: file("newer"), b: file("newer b") });
        makeTree(at.at("to"), { [long]: file("old"), b: file("old b"), c: file("c") });
        const { failures, failureCount } = await mirror(at.at("from"), at.at("to"), { backup: true }).run();
        assertEquals([failureCount, failures[0]?.path, failures[0]?.code], [1, long, "name-not-representable"]);
        assert(failures[0]!.message.includes("so it stays"), failures[0]!.message);
        expectTree(at.at("to"), { [long]: file("old"), b: file("newer b"), "b~": file("old b"), c: file("c") });
      }),
  );

  it(
    "leaves out what the source has in the place of backupDir, and says so",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { a: file("newer"), kept: { dir: { mine: file("mine") } } });
        makeTree(at.at("to"), { a: file("old") });
        const { failures, warnings } = await mirror(at.at("from"), at.at("to"), { backupDir: "kept" }).run();
        assertEquals([failures, warnings.map(({ name }) => name)], [[], ["store-left-out"]]);
        expectTree(at.at("to"), { a: file("newer"), kept: { dir: { a: file("old") } } });
      }),
  );

  it(
    "trash takes each run's old entries into a folder of its own",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        const trash = at.at("trash");
        await run(at, { trash });
        expectTree(join(trash, readdirSync(trash)[0]!), KEPT);
        assert(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/.test(readdirSync(trash)[0]!), readdirSync(trash)[0]);
        await run(at, { trash });
        assertEquals(readdirSync(trash).length, 1, "a folder without anything in it");
        for (const content of ["1", "22", "333", "4444"]) {
          makeTree(at.at(content), { a: file(content) });
          await mirror(at.at(content), at.at("to"), { trash }).run();
        }
        const folders = readdirSync(trash);
        assertEquals(folders.length, 5, folders.join(" "));
        assertEquals(new Set(folders.map((each) => walkTree(join(trash, each)).get("a")?.content)).size, 5);
      }),
  );

  for (const isPlanned of [false, true]) {
    it(
      `a directory stays in which the store will be made${isPlanned ? ", in a plan, too" : ""}`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("from"), { a: { file: "a" } });
          makeTree(at.at("to"), { a: { file: "a" }, keep: { dir: { old: { file: "old" } } } });
          const task = mirror(at.at("from"), at.at("to"), { delete: true, backupDir: "keep/in", oneFileSystem: true });
          const plan = isPlanned ? await task.plan() : undefined;
          const { failures, done } = await (plan === undefined ? task.run() : plan.apply());
          assertEquals([failures, done.deleted], [[], 1]);
          assertEquals(readFileSync(at.at("to/keep/in/keep/old"), "utf8"), "old");
        }),
    );
  }

  it("trash below the destination is never descended into", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeBoth(at);
      for (let turn = 0; turn < 2; turn++) await run(at, { trash: ".trash" });
      await expectNothingToDo(at, { trash: ".trash" });
      const [folder = ""] = readdirSync(at.at("to/.trash"));
      expectTree(at.at("to"), { ...SOURCE, ".trash": { dir: { [folder]: { dir: KEPT } } } });
    }));

  it("keeps complete copies on another file system", requires("Linux", "root"), () =>
    withWorkspace(async (at) => {
      makeBoth(at);
      mustRun("sh", ["-ec", "mkfifo gone/fifo; ln gone/deep/x gone/linked; truncate -s 3M gone/hole; chown 7:8 a"], {
        cwd: at.at("to"),
      });
      const before = walkTree(at.at("to"));
      const trash = at.mount("other", "-t", "tmpfs", "tmpfs");
      await run(at, { trash });
      const kept = walkTree(join(trash, readdirSync(trash)[0]!));
      const expected: WalkedTree = new Map([...before].filter(([path]) => kept.has(path)));
      assertEquals(kept.size, before.size - 1, "all but d/same");
      assertEquals(compareTrees(dirTimesDropped(kept), dirTimesDropped(expected), { ignore: ["sameAs"] }), []);
    }));

  it("works with several threads, in one folder", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const wide = (content: string): TreeLiteral =>
        Object.fromEntries(
          Array.from({ length: 150 }, (_, folder) => [
            `d${folder}`,
            {
              dir: Object.fromEntries(Array.from({ length: 20 }, (_, name) => [`f${name}`, file(`${content}${name}`)])),
            },
          ]),
        );
      makeTree(at.at("from"), wide("new "));
      makeTree(at.at("to"), wide("o"));
      await run(at, { trash: at.at("trash"), jobs: 4 });
      const folders = readdirSync(at.at("trash"));
      assertEquals(folders.length, 1);
      expectTree(at.at(`trash/${folders[0]}`), wide("o"));
      assertEquals(walkTree(at.at("to")).size, 1 + 150 + 3000);
    }));
});

/** A directory of a store has a time of its own. */
function dirTimesDropped(tree: WalkedTree): WalkedTree {
  return new Map(
    [...tree].map(([path, entry]) => [path, entry.kind === "d" ? { ...entry, time: "", size: "" } : entry]),
  );
}

describe("a saved plan of a mirror that keeps old entries", () => {
  for (
    const options of [{ backup: true }, { backupDir: "kept" }, { backupDir: "kept", suffix: "-" }] as MirrorOptions[]
  ) {
    it(`ends as a direct run does: ${JSON.stringify(options)}`, requires("Linux"), () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        mustRun("cp", ["-a", "to", "direct"], { cwd: at.path });
        mustRun("cp", ["-a", "to", "planned"], { cwd: at.path });
        await mirror(at.at("from"), at.at("direct"), { delete: true, ...options }).run();
        const plan = await mirror(at.at("from"), at.at("planned"), { delete: true, ...options }).plan();
        await plan.save(at.at("plan"));
        const report = await (await loadPlan(at.at("plan"))).apply();
        assertEquals(report.failures, []);
        const [direct, planned] = ["direct", "planned"].map((name) => dirTimesDropped(walkTree(at.at(name))));
        assertEquals(compareTrees(direct!, planned!), []);
      }));
  }

  it("has a trash folder of its own time", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeBoth(at);
      await (await mirror(at.at("from"), at.at("to"), { delete: true, trash: at.at("trash") }).plan()).save(
        at.at("plan"),
      );
      assertEquals(readdirSync(at.path).includes("trash"), false);
      await (await loadPlan(at.at("plan"))).apply();
      expectTree(at.at(`trash/${readdirSync(at.at("trash"))[0]}`), KEPT);
    }));
});

describe("mirror() refuses", () => {
  const REFUSED: readonly (readonly [MirrorOptions, ...string[]])[] = [
    [{ trash: "t", backup: true }, "trash", "backup"],
    [{ trash: "t", backupDir: "b" }, "trash", "--backup-dir"],
    [{ trash: "t", suffix: "~" }, "trash", "suffix"],
    [{ suffix: ".x" }, "suffix", "backup"],
    [{ backup: true, suffix: "" }, "suffix", "--backup-dir"],
    [{ backup: true, suffix: "a/b" }, "suffix"],
    [{ backupDir: "b", backup: false }, "--backup-dir", "backup: false"],
    [{ backupDir: "" }, "backupDir"],
  ];
  for (const [options, ...names] of REFUSED) {
    it(`${JSON.stringify(options)}, naming ${names.join(" and ")}`, () => {
      const error = assertThrows(() => mirror("a", "b", options), RangeError);
      for (const name of names) assert(error.message.includes(name), error.message);
    });
  }

  it(
    "a place for old entries that is, holds or is in one of the sides",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeBoth(at);
        mkdirSync(at.at("from/inside"));
        const before = walkTree(at.path);
        for (
          const options of [
            { backupDir: at.at("from/inside") },
            { backupDir: at.at("from/new") },
            { backupDir: at.at("from") },
            { backupDir: "." },
            { backupDir: ".." },
            { trash: at.at("from/trash") },
            { trash: at.at("to") },
          ]
        ) {
          const error = await assertRejects(() => mirror(at.at("from"), at.at("to"), options).run(), SyncError);
          assertEquals(error.code, "overlap", JSON.stringify(options));
        }
        assertEquals(compareTrees(walkTree(at.path), before), []);
      }),
  );

  it(
    "follows no symlink of the destination to the place of old entries",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), { a: file("new"), keep: { link: "../elsewhere" } });
        makeTree(at.at("to"), { a: { file: "old", mtime: "5" }, keep: { link: "../elsewhere" } });
        makeTree(at.directory("elsewhere"), {});
        for (const options of [{ backupDir: "keep/in" }, { trash: "keep" }] satisfies MirrorOptions[]) {
          const run = () => mirror(at.at("source"), at.at("to"), options).run();
          assertEquals((await assertRejects(run, SyncError)).code, "path-escape", JSON.stringify(options));
        }
        expectTree(at.at("to"), { a: { file: "old", mtime: "5" }, keep: { link: "../elsewhere" } });
        assertEquals(readdirSync(at.at("elsewhere")), []);
        const aside = { trash: at.at("elsewhere") };
        await mirror(at.at("source"), at.at("to"), aside).run();
        assertEquals(readdirSync(at.at("elsewhere")).length, 1);
      }),
  );
});
