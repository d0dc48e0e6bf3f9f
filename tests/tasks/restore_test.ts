/** Restoring from a store: everything, or some paths. */
import { restore, type RestoreOptions, snapshot, SyncError } from "../../mod.ts";
import { assertEquals, assertRejects, assertThrows, describe, it, requires } from "../support/test_api.ts";
import { makeTree, type TreeLiteral } from "../support/trees.ts";
import { compareTrees, differencesOf, walkTree } from "../support/walker.ts";
import { withWorkspace, type Workspace } from "../support/workspace.ts";

const T = "1000000000.123456789";
const TREE: TreeLiteral = {
  "a": { file: "content of a", mtime: T },
  "d": { dir: { "b": { file: "b", mtime: T }, "c": { hardLinkOf: "d/b" }, "deep": { dir: { x: { file: "x" } } } } },
  "-rf": { file: "a name like an option" },
};

async function prepare(at: Workspace): Promise<string> {
  makeTree(at.at("source"), TREE);
  await snapshot(at.at("source"), at.at("store")).run();
  const { snapshot: facts } = await snapshot(at.at("source"), at.at("store")).run();
  return facts!.name;
}

const back = (at: Workspace, name: string, options?: RestoreOptions) =>
  restore(at.at("store"), name, at.at("back"), options);

async function refusal(run: Promise<unknown>): Promise<string> {
  return (await assertRejects(() => run, SyncError)).code;
}

describe("restore()", () => {
  it(
    "gives back exactly what was there, by name and as the latest",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const name = await prepare(at);
        const plan = await back(at, name).plan();
        assertEquals(plan.summary.files, 4);
        for (const wanted of [name, "latest"]) {
          await back(at, wanted, { delete: true }).run();
          assertEquals(differencesOf(at.at("source"), at.at("back")), []);
        }
        const none = await back(at, name).run();
        assertEquals([none.done.created, none.done.updated], [0, 0]);
      }),
  );

  it("remembers nothing of names that only snapshots share", requires("Linux"), () =>
    withWorkspace(async (at) => {
      makeTree(at.at("source"), { a: { file: "a" }, b: { file: "b" } });
      for (let times = 0; times < 2; times++) await snapshot(at.at("source"), at.at("store")).run();
      await back(at, "latest").run();
      assertEquals(differencesOf(at.at("source"), at.at("back")), []);
    }));

  it(
    "gives back some paths, and leaves the rest of the destination alone",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const name = await prepare(at);
        makeTree(at.at("back"), { mine: { file: "" } });
        await back(at, name, { paths: ["d/deep/", "-rf"] }).run();
        const left = [...walkTree(at.at("back")).keys()].filter((path) => path !== "");
        assertEquals(left.sort(), ["-rf", "d", "d/deep", "d/deep/x", "mine"]);
      }),
  );

  it(
    "refuses what is not there, what leads out, and a destination in the store",
    requires("Linux"),
    () =>
      withWorkspace(async (at) => {
        const name = await prepare(at);
        const before = walkTree(at.at("store"));
        assertEquals(await refusal(back(at, "1999").run()), "snapshot-missing");
        assertEquals(await refusal(back(at, "../source").run()), "snapshot-missing");
        assertEquals(await refusal(restore(at.at("source"), name, at.at("back")).run()), "store-unusable");
        for (const inside of ["store", `store/${name}`, "store/new"]) {
          assertEquals(await refusal(restore(at.at("store"), name, at.at(inside)).run()), "overlap");
        }
        assertThrows(() => back(at, name, { paths: ["../etc"] }), RangeError, "it must stay below its root");
        assertThrows(() => back(at, name, { paths: ["/etc"] }), RangeError);
        assertEquals(compareTrees(before, walkTree(at.at("store"))), []);
      }),
  );
});
