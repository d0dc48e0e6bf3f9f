/** Every single call of a mirror fails once: what is left is old or new, and the next run ends as if nothing had been. */
import { SyncError, type SyncErrorCode } from "../../lib/errors.ts";
import { type MemoryTree, memoryTree, type NodeLiteral, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { type MemoryMirrored, mirrorInMemory } from "../support/memory_mirror.ts";
import { assert, assertEquals, assertGreater, describe, it } from "../support/test_api.ts";
import { entriesOf } from "../support/trees.ts";

const T = "1000";

/** All that can happen to an entry. */
const BEFORE: TreeLiteral = {
  changed: { file: "old", mtime: T },
  gone: { dir: { a: { file: "old a", mtime: T }, b: { dir: {} } } },
  same: { file: "same", mtime: T },
  mode: { file: "mode", mtime: T, mode: 0o600 },
  link: { link: "old" },
  was_file: { file: "old", mtime: T },
  was_directory: { dir: { inside: { file: "old inside", mtime: T } } },
  was_empty: { dir: {} },
  one: { file: "pair", mtime: T },
  two: { file: "pair", mtime: T },
};

const AFTER: TreeLiteral = {
  changed: { file: "new content", mtime: "2000" },
  new: { file: "new", mtime: T, xattrs: { "user.a": "eA==" } },
  new_directory: { dir: { deep: { dir: { f: { file: "deep", mtime: T } } } }, mtime: "5" },
  same: { file: "same", mtime: T },
  mode: { file: "mode", mtime: T, mode: 0o640 },
  link: { link: "new", mtime: "7" },
  fifo: { fifo: true, mode: 0o600, mtime: "8" },
  was_file: { dir: { inside: { file: "new inside", mtime: T } }, mtime: "9" },
  was_directory: { file: "new", mtime: "2000" },
  was_empty: { link: "x", mtime: "5" },
  one: { file: "pair", mtime: T },
  two: { hardLinkOf: "one" },
  three: { hardLinkOf: "one" },
};

const OPTIONS = { delete: true, xattrs: true };

/** Lets the n-th call fail; tells whether there was one. */
function failAt(tree: MemoryTree, n: number, code: SyncErrorCode): () => boolean {
  let count = 0;
  tree.onOperation = (operation, path) =>
    ++count === n ? new SyncError(code, `Cannot ${operation}: the test says so`, { path }) : undefined;
  return () => count >= n;
}

/** Every file has the content it had or the one it is to have. */
function checkOldOrNew(tree: MemoryTree): void {
  const contents = (literal: TreeLiteral) => new Map(entriesOf(memoryTree(literal).dump({ attributes: false })));
  const [before, after] = [contents(BEFORE), contents(AFTER)];
  const text = (node: NodeLiteral | undefined) => node !== undefined && "file" in node ? node.file : undefined;
  for (const [path, node] of entriesOf(tree.dump({ attributes: false }))) {
    if (!("file" in node) || path.includes(".undrift-")) continue;
    const known = [text(before.get(path)), text(after.get(path)), "pair"];
    assert(known.includes(node.file), `${path} holds "${node.file}"`);
  }
}

/** Fails each call of one side in turn. */
function failEach(side: "source" | "destination", code: SyncErrorCode, check: (run: MemoryMirrored) => void): void {
  let n = 0;
  for (let reached = true; reached;) {
    const trees = { source: memoryTree(AFTER), destination: memoryTree(BEFORE) };
    const wasReached = failAt(trees[side], ++n, code);
    const run = mirrorInMemory(trees.source, trees.destination, OPTIONS);
    reached = wasReached();
    trees[side].onOperation = undefined;
    if (reached) check(run);
    checkOldOrNew(trees.destination);
    assertEquals(mirrorInMemory(trees.source, trees.destination, OPTIONS).failed, [], `after call ${n}`);
    assertEquals(trees.destination.dump(), trees.source.dump(), `after call ${n}`);
    assertEquals(mirrorInMemory(trees.source, trees.destination, OPTIONS).applied, [], `after call ${n}`);
  }
  assertGreater(n, 60);
}

describe("a mirror of which one call fails", () => {
  for (const side of ["source", "destination"] as const) {
    it(`goes on, leaves old or new, and the next run finishes: input/output error at the ${side}`, () => {
      failEach(side, "io", ({ fatal }) => assertEquals(fatal, undefined));
    });
  }

  it("ends at once when the disk is full, leaves old or new, and the next run finishes", () => {
    let ended = 0;
    failEach("destination", "no-space", ({ fatal }) => {
      assert(fatal === undefined || fatal === "no-space", fatal);
      if (fatal !== undefined) ended++;
    });
    assertGreater(ended, 10);
  });
});
