/** Snapshots on real file systems: what is shared, what never changes, and what is refused. */
import {
  chmodSync,
  existsSync,
  linkSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import process from "node:process";
import { snapshot, type SnapshotOptions, type SnapshotReport, snapshots, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { assert, assertEquals, assertRejects, assertThrows, describe, it, requires } from "../support/test_api.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, differencesOf, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const T = "1000000000.123456789";
const TREE: TreeLiteral = {
  "a": { file: "content of a", mtime: T },
  "d": {
    mode: 0o555,
    mtime: T,
    dir: { "b": { file: "b", mtime: T }, "c": { hardLinkOf: "d/b" }, "l": { link: "../a" }, "e": { dir: {} } },
  },
  "--delete": { file: "a name like an option", mtime: T },
};

async function take(at: Workspace, options: SnapshotOptions = {}): Promise<SnapshotReport> {
  return await snapshot(at.at("source"), at.at("store"), options).run();
}

/** Where the snapshot of a report is. */
function placeOf(at: Workspace, { snapshot: facts }: SnapshotReport): string {
  return at.at(`store/${facts!.name}`);
}

function inode(path: string): number {
  return statSync(path).ino;
}

async function refusal(run: Promise<unknown>): Promise<SyncError> {
  return await assertRejects(() => run, SyncError);
}

/** Names in the store that a plain listing shows. */
function shown(at: Workspace): string[] {
  return readdirSync(at.at("store")).filter((name) => !name.startsWith(".")).sort();
}

describe("snapshot()", () => {
  for (const layer of ["native", "portable"] as const) {
    it(
      `shares on the ${layer} layer what did not change, and publishes whole trees`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          makeTree(at.at("source"), TREE);
          const first = await take(at, { layer });
          assertEquals([first.outcome, first.failures], ["done", []]);
          assertEquals(
            differencesOf(at.at("source"), placeOf(at, first), layer === "native" ? {} : { timeDigits: 3 }),
            [],
          );
          const second = await take(at, { layer, tags: ["weekly"] });
          assertEquals(differencesOf(placeOf(at, first), placeOf(at, second)), []);
          for (const path of ["a", "d/b", "d/c", "--delete"]) {
            assertEquals(inode(`${placeOf(at, first)}/${path}`), inode(`${placeOf(at, second)}/${path}`), path);
          }
          const { sharedFiles, sharedBytes, newFiles, newBytes, basis } = second.snapshot!;
          assertEquals([sharedFiles, sharedBytes, newFiles, newBytes], [3, 34, 0, 0]);
          assertEquals(basis, first.snapshot!.name);
          assertEquals(shown(at), [first.snapshot!.name, second.snapshot!.name, "latest"]);
          assertEquals(readlinkSync(at.at("store/latest")), second.snapshot!.name);
          const listed = await snapshots(at.at("store"), { layer });
          assertEquals(listed.map(({ record }) => record?.tags), [[], ["weekly"]]);
          assertEquals(listed[1]!.record!.sharedFiles, 3);
        }),
    );
  }

  it(
    "never changes an older one, whatever changes in the source",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        const first = await take(at);
        const before = walkTree(placeOf(at, first));
        chmodSync(at.at("source/a"), 0o600); // only metadata: a file of its own, not a link
        utimesSync(at.at("source/d/b"), 5, 5);
        writeFileSync(at.at("source/--delete"), "other");
        const second = await take(at);
        assertEquals(differencesOf(at.at("source"), placeOf(at, second)), []);
        assertEquals(compareTrees(before, walkTree(placeOf(at, first))), []);
        const { sharedFiles, newFiles } = second.snapshot!;
        assertEquals([sharedFiles, newFiles], [0, 3]);
      }),
  );

  it(
    "sets files apart that are one file in the basis and two in the source",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        await take(at);
        const again = "mode=$(stat -c %a .) && chmod u+w . && cp -p b x && mv x b && chmod $mode .";
        mustRun("sh", ["-c", again], { cwd: at.at("source/d") });
        mustRun("touch", ["-d", `@${T}`, at.at("source/d")]);
        const second = await take(at);
        assertEquals(differencesOf(at.at("source"), placeOf(at, second)), []);
        assertEquals(second.snapshot!.sharedFiles, 3 - 0);
      }),
  );

  it(
    "copies with --share copy, and with reflink where contents cannot be in common, which it says",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        await take(at);
        const copied = await take(at, { share: "copy" });
        assertEquals([copied.snapshot!.sharedFiles, copied.snapshot!.newFiles], [0, 3]);
        const cloned = await take(at, { share: "reflink" });
        assertEquals(differencesOf(at.at("source"), placeOf(at, cloned)), []);
        assertEquals(cloned.warnings.map(({ name }) => name), ["basis-not-cloned"]);
        assertEquals([cloned.snapshot!.sharedFiles, cloned.snapshot!.newFiles], [0, 3]);
      }),
  );

  it(
    "compares contents again with --verify, and finds what times do not tell",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        const first = await take(at);
        writeFileSync(`${placeOf(at, first)}/a`, "CONTENT of a"); // what rot would do
        mustRun("touch", ["-d", `@${T}`, `${placeOf(at, first)}/a`]);
        const second = await take(at, { verify: true });
        assertEquals(differencesOf(at.at("source"), placeOf(at, second)), []);
        assertEquals([second.snapshot!.verified, second.snapshot!.sharedFiles, second.snapshot!.newFiles], [
          true,
          2,
          1,
        ]);
      }),
  );

  it("goes on with what a run that died has left", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("source"), TREE);
      const first = await take(at);
      const before = walkTree(placeOf(at, first));
      // As a run leaves it: linked to the basis, with something that the source has no more.
      mustRun("cp", ["-al", placeOf(at, first), at.at("store/.undrift/working")]);
      writeFileSync(at.at("store/.undrift/working/gone"), "");
      chmodSync(at.at("source/a"), 0o640);
      const second = await take(at);
      assertEquals(differencesOf(at.at("source"), placeOf(at, second)), []);
      assertEquals(compareTrees(before, walkTree(placeOf(at, first))), []);
      const { resumed, sharedFiles, newFiles } = second.snapshot!;
      assertEquals([resumed, sharedFiles, newFiles], [true, 2, 1]);
      assertEquals((await take(at)).snapshot!.resumed, false);
    }));

  it(
    "compares contents of what was left before the system was started again",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        await take(at);
        makeTree(at.at("store/.undrift/working"), { ...TREE, a: { file: "\0".repeat(12), mtime: T } });
        writeFileSync(at.at("store/.undrift/working.json"), '{"boot":"another"}\n');
        assertEquals(differencesOf(at.at("source"), placeOf(at, await take(at))), []);
      }),
  );

  it(
    "names a snapshot after the newest when the clock went back, and says so",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        await take(at);
        mustRun("mkdir", [at.at("store/2999-01-01T00-00-00Z")]);
        const report = await take(at);
        assertEquals(report.snapshot!.name, "2999-01-01T00-00-00Z-001");
        assertEquals(report.warnings.map(({ name }) => name), ["clock-behind"]);
      }),
  );

  it("keeps something of the name latest that is no symlink", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("source"), TREE);
      await take(at);
      mustRun("sh", ["-c", "rm latest && mkdir latest"], { cwd: at.at("store") });
      assertEquals((await take(at)).warnings.map(({ name }) => name), ["latest-not-set"]);
      assert(statSync(at.at("store/latest")).isDirectory());
    }));

  it(
    "takes exactly what a plan says, and refuses one that the store has outrun",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        const task = snapshot(at.at("source"), at.at("store"));
        const first = await task.plan();
        assertEquals([first.summary.files, existsSync(at.at("store"))], [3, false]);
        await first.apply();
        const second = await task.plan();
        assertEquals([second.summary.basisLinked, second.summary.files], [3, 0]);
        const actions = [];
        for await (const { op } of second) actions.push(op);
        assertEquals(actions.filter((op) => op === "write-file").length, 3);
        assertEquals((await second.apply()).snapshot!.sharedFiles, 3);
        const third = await task.plan();
        await task.run();
        assertEquals((await refusal(third.apply())).code, "drift");
      }),
  );

  it("is told as one task, with every action on request", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("source"), TREE);
      await take(at);
      const told: string[] = [];
      for await (const event of snapshot(at.at("source"), at.at("store"), { verify: true }).stream()) {
        if (event.type === "action") told.push(`${event.action.op} ${event.action.path}`);
        else if (event.type !== "progress") told.push(event.type === "start" ? event.task : event.type);
      }
      assertEquals([told[0], told.at(-1)], ["snapshot", "end"]);
      assertEquals(told.filter((line) => line.startsWith("write-file")).sort(), [
        ...["write-file --delete", "write-file a", "write-file d/b"],
      ]);
    }));

  it(
    "leaves nothing but its working folder when it is stopped, and goes on with it",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        for (const event of ["start", "action"]) {
          const stop = new AbortController();
          const run = snapshot(at.at("source"), at.at("store")).run({
            signal: stop.signal,
            onEvent: ({ type }) => type === event && stop.abort(),
          });
          assertEquals((await refusal(run)).code, "cancelled");
        }
        assertEquals([shown(at), existsSync(at.at("store/.undrift/lock"))], [[], false]);
        assertEquals(differencesOf(at.at("source"), placeOf(at, await take(at))), []);
      }),
  );
});

