/** Clearing a tree: what goes, what stays and is told, in memory and on both layers. */
import fc from "fast-check";
import { clearTree } from "../../lib/apply/clear_tree.ts";
import { SyncError } from "../../lib/errors.ts";
import { type MemoryHook, memoryTree, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import type { Tree } from "../../lib/model/tree.ts";
import { openTree } from "../../lib/os/open_tree.ts";
import { walkSubtree } from "../../lib/scan/subtree.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { placed } from "../snapshot/placed.ts";
import { changedTree } from "../support/tree_arbitrary.ts";
import { entriesOf, makeTree } from "../support/trees.ts";
import { walkTree } from "../support/walker.ts";
import { withWorkspace } from "../support/workspace.ts";

function clear(tree: Tree, top: string): { removed: number; failed: string[] } {
  const failed: string[] = [];
  let removed = 0;
  finish(clearTree(tree, parseRelPath(top), walkSubtree, {
    removed: (count) => void (removed += count),
    failed: (path, error) => void failed.push(`${error.code} ${path}`),
  }));
  return { removed, failed };
}

const TREE: TreeLiteral = {
  "d": {
    dir: { "a": { file: "" }, "b": { dir: { "c": { link: "../../keep" }, "e": { dir: {} } } }, "p": { fifo: true } },
  },
  "keep": { dir: { "x": { hardLinkOf: "d/a" } } },
};

describe("clearTree()", () => {
  it("removes everything below a directory and nothing beside it", () => {
    fc.assert(
      fc.property(changedTree, ({ before }) => {
        const tree = memoryTree({ top: placed(before, "top"), keep: { dir: { x: { file: "x" } } } });
        const count = Object.keys(before).length === 0 ? 0 : [...entriesOf(before)].length;
        assertEquals(clear(tree, "top"), { removed: count + 1, failed: [] });
        assertEquals(tree.dump({ attributes: false }), { keep: { dir: { x: { file: "x" } } } });
      }),
      { numRuns: 30 },
    );
  });

  it("tells what will not go, once, and removes all else", () => {
    const hook: MemoryHook = (operation, path) =>
      operation === "removeFile" && path === "d/b/c"
        ? new SyncError("permission", "Cannot remove", { path })
        : undefined;
    const tree = memoryTree(TREE, { onOperation: hook });
    assertEquals(clear(tree, "d"), { removed: 3, failed: ["permission d/b/c", "not-empty d/b"] });
    assertEquals(tree.dump({ attributes: false })["d"], { dir: { b: { dir: { c: { link: "../../keep" } } } } });
  });

  it("takes for gone what others removed meanwhile", () => {
    const tree = memoryTree(TREE);
    tree.onOperation = (operation, path) => {
      if (operation !== "open" || path !== "d/b") return;
      tree.onOperation = undefined;
      tree.remove("d/b");
    };
    assertEquals(clear(tree, "d").failed, []);
    assertEquals(Object.keys(tree.dump()), ["keep"]);
  });

  for (const layer of ["native", "portable"] as const) {
    it(`leaves further names alone, ${layer}`, requires("Linux"), async () => {
      await withWorkspace((at) => {
        makeTree(at.path, { ...TREE, keep: { dir: { x: { file: "shared", mode: 0o640, mtime: "1000.5" } } } });
        mustRun("ln", [at.at("keep/x"), at.at("d/b/y")]);
        const before = walkTree(at.at("keep"));
        const tree = openTree(at.path, layer);
        assertEquals(clear(tree, "d"), { removed: 7, failed: [] });
        tree.close();
        assertEquals(walkTree(at.at("keep")), before);
        assertEquals([...walkTree(at.path).keys()], ["", "keep", "keep/x"]);
      });
    });

    it(
      `passes no symlink, and removes one that stands in the place of a tree, ${layer}`,
      requires("Linux"),
      async () => {
        await withWorkspace((at) => {
          makeTree(at.path, { keep: { dir: { x: { file: "x" } } }, top: { link: "keep" } });
          const tree = openTree(at.path, layer);
          assertEquals(clear(tree, "top"), { removed: 1, failed: [] });
          tree.close();
          assertEquals([...walkTree(at.path).keys()], ["", "keep", "keep/x"]);
        });
      },
    );

    it(`removes directories of any depth and number, ${layer}`, requires("Linux"), async () => {
      await withWorkspace((at) => {
        const names = Array.from({ length: 1500 }, (_, index) => [`${index}`.repeat(40), { file: "" }] as const);
        makeTree(at.at("top"), Object.fromEntries(names));
        mustRun("sh", [
          "-ec",
          `cd "$1"; for i in $(seq 120); do mkdir deep-$i; cd deep-$i; : > f; done`,
          "sh",
          at.at("top"),
        ]);
        const tree = openTree(at.path, layer);
        assertEquals(clear(tree, "top"), { removed: 1741, failed: [] });
        tree.close();
      });
    });
  }
});
