/** What was only renamed is renamed: the result is that of a run without, and no content is copied. */
import fc from "fast-check";
import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Action, loadPlan, mirror, type MirrorOptions, type MirrorReport, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { ordinaryUser, runtimeCommand } from "../support/ordinary_user.ts";
import { renamedTree } from "../support/renamed_tree.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
  describe,
  it,
  requires,
} from "../support/test_api.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { differencesOf } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const MOVES: MirrorOptions = { delete: true, detectMoves: true, allowEmptySource: true, maxDelete: 1000 };
const FILE = { file: "some content", mtime: "1000000000" };

/** A file of a content that no other has. */
function file(content: string): TreeLiteral[string] {
  return { file: content, mtime: "1000000000.5" };
}

/** Both sides alike; then the source is changed. */
async function pairOf(at: Workspace, tree: TreeLiteral, change: (from: (path: string) => string) => void) {
  makeTree(at.at("from"), tree);
  mustRun("cp", ["-a", at.at("from"), at.at("to")]);
  change((path) => join(at.at("from"), path));
  return await Promise.resolve({ from: at.at("from"), to: at.at("to") });
}

async function planned(from: string, to: string, options: MirrorOptions = {}): Promise<string[]> {
  const told: string[] = [];
  for await (const action of await mirror(from, to, { ...MOVES, ...options }).plan()) {
    told.push(action.op === "move" ? `move ${action.path} <= ${action.from}` : `${action.op} ${action.path}`);
  }
  return told.filter((line) => line !== "set-metadata ");
}

function changesOf({ done }: MirrorReport): number {
  return done.created + done.updated + done.metadata + done.moved + done.deleted;
}

describe("mirror({ detectMoves }) of a tree in which entries were renamed at random", () => {
  const cases: readonly MirrorOptions[] = [{}, { jobs: 3, trustMoves: true }, { xattrs: true, hardLinks: false }];
  for (const options of cases) {
    it(
      `gives what a run without gives: ${JSON.stringify(options)}`,
      requires("Linux", "cp"),
      () =>
        withWorkspace(async (at) => {
          let serial = 0;
          let moves = 0;
          await fc.assert(
            fc.asyncProperty(renamedTree, async ({ before, after }) => {
              const folder = at.directory(`${++serial}`);
              const [from, run, kept] = ["from", "run", "kept"].map((name) => join(folder, name));
              makeTree(run!, before);
              mustRun("cp", ["-a", run!, kept!]);
              makeTree(from!, after);
              const given = { ...MOVES, ...options };
              await (await mirror(from!, kept!, given).plan()).save(join(folder, "plan"));
              const reports = [
                await mirror(from!, run!, given).run(),
                await (await loadPlan(join(folder, "plan"))).apply(),
              ];
              for (const { outcome, failures } of reports) assertEquals([outcome, failures], ["done", []]);
              const ignore = options.hardLinks === false ? { ignore: ["sameAs" as const] } : {};
              assertEquals(differencesOf(from!, run!, ignore), []);
              assertEquals(differencesOf(from!, kept!, ignore), []);
              assertEquals(changesOf(await mirror(from!, run!, given).run()), 0);
              moves += reports[0]!.done.moved;
            }),
            { numRuns: 25, interruptAfterTimeLimit: 60_000 },
          );
          assert(moves > 0, `${moves}`);
        }),
    );
  }
});