describe("snapshot() refuses", () => {
  it("folders that are no store, and leaves them alone", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("source"), TREE);
      makeTree(at.at("store"), { "photo": { file: "" }, "2026-01-01T00-00-00Z": { dir: {} } });
      const before = walkTree(at.at("store"));
      for (const run of [take(at), snapshot(at.at("source"), at.at("store")).plan()]) {
        assertEquals((await refusal(run)).code, "store-unusable");
      }
      assertEquals((await refusal(snapshots(at.at("store")))).code, "store-unusable");
      assertEquals((await refusal(snapshots(at.at("nowhere")))).code, "store-unusable");
      assertEquals((await refusal(snapshot(at.at("source"), at.at("source/a")).run())).code, "overlap");
      assertEquals((await refusal(snapshot(at.at("source"), at.at("no/parent")).run())).code, "store-unusable");
      assertEquals(compareTrees(before, walkTree(at.at("store"))), []);
    }));

  it(
    "a source in the store, the store in the source, and what is empty all of a sudden",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        await take(at);
        const name = shown(at)[0]!;
        for (
          const [from, to] of [["source", "source/a-store"], ["store", "store"], [`store/${name}`, "store"]] as const
        ) {
          assertEquals((await refusal(snapshot(at.at(from), at.at(to)).run())).code, "overlap");
        }
        at.directory("empty");
        const empty = (options?: SnapshotOptions) => snapshot(at.at("empty"), at.at("store"), options).run();
        assertEquals((await refusal(empty())).code, "source-empty");
        assertEquals((await refusal(snapshot(at.at("no-source"), at.at("store")).run())).code, "source-missing");
        assertEquals((await empty({ allowEmptySource: true })).outcome, "done");
      }),
  );

  it(
    "a second run at a time, unless it waits; a lock of a process that is gone is no lock",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        const [one, other] = [take(at, { layer: "native" }), take(at)];
        assertEquals((await refusal(other)).code, "destination-busy");
        await one;
        const [, waited] = await Promise.all([take(at), take(at, { lockWait: 60 })]);
        assertEquals(waited.outcome, "done");
        const [name] = (await snapshots(at.at("store"))).map(({ name }) => name);
        writeFileSync(
          at.at("store/.undrift/lock"),
          '{"pid":1,"started":"0","boot":"","host":"","since":0,"isHeld":false}\n',
        );
        assertEquals((await refusal(take(at))).code, "destination-busy");
        // One that held a lock of the system, too, has lost it: it is gone, whatever its number says.
        const { pid } = process;
        const gone = { pid, started: "", boot: "", host: hostname(), since: 0, isHeld: true };
        writeFileSync(at.at("store/.undrift/lock"), JSON.stringify(gone));
        assertEquals((await take(at, { layer: "native" })).outcome, "done");
        writeFileSync(at.at("store/.undrift/lock"), "");
        assertEquals((await take(at)).outcome, "done");
        assert(name !== undefined && !existsSync(at.at("store/.undrift/lock")));
      }),
  );

  it("options that make no sense", () => {
    const make = (options: SnapshotOptions) => () => snapshot("a", "b", options);
    assertThrows(make({ share: "soft" as "hard" }), RangeError, "hard, reflink or copy");
    assertThrows(make({ share: "copy", linkDest: ["x"] }), RangeError, "--share copy with --link-dest");
    assertThrows(make({ tags: ["two words"] }), RangeError, "without spaces");
    assertThrows(make({ lockWait: -1 }), RangeError, "lockWait");
    assertThrows(make({ jobs: 0 }), RangeError, "jobs");
    assertThrows(make({ linkDest: [""] }), RangeError, "linkDest");
  });
});

