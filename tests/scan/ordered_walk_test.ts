/** Walks in order, and two of them side by side, against what a plain reading of the literals says. */
import fc from "fast-check";
import { SyncError } from "../../lib/errors.ts";
import type { Entry } from "../../lib/model/entry.ts";
import type { Listing } from "../../lib/model/listing.ts";
import { temporaryName } from "../../lib/model/leftover.ts";
import { type MemoryTree, memoryTree, type NodeLiteral, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { comparePaths } from "../../lib/model/rel_path.ts";
import { mergeOrdered } from "../../lib/scan/merge_ordered.ts";
import { type Ordered, type OrderedWalk, walkInOrder } from "../../lib/scan/ordered_walk.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { changedTree } from "../support/tree_arbitrary.ts";
import { entriesOf } from "../support/trees.ts";

const PLAIN = { extras: { targets: true, xattrs: undefined } };

function walked(tree: MemoryTree, walk: OrderedWalk = PLAIN): string[] {
  return [...walkInOrder(tree, walk)].map(({ state, path }) => state === "there" ? path : `${state} ${path}`);
}

function merged(one: MemoryTree, other: MemoryTree, walk: OrderedWalk = PLAIN): string[] {
  return [...mergeOrdered(walkInOrder(one, walk), walkInOrder(other, walk))].map(
    ({ path, source, destination, unreadable }) =>
      `${source === undefined ? "" : "s"}${destination === undefined ? "" : "d"}${unreadable?.side ?? ""} ${path}`,
  );
}

/** Leaves entries out or keeps them by their names. */
function byName(hidden: readonly string[], kept: readonly string[] = []): OrderedWalk {
  const has = (names: readonly string[]) => (listing: Listing, index: number) => names.includes(listing.name(index));
  const selection = { hides: has(hidden), spares: () => false, protects: has(kept), asksOfEqual: () => true };
  return { ...PLAIN, selectionIn: () => selection };
}

function failing(literal: TreeLiteral, operation: string, path: string): MemoryTree {
  const tree = memoryTree(literal);
  tree.onOperation = (called, at) => {
    if (called === operation && at === path) throw new SyncError("io", `Cannot ${operation}`);
  };
  return tree;
}

const FILE: NodeLiteral = { file: "x" };
const TREE: TreeLiteral = { b: { dir: { c: FILE, "a": { dir: { z: FILE } } } }, "b.txt": FILE, a: FILE };

describe("walkInOrder()", () => {
  it("gives a directory directly before what is in it, names by their bytes", () => {
    assertEquals(walked(memoryTree(TREE)), ["a", "b", "b/a", "b/a/z", "b/c", "b.txt"]);
    assertEquals(walked(memoryTree({})), []);
  });

  it("is in the order of paths, for any tree", () => {
    fc.assert(fc.property(changedTree, ({ after }) => {
      const paths = [...entriesOf(after)].map(([path]) => path).sort(comparePaths);
      assertEquals(walked(memoryTree(after)), paths);
    }));
  });

  it("enters nothing that is left out, and passes over leftovers of this toolkit", () => {
    assertEquals(walked(memoryTree(TREE), byName(["b"])), ["a", "left-out b", "b.txt"]);
    const leftover = temporaryName("0123456789ab", 1);
    assertEquals(walked(memoryTree({ [leftover]: FILE })), [`left-out ${leftover}`]);
  });

  it("tells what it cannot read in place of the entry", () => {
    assertEquals(walked(failing(TREE, "open", "b/a")), ["a", "b", "unreadable b/a", "b/c", "b.txt"]);
    assertThrows(() => walked(failing(TREE, "open", "")), SyncError);
  });

  it("gives entries of their own, whatever is listed after them", () => {
    const entries = [...walkInOrder(memoryTree(TREE), PLAIN)] as (Ordered<Entry> & { state: "there" })[];
    assertEquals(entries.map(({ known }) => known.kind[0]).join(""), "fddfff");
  });
});

describe("mergeOrdered()", () => {
  it("pairs what both have, for any two trees", () => {
    fc.assert(fc.property(changedTree, ({ before, after }) => {
      const one = new Set([...entriesOf(before)].map(([path]) => path));
      const other = new Set([...entriesOf(after)].map(([path]) => path));
      const expected = [...new Set([...one, ...other])].sort(comparePaths).map((path) =>
        `${one.has(path) ? "s" : ""}${other.has(path) ? "d" : ""} ${path}`
      );
      assertEquals(merged(memoryTree(before), memoryTree(after)), expected);
    }));
  });

  it("says nothing of what is below something that cannot be read on one side", () => {
    const whole = ["sd a", "sd b", "sd b/a", "sd b/a/z", "sd b/c", "sd b.txt"];
    assertEquals(merged(memoryTree(TREE), memoryTree(TREE)), whole);
    const blind = (side: string) => ["sd a", `${side} b`, "sd b.txt"];
    assertEquals(merged(failing(TREE, "open", "b"), memoryTree(TREE)), blind("source"));
    assertEquals(merged(memoryTree(TREE), failing(TREE, "open", "b")), blind("destination"));
    assertEquals(merged(failing(TREE, "open", "b"), failing(TREE, "open", "b")), blind("source"));
  });

  it("does not compare what takes no part on one of the sides", () => {
    const one = memoryTree(TREE);
    assertEquals(merged(one, memoryTree({}), byName(["b"])), ["s a", "s b.txt"]);
    assertEquals(merged(memoryTree({}), one, byName(["b"])), ["d a", "d b.txt"]);
    const some = [...mergeOrdered(walkInOrder(one, byName(["b"])), walkInOrder(one, PLAIN))];
    assertEquals(some.map(({ path }) => path), ["a", "b.txt"]);
  });

  it("passes over what is protected where only the destination has it", () => {
    assertEquals(merged(memoryTree({}), memoryTree(TREE), byName([], ["b"])), ["d a", "d b.txt"]);
    assertEquals(merged(memoryTree(TREE), memoryTree(TREE), byName([], ["b"])).length, 6);
  });
});