describe("mirror({ detectMoves })", () => {
  it(
    "moves a directory with all that is in it, and does only what differs then",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const tree: TreeLiteral = {
          old: {
            dir: {
              a: file("a"),
              b: file("bb"),
              c: file("ccc"),
              link: { link: "a" },
              sub: { dir: { d: file("dddd"), e: file("eeeee"), gone: file("gone!!") } },
            },
          },
        };
        const { from, to } = await pairOf(at, tree, (path) => {
          renameSync(path("old"), path("new"));
          renameSync(path("new/c"), path("new/renamed"));
          writeFileSync(path("new/b"), "something else");
          writeFileSync(path("new/sub/more"), "");
          chmodSync(path("new/a"), 0o600);
          mustRun("rm", [path("new/sub/gone")]);
        });
        assertEquals(await planned(from, to), [
          "move new <= old",
          "set-metadata new/a",
          "write-file new/b",
          "move new/renamed <= new/c",
          "set-metadata new/sub",
          "write-file new/sub/more",
          "delete new/sub/gone",
        ]);
        const inode = statSync(join(to, "old/sub/d")).ino;
        const { done, copiedBytes } = await mirror(from, to, MOVES).run();
        assertEquals(differencesOf(from, to), []);
        assertEquals([done.moved, done.movedBytes, done.deleted, copiedBytes], [7, 1 + 3 + 4 + 5, 1, 14]);
        assertEquals(statSync(join(to, "new/sub/d")).ino, inode);
      }),
  );

  it("moves directories within a directory that is moved", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const inner = { dir: { x: file("x"), y: file("yy") } };
      const tree = {
        old: { dir: { f: file("f"), g: file("gg"), h: file("hh"), k: file("k"), l: file("l"), in: inner } },
      };
      const { from, to } = await pairOf(at, tree, (path) => {
        renameSync(path("old"), path("new"));
        renameSync(path("new/in"), path("new/inside"));
      });
      assertEquals(await planned(from, to), ["move new <= old", "move new/inside <= new/in"]);
      await mirror(from, to, MOVES).run();
      assertEquals(differencesOf(from, to), []);
    }));

  it("takes the file of the same name first, and none for two", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const tree = { d: { dir: { one: FILE, two: FILE } }, e: { dir: { keep: file("k") } } };
      const { from, to } = await pairOf(at, tree, (path) => {
        renameSync(path("d/two"), path("e/two"));
        renameSync(path("d/one"), path("e/another"));
        mustRun("cp", ["-p", path("e/two"), path("e/third")]);
      });
      assertEquals((await planned(from, to)).filter((line) => !line.startsWith("set-metadata")), [
        "move e/another <= d/one",
        "write-file e/third",
        "move e/two <= d/two",
      ]);
      await mirror(from, to, MOVES).run();
      assertEquals(differencesOf(from, to), []);
    }));

  it("compares contents, unless size and time are trusted", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("from"), { new: { file: "abc", mtime: "1000000000" } });
      makeTree(at.at("to"), { old: { file: "xyz", mtime: "1000000000" } });
      assertEquals(await planned(at.at("from"), at.at("to")), ["write-file new", "delete old"]);
      const trusting = await planned(at.at("from"), at.at("to"), { trustMoves: true });
      assertEquals(trusting, ["move new <= old"]);
    }));

  it("copies what is there under both names: swaps and chains", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const tree = { a: file("a"), b: file("bb"), c: file("ccc"), d: { dir: { x: file("x") } }, e: { dir: {} } };
      const { from, to } = await pairOf(at, tree, (path) => {
        for (const [old, now] of [["a", "t"], ["b", "a"], ["t", "b"], ["c", "z"], ["d", "t"], ["e", "d"], ["t", "e"]]) {
          renameSync(path(old!), path(now!));
        }
        renameSync(path("b"), path("c"));
      });
      const report = await mirror(from, to, MOVES).run();
      assertEquals(report.failures, []);
      assertEquals(differencesOf(from, to), []);
    }));

  it(
    "does not move a file with further names, nor what is in a directory that gives way",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("from"), { kept: file("tied"), new: file("tied"), d: file("d"), other: file("inside") });
        makeTree(at.at("to"), {
          kept: file("tied"),
          old: { hardLinkOf: "kept" },
          d: { dir: { gone: file("inside") } },
        });
        const told = await planned(at.at("from"), at.at("to"));
        assertEquals(told.filter((line) => line.startsWith("move")), []);
        await mirror(at.at("from"), at.at("to"), MOVES).run();
        assertEquals(differencesOf(at.at("from"), at.at("to")), []);
      }),
  );

  it("counts no move as a deletion", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const many = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`f${n}`, file(`${n}`)]));
      const { from, to } = await pairOf(at, { d: { dir: many } }, (path) => {
        renameSync(path("d"), path("e"));
      });
      const options = { delete: true, maxDelete: 0 };
      assertEquals((await assertRejects(() => mirror(from, to, options).run(), SyncError)).code, "too-many-deletions");
      const report = await mirror(from, to, { ...options, detectMoves: true }).run();
      assertEquals([report.done.moved, report.done.deleted], [151, 0]);
      assertEquals(differencesOf(from, to), []);
    }));

  it(
    "sets the times of directories that something was moved out of",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const d = (dir: TreeLiteral) => ({ dir, mtime: "1200000000" });
        makeTree(at.at("from"), { a: d({ keep: file("k") }), z: d({ m: file("moved") }) });
        makeTree(at.at("to"), { a: d({ keep: file("k"), m: file("moved") }), z: d({}) });
        const report = await mirror(at.at("from"), at.at("to"), MOVES).run();
        assertEquals([report.done.moved, differencesOf(at.at("from"), at.at("to"))], [1, []]);
      }),
  );

  it("moves on the portable layer", requires("Linux"), () =>
    withWorkspace(async (at) => {
      const { from, to } = await pairOf(at, { d: { dir: { a: file("a"), b: file("b") } }, f: file("f") }, (path) => {
        renameSync(path("d"), path("e"));
        renameSync(path("f"), path("e/f"));
      });
      const report = await mirror(from, to, { ...MOVES, layer: "portable" }).run();
      assertEquals([report.done.moved, report.copiedBytes], [4, 0], JSON.stringify(report));
      assertEquals(differencesOf(from, to, { timeDigits: 3 }), []);
    }));

  it("moves what its owner may not write to, as an ordinary user", requires("Linux"), () =>
    withWorkspace((at) => {
      const user = ordinaryUser(at);
      user.shell(
        `mkdir -p source/a/d source/z; echo one > source/a/d/f; echo two > source/a/d/g; echo three > source/a/h
         cp -a source destination; mv source/a/d source/z/d2; mv source/a/h source/z/h; chmod 555 source/a source/z/d2 source/z
         chmod 555 destination/a destination/a/d destination/z`,
        at.path,
      );
      const order = { source: at.at("source"), destination: at.at("destination"), options: MOVES };
      const answer = user.mirror(order);
      assert("report" in answer, JSON.stringify(answer));
      assertEquals([answer.report.failures, answer.report.done.moved], [[], 4]);
      assertEquals(differencesOf(order.source, order.destination), []);
    }));

  it("is refused without delete, and what says how without it", () => {
    const refused: readonly (readonly [MirrorOptions, string])[] = [
      [{ detectMoves: true }, "Cannot use --detect-moves without --delete (API: detectMoves, delete): "],
      [{ delete: true, trustMoves: true }, "Cannot use --trust-moves without --detect-moves (API: trustMoves, det"],
      [{ ...MOVES, trustMoves: true, checksum: true }, "Cannot use --trust-moves with --checksum (API: "],
      [{ ...MOVES, delayUpdates: true }, "Cannot use --detect-moves with --delay-updates (API: detectMoves, delay"],
      [{ ...MOVES, existing: true }, "Cannot use --detect-moves with --existing (API: detectMoves, existing): "],
    ];
    for (const [options, message] of refused) {
      assertStringIncludes(assertThrows(() => mirror("a", "b", options), RangeError).message, message);
    }
  });
});