describe("snapshot() and file systems", () => {
  it(
    "copies what another file system holds, and says so",
    requires("Linux", "root"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        await snapshot(at.at("source"), at.at("elsewhere")).run();
        at.mount("store", "-t", "tmpfs", "none");
        const report = await take(at, { linkDest: [at.at("elsewhere/latest")], expect: { linked: { atLeast: "90%" } } })
          .catch((error: SyncError) => error);
        assert(!(report instanceof SyncError), String(report));
        assertEquals(report.warnings.map(({ name }) => name), ["basis-not-linked"]);
        assertEquals([report.snapshot!.sharedFiles, report.snapshot!.newFiles, report.unmet.length], [0, 3, 1]);
      }),
  );

  it(
    "leaves a full disk to the next run, and latest as it was",
    requires("Linux", "root"),
    () =>
      withWorkspace(async (at) => {
        at.mount("store", "-t", "tmpfs", "-o", "size=1m", "none");
        makeTree(at.at("source"), TREE);
        const first = await take(at);
        writeFileSync(at.at("source/large"), new Uint8Array(700_000));
        writeFileSync(at.at("source/larger"), new Uint8Array(700_000).fill(7));
        assertEquals((await refusal(take(at, { preflight: false }))).code, "no-space");
        assertEquals(readlinkSync(at.at("store/latest")), first.snapshot!.name);
        assertEquals(shown(at), [first.snapshot!.name, "latest"]);
        assert(existsSync(at.at("store/.undrift/working")));
        mustRun("mount", ["-o", "remount,size=3m", at.at("store")]);
        const second = await take(at, { preflight: false });
        assertEquals(second.snapshot!.resumed, true);
        assertEquals(differencesOf(at.at("source"), placeOf(at, second)), []);
      }),
  );

  it(
    "copies what has as many names as ext4 allows, and shares the copy the next time",
    requires("Linux", "root", "mkfs.ext4"),
    () =>
      withWorkspace(async (at) => {
        at.loop("store", "64M", ["mkfs.ext4", "-q"]);
        makeTree(at.at("source"), { a: { file: "x", mtime: T } });
        const first = await take(at);
        const file = `${placeOf(at, first)}/a`;
        const many = at.directory("store/.undrift/many");
        assertThrows(
          () => {
            for (let name = 0;; name++) linkSync(file, `${many}/${name}`);
          },
          Error,
          "EMLINK",
        );
        assertEquals(statSync(file).nlink, 65_000);
        const second = await take(at);
        assertEquals([second.snapshot!.sharedFiles, second.snapshot!.newFiles], [0, 1]);
        assertEquals(second.warnings.map(({ name }) => name), ["basis-not-linked"]);
        assertEquals((await take(at)).snapshot!.sharedFiles, 1);
      }),
  );
});

describe("a snapshot that another tool made", () => {
  it("is listed without facts, and shared with", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("source"), TREE);
      await take(at);
      mustRun("cp", ["-a", at.at("source"), at.at("store/2999-01-01T00-00-00Z")]);
      symlinkSync("nowhere", at.at("store/2999-01-02T00-00-00Z"));
      const listed = await snapshots(at.at("store"));
      assertEquals(listed.map(({ record }) => record === undefined), [false, true]);
      const report = await take(at);
      assertEquals([report.snapshot!.basis, report.snapshot!.sharedFiles], ["2999-01-01T00-00-00Z", 3]);
      assertEquals(differencesOf(at.at("source"), placeOf(at, report)), []);
    }));
});
