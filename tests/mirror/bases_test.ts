/** Files that other trees hold: what becomes of links, and of trees that change. */
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { loadPlan, mirror, type MirrorOptions, SyncError } from "../../mod.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, assertRejects, assertThrows, describe, it, requires } from "../support/test_api.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const T = "1000000000";
const TREE: TreeLiteral = {
  a: { file: "content of a", mtime: T },
  d: { dir: { b: { file: "b", mtime: T }, c: { hardLinkOf: "d/b" } } },
};
const LINK: MirrorOptions = { linkDest: ["../basis"] };

function prepare(at: Workspace): void {
  makeTree(at.at("source"), TREE);
  mustRun("cp", ["-a", "source", "basis"], { cwd: at.path });
}

function inode(at: Workspace, path: string): number {
  return statSync(at.at(path)).ino;
}

describe("mirror() with linkDest", () => {
  for (const layer of ["native", "portable"] as const) {
    it(
      `links on the ${layer} layer what is equal, and has nothing to do then`,
      requires("Linux"),
      () =>
        withWorkspace(async (at) => {
          prepare(at);
          const task = mirror(at.at("source"), at.at("to"), { ...LINK, layer });
          const { done } = await task.run();
          assertEquals([done.basisLinked, done.basisBytes, done.linked, done.files, done.bytes], [2, 13, 1, 0, 0]);
          assertEquals(["a", "d/b", "d/c"].map((path) => inode(at, `to/${path}`) === inode(at, `basis/${path}`)), [
            ...[true, true, true],
          ]);
          const again = await task.run();
          assertEquals([again.done.created, again.done.updated, again.done.metadata], [0, 0, 0]);
        }),
    );
  }

  it(
    "leaves the basis alone when metadata of a linked file changes",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        prepare(at);
        const task = mirror(at.at("source"), at.at("to"), LINK);
        await task.run();
        chmodSync(at.at("source/a"), 0o600);
        await task.run();
        const modes = ["basis/a", "to/a"].map((path) => statSync(at.at(path)).mode & 0o777);
        assertEquals(modes, [0o644, 0o600]);
        assertEquals(inode(at, "basis/a") === inode(at, "to/a"), false);
      }),
  );

  it(
    "copies where no link can be made, and says so once",
    requires("Linux", "root"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("source"), TREE);
        const basis = at.mount("basis", "-t", "tmpfs", "none");
        mustRun("cp", ["-a", `${at.at("source")}/.`, basis]);
        const { done, warnings, failures } = await mirror(at.at("source"), at.at("to"), LINK).run();
        assertEquals([done.basisLinked, done.files, failures], [0, 2, []]);
        assertEquals(warnings.map(({ name }) => name), ["basis-not-linked"]);
        assertEquals(readFileSync(at.at("to/a"), "utf8"), "content of a");
      }),
  );

  it("says that a basis is not there", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("source"), TREE);
      const { warnings, done } = await mirror(at.at("source"), at.at("to"), LINK).run();
      assertEquals([warnings.map(({ name }) => name), done.files], [["basis-missing"], 2]);
    }));

  it("refuses a saved plan when a file of the basis has changed", requires("Linux"), () =>
    withWorkspace(async (at) => {
      prepare(at);
      await (await mirror(at.at("source"), at.at("to"), LINK).plan()).save(at.at("plan"));
      writeFileSync(at.at("basis/a"), "something else");
      const plan = await loadPlan(at.at("plan"));
      const error = await assertRejects(() => plan.apply(), SyncError);
      assertEquals([error.code, error.path, error.message.includes("the basis has another")], ["drift", "a", true]);
    }));

  it(
    "refuses a basis in the destination, and options of two kinds",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        prepare(at);
        const inside = mirror(at.at("source"), at.at("basis"), { linkDest: ["d"] });
        assertEquals((await assertRejects(() => inside.run(), SyncError)).code, "overlap");
        const mixed = "Cannot use --copy-dest with --link-dest (API: copyDest, linkDest): ";
        assertThrows(() => mirror("a", "b", { copyDest: ["c"], linkDest: ["d"] }), RangeError, mixed);
        const many = Array.from({ length: 21 }, (_, index) => `${index}`);
        assertThrows(() => mirror("a", "b", { compareDest: many }), RangeError, "more than 20");
      }),
  );
});

describe("mirror() of files that get further names while it runs", () => {
  it(
    "leaves none of them out, though they were counted as files of one name",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        makeTree(at.at("basis"), { c: { file: "content", mtime: T } });
        makeTree(at.at("source"), { c: { file: "content", mtime: T }, k: { link: "../basis" } });
        makeTree(at.at("to"), { k: { dir: { old: { file: "old" } } } });
        const options = { ...LINK, copyUnsafeLinks: true, delete: true, jobs: 1 };
        const { failures } = await mirror(at.at("source"), at.at("to"), options).run();
        assertEquals(failures, []);
        assertEquals(["c", "k/c"].map((path) => readFileSync(at.at(`to/${path}`), "utf8")), ["content", "content"]);
      }),
  );
});

describe("mirror() with copyDest", () => {
  it(
    "takes content from the basis, with the metadata of the source",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        prepare(at);
        chmodSync(at.at("basis/a"), 0o600);
        const plan = await mirror(at.at("source"), at.at("to"), { copyDest: ["../basis"] }).plan();
        const bases: (boolean | undefined)[] = [];
        for await (const action of plan) if (action.op === "write-file") bases.push(action.basis?.links);
        assertEquals(bases, [false, false]);
        const { done, copiedBytes } = await plan.apply();
        assertEquals([done.files, copiedBytes, statSync(at.at("to/a")).mode & 0o777], [2, 13, 0o644]);
      }),
  );
});
