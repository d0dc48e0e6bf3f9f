/** Every single call of a mirror that removes from the source fails once: every file is still somewhere. */
import { SyncError, type SyncErrorCode } from "../../lib/errors.ts";
import { type MemoryTree, memoryTree, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { mirrorInMemory } from "../support/memory_mirror.ts";
import { assert, assertEquals, assertGreater, describe, it } from "../support/test_api.ts";
import { entriesOf } from "../support/trees.ts";

const T = "1000";
const SOURCE: TreeLiteral = {
  a: { file: "new a", mtime: "2000" },
  d: { dir: { b: { file: "b", mtime: T }, e: { dir: { c: { file: "c", mtime: T } } } }, mtime: "3" },
  l: { link: "target", mtime: "4" },
  one: { file: "pair", mtime: T },
  two: { hardLinkOf: "one" },
};
const DESTINATION: TreeLiteral = { a: { file: "old", mtime: T }, d: { dir: { b: { file: "b", mtime: T } } } };

function failAt(tree: MemoryTree, n: number, code: SyncErrorCode): () => boolean {
  let count = 0;
  tree.onOperation = (operation, path) =>
    ++count === n ? new SyncError(code, `Cannot ${operation}: the test says so`, { path }) : undefined;
  return () => count >= n;
}

function contentsOf(tree: MemoryTree): Map<string, string> {
  const found = new Map<string, string>();
  for (const [path, node] of entriesOf(tree.dump({ attributes: false }))) {
    if ("file" in node) found.set(path, String(node.file));
    else if ("link" in node) found.set(path, node.link);
    else if ("hardLinkOf" in node) found.set(path, "pair");
  }
  return found;
}

const WANTED = contentsOf(memoryTree(SOURCE));

function failEach(side: "source" | "destination", code: SyncErrorCode, delayUpdates: boolean): void {
  let n = 0;
  for (let reached = true; reached;) {
    const trees = { source: memoryTree(SOURCE), destination: memoryTree(DESTINATION) };
    const wasReached = failAt(trees[side], ++n, code);
    const options = { removeSourceFiles: true, delayUpdates };
    mirrorInMemory(trees.source, trees.destination, options);
    reached = wasReached();
    trees[side].onOperation = undefined;
    const [left, arrived] = [contentsOf(trees.source), contentsOf(trees.destination)];
    for (const [path, content] of WANTED) {
      assert(left.get(path) === content || arrived.get(path) === content, `${path} is lost after call ${n}`);
    }
    assertEquals(mirrorInMemory(trees.source, trees.destination, options).failed, [], `after call ${n}`);
    assertEquals([contentsOf(trees.source).size, contentsOf(trees.destination)], [0, WANTED], `after call ${n}`);
  }
  assertGreater(n, 30);
}

describe("a mirror that removes from the source, of which one call fails", () => {
  for (const side of ["source", "destination"] as const) {
    for (const code of ["io", "no-space"] as const) {
      for (const delays of [false, true]) {
        it(`loses nothing and the next run finishes: ${code} at the ${side}${delays ? ", switched at once" : ""}`, () => {
          failEach(side, code, delays);
        });
      }
    }
  }
});