describe("a plan with moves", () => {
  const CHANGES: readonly (readonly [what: string, change: (at: Workspace) => void, named: string])[] = [
    ["the old directory is gone", (at) => renameSync(at.at("to/d"), at.at("to/elsewhere")), "d"],
    ["something is new in it", (at) => writeFileSync(at.at("to/d/new"), ""), "d"],
    ["something has the new name", (at) => writeFileSync(at.at("to/e"), ""), "e"],
    ["the old file has changed", (at) => writeFileSync(at.at("to/f"), "others"), "f"],
    ["the source has changed", (at) => writeFileSync(at.at("from/g"), "others"), "g"],
    ["what is to be removed in it has changed", (at) => writeFileSync(at.at("to/d/gone"), "others"), "e/gone"],
  ];
  for (const [what, change, named] of CHANGES) {
    it(`is refused when ${what}`, requires("Linux"), () =>
      withWorkspace(async (at) => {
        const tree = { d: { dir: { a: file("a"), b: file("b"), gone: file("!") } }, f: file("fff") };
        const { from, to } = await pairOf(at, tree, (path) => {
          renameSync(path("d"), path("e"));
          renameSync(path("f"), path("g"));
          mustRun("rm", [path("e/gone")]);
        });
        const plan = await mirror(from, to, MOVES).plan();
        const ops: Action["op"][] = [];
        for await (const { op } of plan) ops.push(op);
        assertEquals(ops.filter((op) => op === "move").length, 2);
        change(at);
        const failures: string[] = [];
        const error = await assertRejects(
          () =>
            plan.apply({ onEvent: (event) => void (event.type === "failure" && failures.push(event.failure.path)) }),
          SyncError,
        );
        assertEquals(error.code, "drift");
        assert(failures.includes(named), failures.join());
      }));
  }
});

describe("the cost of a move", () => {
  for (const trustMoves of [false, true]) {
    it(
      `of a directory of 1,000 files is one rename${trustMoves ? "" : ", and the comparison"}`,
      { ...requires("Linux", "strace"), timeout: 120_000 },
      () =>
        withWorkspace(async (at) => {
          const files = Object.fromEntries(
            Array.from({ length: 1000 }, (_, n) => [`file-${n}`, file(`${n}`.repeat(20))]),
          );
          const { from, to } = await pairOf(
            at,
            { old: { dir: files } },
            (path) => renameSync(path("old"), path("new")),
          );
          const order = { source: from, destination: to, options: { ...MOVES, trustMoves } };
          const traced = [
            "-f",
            "-qq",
            "-e",
            "trace=openat,renameat2,pread64,copy_file_range,ioctl",
            "-o",
            at.at("log"),
          ];
          mustRun("strace", [...traced, ...runtimeCommand(), JSON.stringify(order)]);
          const lines = readFileSync(at.at("log"), "utf8").split("\n");
          assertEquals(lines.filter((line) => /renameat2\(.*"old".*"new"/.test(line)).length, 1);
          const opened = lines.filter((line) => /openat\(\d+, "file-\d+/.test(line)).length;
          assertEquals(opened, trustMoves ? 0 : 2000);
          assertEquals(lines.filter((line) => line.includes("copy_file_range")).length, 0);
          assertEquals(differencesOf(from, to), []);
        }),
    );
  }
});
