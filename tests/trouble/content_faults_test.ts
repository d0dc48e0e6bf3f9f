/** Every single call of a mirror that changes files in place, appends to them, or makes them of old ones, fails once. */
import { SyncError, type SyncErrorCode } from "../../lib/errors.ts";
import { type MemoryTree, memoryTree, type NodeLiteral, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import type { MirrorOptions } from "../../tasks/mirror/options/options.ts";
import { type MemoryStore, mirrorInMemory } from "../support/memory_mirror.ts";
import { assert, assertEquals, assertGreater, describe, it } from "../support/test_api.ts";

/** Text that does not repeat. */
function noise(length: number, seed: number): string {
  let state = seed;
  const next = () => (state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16;
  return Array.from({ length }, () => String.fromCharCode(33 + next() % 90)).join("");
}

const LARGE = noise(20_000, 1);

const BEFORE: TreeLiteral = {
  large: { file: LARGE, mtime: "1000", mode: 0o644 },
  longer: { file: `old${LARGE}`, mtime: "1000" },
  grows: { file: "begin", mtime: "1000" },
  d: { dir: { x: { file: "old x", mtime: "1000" } }, mtime: "3" },
  one: { file: "pair", mtime: "1000" },
  two: { hardLinkOf: "one" },
  was_link: { link: "large", mtime: "1" },
};

const AFTER: TreeLiteral = {
  large: { file: `x${LARGE.slice(0, 15_000)}y${LARGE.slice(15_000)}`, mtime: "2000", mode: 0o600 },
  large2: { file: `${LARGE}z`, mtime: "2000" },
  longer: { file: "short", mtime: "2000" },
  grows: { file: "beginning", mtime: "2000" },
  d: { dir: { x: { file: "new x", mtime: "2000" } }, mtime: "5" },
  one: { file: "other pair", mtime: "2000" },
  two: { hardLinkOf: "one" },
  was_link: { file: LARGE, mtime: "2000" },
};

function failAt(tree: MemoryTree, n: number, code: SyncErrorCode): () => boolean {
  let count = 0;
  tree.onOperation = (operation, path) =>
    ++count === n ? new SyncError(code, `Cannot ${operation}: the test says so`, { path }) : undefined;
  return () => count >= n;
}

function withoutKept(tree: MemoryTree): TreeLiteral {
  return Object.fromEntries(Object.entries(tree.dump()).filter(([name]) => name !== ".kept"));
}

/** No file has the size and the time of its source and another content. */
function checkNothingLooksRight(
  trees: { readonly source: MemoryTree; readonly destination: MemoryTree },
  when: string,
) {
  const [want, have] = [trees.source.dump(), trees.destination.dump()];
  const inside = (node: NodeLiteral | undefined) => node !== undefined && "file" in node ? node : undefined;
  for (const name of Object.keys(want)) {
    const [theirs, mine] = [inside(want[name]), inside(have[name])];
    if (theirs === undefined || mine === undefined || theirs.mtime !== mine.mtime) continue;
    if (theirs.file.length === mine.file.length) assert(theirs.file === mine.file, `${name} ${when}`);
  }
}

function failEach(side: "source" | "destination", code: SyncErrorCode, options: MirrorOptions): void {
  let n = 0;
  for (let reached = true; reached;) {
    const trees = { source: memoryTree(AFTER), destination: memoryTree(BEFORE) };
    const folder = parseRelPath(".kept");
    const store: MemoryStore | undefined = options.backupDir === undefined
      ? undefined
      : { tree: trees.destination, rules: { folder, own: undefined, within: folder } };
    const wasReached = failAt(trees[side], ++n, code);
    mirrorInMemory(trees.source, trees.destination, options, store);
    reached = wasReached();
    trees[side].onOperation = undefined;
    checkNothingLooksRight(trees, `after call ${n}`);
    assertEquals(mirrorInMemory(trees.source, trees.destination, options, store).failed, [], `after call ${n}`);
    assert(JSON.stringify(withoutKept(trees.destination)) === JSON.stringify(trees.source.dump()), `after call ${n}`);
    assertEquals(mirrorInMemory(trees.source, trees.destination, options, store).applied, [], `after call ${n}`);
    if (store !== undefined) checkKept(trees.destination, `after call ${n}`);
  }
  assertGreater(n, 40);
}

/** What is kept is the old file, however often the run had to begin again. */
function checkKept(tree: MemoryTree, when: string): void {
  const kept = tree.dump()[".kept"];
  const file = kept !== undefined && "dir" in kept ? kept.dir["large"] : undefined;
  assert(JSON.stringify(file) === JSON.stringify(memoryTree(BEFORE).dump()["large"]), when);
}

describe("a mirror that changes files in another way, of which one call fails", () => {
  for (
    const options of [
      { inplace: true },
      { inplace: true, backupDir: ".kept" },
      { delta: true, fuzzy: true },
      { delta: true, backupDir: ".kept" },
    ] as MirrorOptions[]
  ) {
    for (const [side, code] of [["source", "io"], ["destination", "io"], ["destination", "no-space"]] as const) {
      it(`leaves nothing that looks right and is not, and the next run finishes: ${code} at the ${side}, ${JSON.stringify(options)}`, () => {
        failEach(side, code, options);
      });
    }
  }
});
