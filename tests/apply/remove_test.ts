import { assertEquals, describe, it } from "../support/test_api.ts";
import { removeEntry, removeTree } from "../../lib/apply/remove.ts";
import { SyncError } from "../../lib/errors.ts";
import { type MemoryHook, memoryTree, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import { walkSubtree } from "../../lib/scan/subtree.ts";
import { entryAt } from "./fixture.ts";

const TREE: TreeLiteral = {
  "d": { dir: { "a": { file: "" }, "b": { dir: { "c": { link: "../../keep" } } }, "p": { fifo: true } } },
  "keep": { dir: { "x": { file: "" } } },
};
const DENIED = new SyncError("permission", "Cannot remove", { path: "last name" });

function removed(onOperation?: MemoryHook, literal = TREE): { gone: string[]; failed: string[]; left: TreeLiteral } {
  const tree = memoryTree(literal);
  const entry = entryAt(tree, "d")!;
  const gone: string[] = [];
  const failed: string[] = [];
  tree.onOperation = onOperation;
  finish(removeTree(tree, parseRelPath("d"), entry, walkSubtree, {
    removed: (path, { kind }) => void gone.push(`${kind} ${path}`),
    failed: (path, error) => void failed.push(`${error.code} ${path} ${error.path}`),
  }));
  return { gone, failed, left: tree.dump({ attributes: false }) };
}

describe("removeTree()", () => {
  it("removes an entry and all below it, and follows nothing", () => {
    assertEquals(removed(), {
      gone: ["file d/a", "symlink d/b/c", "directory d/b", "fifo d/p", "directory d"],
      failed: [],
      left: { "keep": TREE["keep"]! },
    });
  });

  it("tells of what cannot be removed with its whole path, and removes the rest", () => {
    const { gone, failed, left } = removed((_, path) => path === "d/b/c" && _ === "removeFile" ? DENIED : undefined);
    assertEquals(gone, ["file d/a", "fifo d/p"]);
    assertEquals(failed, ["permission d/b/c d/b/c", "not-empty d/b d/b", "not-empty d d"]);
    assertEquals(left["d"], { dir: { "b": { dir: { "c": { link: "../../keep" } } } } });
  });

  it("tells of what cannot be listed", () => {
    const { failed } = removed((operation, path) => operation === "list" && path === "d/b" ? DENIED : undefined);
    assertEquals(failed, ["not-empty d/b d/b", "not-empty d d", "permission d/b d/b"]);
  });

  it("counts as removed what is gone already", () => {
    const { gone, failed } = removed((operation, path) =>
      operation === "removeFile" && path === "d/a" ? new SyncError("vanished", "gone") : undefined
    );
    assertEquals([gone[0], failed[0]], ["file d/a", "not-empty d d"]);
  });

  it("does so in steps", () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`f${at}`, { file: "" }] as const));
    const tree = memoryTree({ "d": { dir: many } });
    const steps = removeTree(tree, parseRelPath("d"), entryAt(tree, "d")!, walkSubtree, { removed() {}, failed() {} });
    let count = 0;
    while (steps.next().done !== true) count++;
    assertEquals([count, tree.dump()], [3, {}]);
  });
});

describe("removeEntry()", () => {
  it("removes nothing of another kind than was seen", () => {
    const tree = memoryTree(TREE);
    const directory = tree.open(ROOT);
    for (const [name, kind] of [["d", "file"], ["d", "directory"]] as const) {
      try {
        removeEntry(directory, name, kind);
      } catch (thrown) {
        assertEquals(thrown instanceof SyncError && ["is-directory", "not-empty"].includes(thrown.code), true);
      }
    }
    assertEquals(tree.dump({ attributes: false }), TREE);
  });
});
