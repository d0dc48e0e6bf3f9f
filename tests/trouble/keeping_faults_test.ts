/** Every single call of a mirror that keeps old entries fails once: no old entry is ever in neither place. */
import { SyncError, type SyncErrorCode } from "../../lib/errors.ts";
import { type MemoryTree, memoryTree, type NodeLiteral, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { MirrorOptions } from "../../tasks/mirror/options/options.ts";
import { type MemoryStore, mirrorInMemory } from "../support/memory_mirror.ts";
import { assert, assertEquals, assertGreater, describe, it } from "../support/test_api.ts";
import { entriesOf } from "../support/trees.ts";

const T = "1000";

const BEFORE: TreeLiteral = {
  changed: { file: "old", mtime: T },
  gone: { dir: { a: { file: "old a", mtime: T }, b: { dir: {} }, l: { link: "old" } }, mode: 0o700 },
  same: { file: "same", mtime: T },
  link: { link: "old" },
  fifo: { fifo: true, mode: 0o600, mtime: T },
  was_file: { file: "old file", mtime: T },
  was_directory: { dir: { inside: { file: "old inside", mtime: T } } },
  one: { file: "pair", mtime: T },
  two: { file: "pair", mtime: T },
};

const AFTER: TreeLiteral = {
  changed: { file: "new content", mtime: "2000" },
  same: { file: "same", mtime: T },
  link: { link: "new", mtime: "7" },
  was_file: { dir: { inside: { file: "new inside", mtime: T } }, mtime: "9" },
  was_directory: { file: "new", mtime: "2000" },
  one: { file: "pair", mtime: T },
  two: { hardLinkOf: "one" },
};

/** One way to keep old entries: options, a store, and where the old entry of a path is then. */
interface Way {
  readonly name: string;
  readonly options: MirrorOptions;
  readonly store: (destination: MemoryTree) => MemoryStore | undefined;
  readonly kept: (path: string) => readonly string[];
}

const WAYS: readonly Way[] = [
  {
    name: "beside the new ones",
    options: { backup: true },
    store: () => undefined,
    kept: (path) => [`${path}~`, path.replace("/", "~/")],
  },
  {
    name: "below the destination, by links",
    options: { backupDir: ".kept" },
    store: (tree) => {
      const folder = parseRelPath(".kept");
      return { tree, rules: { folder, own: undefined, within: folder } };
    },
    kept: (path) => [`.kept/${path}`],
  },
  {
    name: "in another file system, by copies",
    options: { backupDir: "/elsewhere" },
    store: () => ({ tree: memoryTree(), rules: { folder: ROOT, own: undefined, within: undefined } }),
    kept: (path) => [path],
  },
];

function failAt(tree: MemoryTree, n: number, code: SyncErrorCode): () => boolean {
  let count = 0;
  tree.onOperation = (operation, path) =>
    ++count === n ? new SyncError(code, `Cannot ${operation}: the test says so`, { path }) : undefined;
  return () => count >= n;
}

/** What tells an old entry. */
function essence(node: NodeLiteral | undefined): string | undefined {
  if (node === undefined || "dir" in node) return undefined;
  return "file" in node ? `file ${node.file}` : "link" in node ? `link ${node.link}` : Object.keys(node)[0];
}

/** Each old entry that is not a directory is in its place or kept. */
function checkKept(way: Way, destination: MemoryTree, store: MemoryStore | undefined, when: string): void {
  const there = new Map(entriesOf(destination.dump({ attributes: false })));
  const places = new Map(entriesOf((store?.tree ?? destination).dump({ attributes: false })));
  for (const [path, node] of entriesOf(BEFORE)) {
    const old = essence(node);
    if (old === undefined) continue;
    const found = [there.get(path), ...way.kept(path).map((each) => places.get(each))].map(essence);
    assert(found.includes(old) || (path === "two" && there.has("one")), `${path} is lost ${when}: ${found}`);
  }
}

/** Without what is kept. */
function contentsOf(way: Way, tree: MemoryTree): TreeLiteral {
  const left = Object.entries(tree.dump()).filter(([name]) => name !== ".kept" && !name.endsWith("~"));
  // Below the source nothing has the suffix; `gone` stays with what is kept in it.
  return Object.fromEntries(way.store(tree) === undefined ? left.filter(([name]) => name !== "gone") : left);
}

function failEach(way: Way, side: "destination" | "store", code: SyncErrorCode): void {
  let n = 0;
  for (let reached = true; reached;) {
    const source = memoryTree(AFTER);
    const destination = memoryTree(BEFORE);
    const store = way.store(destination);
    const failing = side === "store" ? store!.tree : destination;
    const options = { ...way.options, delete: true };
    const wasReached = failAt(failing, ++n, code);
    const { fatal } = mirrorInMemory(source, destination, options, store);
    assert(fatal === undefined || fatal === code, fatal);
    reached = wasReached();
    failing.onOperation = undefined;
    checkKept(way, destination, store, `after call ${n}`);
    assertEquals(mirrorInMemory(source, destination, options, store).failed, [], `after call ${n}`);
    checkKept(way, destination, store, `after call ${n} and a second run`);
    const root = (tree: MemoryTree) => contentsOf(way, tree);
    assertEquals(root(destination), root(source), `after call ${n}`);
    assertEquals(mirrorInMemory(source, destination, options, store).applied, [], `after call ${n}`);
  }
  assertGreater(n, 15);
}

describe("a mirror that keeps old entries, of which one call fails", () => {
  for (const way of WAYS) {
    for (const code of ["io", "no-space"] as const) {
      it(`loses none and the next run finishes: ${code} at the destination, kept ${way.name}`, () => {
        failEach(way, "destination", code);
      });
    }
  }

  for (const code of ["io", "no-space"] as const) {
    it(`loses none and the next run finishes: ${code} at the store`, () => failEach(WAYS[2]!, "store", code));
  }
});
