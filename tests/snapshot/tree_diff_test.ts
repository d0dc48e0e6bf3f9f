/** Two trees compared in memory: against what the literals say, and examples of moves, links and trouble. */
import fc from "fast-check";
import { sameContent } from "../../lib/apply/same_content.ts";
import { SyncError } from "../../lib/errors.ts";
import { type MemoryTree, memoryTree, type NodeLiteral, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import type { EntryFailure } from "../../lib/model/tree.ts";
import { actionOf, changesContent, totalsOf, type TreeChange } from "../../lib/snapshot/tree_change.ts";
import { diffTrees } from "../../lib/snapshot/tree_diff.ts";
import { placed } from "./placed.ts";
import { renamedTree } from "../support/renamed_tree.ts";
import { changedTree } from "../support/tree_arbitrary.ts";
import { entriesOf } from "../support/trees.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";

function diff(tree: MemoryTree, contents = false) {
  const failures: EntryFailure[] = [];
  const [before, after] = [parseRelPath("A"), parseRelPath("B")];
  const found = finish(diffTrees({ tree, before, after, contents, sameContent, failures }));
  return { ...found, failures };
}

function diffOf(before: TreeLiteral, after: TreeLiteral, contents = false) {
  return diff(memoryTree({ A: placed(before, "A"), B: placed(after, "B") }), contents);
}

function told(changes: readonly TreeChange[]): string[] {
  return changes.map((change) => {
    if (change.change === "moved") return `moved ${change.from} > ${change.path} ${change.reasons}`.trim();
    return `${change.change} ${change.path}${change.change === "changed" ? ` ${change.reasons}` : ""}`;
  });
}

/** What counts of each entry of a literal, links followed. */
function looks(literal: TreeLiteral): Map<string, string> {
  const nodes = new Map(entriesOf(literal));
  const lookOf = (node: NodeLiteral): string => {
    if ("hardLinkOf" in node) return lookOf(nodes.get(node.hardLinkOf)!);
    const { mode, mtime = "1000000000" } = node;
    if ("dir" in node) return `dir ${mode}`;
    if ("file" in node) return `file ${mode} ${mtime} ${node.file}`;
    return "link" in node ? `link ${mtime} ${node.link}` : `${Object.keys(node)[0]} ${mode} ${mtime}`;
  };
  return new Map([...nodes].map(([path, node]) => [path, lookOf(node)]));
}

const FILE = { file: "content", mtime: "1000" };

describe("diffTrees()", () => {
  for (const trees of [changedTree, renamedTree]) {
    it(`finds what the literals say${trees === renamedTree ? ", with moves" : ""}`, () => {
      let moves = 0;
      fc.assert(
        fc.property(trees, fc.boolean(), ({ before, after }, contents) => {
          const { changes, unchanged, failures } = diffOf(before, after, contents);
          assertEquals(failures, []);
          const [had, has] = [looks(before), looks(after)];
          const gone = new Set([...had.keys()].filter((path) => !has.has(path)));
          const fresh = new Set([...has.keys()].filter((path) => !had.has(path)));
          const differing = new Set([...has.keys()].filter((path) => had.has(path) && had.get(path) !== has.get(path)));
          assertEquals(unchanged, [...has.keys()].filter((path) => had.get(path) === has.get(path)).length);
          for (const change of changes) {
            const { path } = change;
            if (change.change === "removed") assert(gone.delete(path), path);
            else if (change.change === "changed") assert(differing.delete(path), path);
            else assert(fresh.delete(path), path);
            if (change.change !== "moved") continue;
            moves++;
            assert(gone.delete(change.from), change.from);
            if (change.reasons.length === 0) assertEquals(had.get(change.from), has.get(path));
          }
          assertEquals([[...gone], [...fresh], [...differing]], [[], [], []]);
        }),
        { numRuns: 60 },
      );
      if (trees === renamedTree) assert(moves > 5, `${moves}`);
    });
  }

  it("knows a moved file by its inode, whatever its metadata, and any other by content", () => {
    const tree = memoryTree({
      A: {
        dir: { old: FILE, far: { dir: { name: { file: "other", mtime: "5" } } }, like: { file: "other", mtime: "5" } },
      },
      B: { dir: { new: { hardLinkOf: "A/old" }, name: { file: "other", mtime: "5", mode: 0o600 } } },
    });
    assertEquals(told(diff(tree).changes), [
      "removed far",
      "removed like",
      "moved far/name > name mode",
      "moved old > new",
    ]);
  });

  it("takes no file for moved whose content is another one", () => {
    const { changes } = diffOf({ a: { file: "one", mtime: "5" } }, { b: { file: "two", mtime: "5" } });
    assertEquals(told(changes), ["removed a", "added b"]);
  });

  it("sees content behind equal times only when it is to look", () => {
    const [before, after] = [{ a: { file: "one", mtime: "5" } }, { a: { file: "two", mtime: "5" } }];
    assertEquals(told(diffOf(before, after).changes), []);
    assertEquals(told(diffOf(before, after, true).changes), ["changed a content"]);
  });

  it("says nothing of a directory whose time alone differs", () => {
    const { changes } = diffOf({ d: { dir: {}, mtime: "5" } }, { d: { dir: {}, mtime: "6" } });
    assertEquals(changes, []);
  });

  it("tells a directory that became a file, and all that was in it", () => {
    assertEquals(told(diffOf({ d: { dir: { x: { file: "" } } } }, { d: { file: "" } }).changes), [
      "changed d kind",
      "removed d/x",
    ]);
  });

  it("takes nothing for added or removed that it could not look at", () => {
    const tree = memoryTree({
      A: { dir: { d: { dir: { x: FILE } }, e: FILE } },
      B: { dir: { d: { dir: { y: FILE, z: { dir: {} } } } } },
    });
    tree.onOperation = (operation, path) => {
      if (operation === "open" && path === "A/d") throw new SyncError("permission", "Cannot open", { path: "d" });
    };
    const { changes, failures } = diff(tree);
    assertEquals(told(changes), ["removed e"]);
    assertEquals(failures.map(({ path, error }) => [path, error.code]), [["A/d", "permission"]]);
  });
});

describe("totalsOf()", () => {
  it("adds up entries, and bytes where content is touched", () => {
    const { changes, unchanged } = diffOf(
      {
        a: { file: "12345", mtime: "5" },
        b: { file: "1", mtime: "5", mode: 0o600 },
        c: { file: "123", mtime: "5" },
        s: FILE,
      },
      {
        b: { file: "1", mtime: "5", mode: 0o644 },
        c: { file: "1234567", mtime: "6" },
        d: { file: "12", mtime: "5" },
        s: FILE,
      },
    );
    assertEquals(totalsOf(changes, unchanged), {
      ...{ added: 1, changed: 2, moved: 0, removed: 1, unchanged: 1 },
      ...{ addedBytes: 2, changedBytes: 7, movedBytes: 0, removedBytes: 5 },
    });
  });
});

describe("actionOf()", () => {
  it("gives the step that would make the later of the earlier", () => {
    const { changes } = diffOf(
      { a: FILE, b: { file: "1", mode: 0o600 }, c: { link: "x" }, g: { file: "gone" } },
      { m: FILE, b: { file: "1", mode: 0o644 }, c: { link: "y" }, d: { dir: { f: { fifo: true } } } },
    );
    assertEquals(changes.map((change) => [actionOf(change).op, actionOf(change).path, changesContent(change)]), [
      ["set-metadata", "b", false],
      ["create-symlink", "c", true],
      ["create-directory", "d", true],
      ["create-special", "d/f", true],
      ["delete", "g", true],
      ["move", "m", true],
    ]);
  });
});
