/** Every single call of a mirror that switches everything at once fails once. */
import { SyncError, type SyncErrorCode } from "../../lib/errors.ts";
import { type MemoryTree, memoryTree, type NodeLiteral, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import type { MirrorOptions } from "../../tasks/mirror/options/options.ts";
import { type MemoryStore, mirrorInMemory } from "../support/memory_mirror.ts";
import { assert, assertEquals, assertGreater, describe, it } from "../support/test_api.ts";
import { entriesOf } from "../support/trees.ts";

const T = "1000";

const BEFORE: TreeLiteral = {
  changed: { file: "old", mtime: T },
  d: {
    dir: { x: { file: "old x", mtime: T }, gone: { file: "gone", mtime: T } },
    mtime: "3",
    xattrs: { "user.a": "eA==" },
  },
  mode: { file: "mode", mtime: T, mode: 0o600 },
  link: { link: "old", mtime: "1" },
  was_file: { file: "old", mtime: T },
  was_directory: { dir: { inside: { file: "old inside", mtime: T } }, mtime: "4" },
  one: { file: "pair", mtime: T },
  two: { file: "pair", mtime: T },
};

const AFTER: TreeLiteral = {
  changed: { file: "new content", mtime: "2000" },
  d: {
    dir: { x: { file: "newer x", mtime: "2000" }, y: { file: "y", mtime: T } },
    mtime: "5",
    xattrs: { "user.a": "eA==" },
  },
  new: { file: "new", mtime: T, mode: 0o400 },
  new_directory: {
    dir: { deep: { dir: { f: { file: "deep", mtime: T }, l: { link: "f", mtime: "6" } }, mtime: "7" } },
    mode: 0o555,
    mtime: "5",
  },
  mode: { file: "mode", mtime: T, mode: 0o640 },
  link: { link: "new", mtime: "7" },
  fifo: { fifo: true, mode: 0o600, mtime: "8" },
  was_file: { dir: { inside: { file: "new inside", mtime: T } }, mtime: "9" },
  was_directory: { file: "new", mtime: "2000" },
  one: { file: "pair", mtime: T },
  two: { hardLinkOf: "one" },
  three: { hardLinkOf: "new_directory/deep/f" },
};

function failAt(tree: MemoryTree, n: number, code: SyncErrorCode): () => boolean {
  let count = 0;
  tree.onOperation = (operation, path) =>
    ++count === n ? new SyncError(code, `Cannot ${operation}: the test says so`, { path }) : undefined;
  return () => count >= n;
}

function checkOldOrNew(tree: MemoryTree, failed: readonly string[]): void {
  const contents = (literal: TreeLiteral) => new Map(entriesOf(memoryTree(literal).dump({ attributes: false })));
  const [before, after] = [contents(BEFORE), contents(AFTER)];
  const text = (node: NodeLiteral | undefined) => node !== undefined && "file" in node ? node.file : undefined;
  for (const [path, node] of entriesOf(tree.dump({ attributes: false }))) {
    if (!("file" in node) || path.includes(".undrift-") || path.startsWith(".kept")) continue;
    const known = [text(before.get(path)), text(after.get(path)), "pair", "deep"];
    assert(known.includes(node.file), `${path} holds "${node.file}"`);
  }
  // A new directory is there as a whole, or not at all; but for what is told as failed.
  if (failed.some((path) => path.startsWith("new_directory"))) return;
  const made = tree.dump({ attributes: false })["new_directory"];
  assert(made === undefined || "dir" in made && Object.hasOwn(made.dir, "deep"), JSON.stringify(made));
}

function withoutKept(tree: MemoryTree): TreeLiteral {
  return Object.fromEntries(Object.entries(tree.dump()).filter(([name]) => name !== ".kept"));
}

function failEach(side: "source" | "destination", code: SyncErrorCode, options: MirrorOptions): number {
  let n = 0;
  let unchanged = 0;
  const before = memoryTree(BEFORE).dump();
  for (let reached = true; reached;) {
    const trees = { source: memoryTree(AFTER), destination: memoryTree(BEFORE) };
    const folder = parseRelPath(".kept");
    const store: MemoryStore | undefined = options.backupDir === undefined
      ? undefined
      : { tree: trees.destination, rules: { folder, own: undefined, within: folder } };
    const all = { ...options, delete: true, xattrs: true, delayUpdates: true };
    const wasReached = failAt(trees[side], ++n, code);
    const { fatal, failed } = mirrorInMemory(trees.source, trees.destination, all, store);
    reached = wasReached();
    trees[side].onOperation = undefined;
    checkOldOrNew(trees.destination, failed.map(([path]) => path));
    // A full disk ends the run before the switch, as long as there is something to write.
    if (fatal === "no-space" && JSON.stringify(withoutKept(trees.destination)) === JSON.stringify(before)) unchanged++;
    assertEquals(mirrorInMemory(trees.source, trees.destination, all, store).failed, [], `after call ${n}`);
    assertEquals(withoutKept(trees.destination), trees.source.dump(), `after call ${n}`);
    assertEquals(mirrorInMemory(trees.source, trees.destination, all, store).applied, [], `after call ${n}`);
  }
  assertGreater(n, 60);
  return unchanged;
}

describe("a mirror that switches everything at once, of which one call fails", () => {
  for (const options of [{}, { backupDir: ".kept" }] as MirrorOptions[]) {
    const kept = options.backupDir === undefined ? "" : " and keeps old entries";
    for (const side of ["source", "destination"] as const) {
      it(`goes on, leaves old or new, and the next run finishes: error at the ${side}${kept}`, () => {
        failEach(side, "io", options);
      });
    }

    it(`changes nothing when the disk is full before the switch${kept}`, () => {
      assertGreater(failEach("destination", "no-space", options), 30);
    });
  }
});
