/** Trees that change while they are read, call by call, in memory. */
import { type MemoryTree, memoryTree, type NodeLiteral, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import type { FileWriter } from "../../lib/model/tree.ts";
import { mirrorInMemory } from "../support/memory_mirror.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const OLD: NodeLiteral = { file: "old", mtime: "1000" };
const NEW: NodeLiteral = { file: "newer", mtime: "2000" };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A tree with a file `f` that somebody has open, and `g`. */
function treeWithOpenFile(content: string): { readonly tree: MemoryTree; readonly writer: FileWriter } {
  const tree = memoryTree({ g: NEW });
  const writer = tree.open(ROOT).createFile("f", 0o644);
  writer.write(bytes(content), 0);
  return { tree, writer };
}

/** Does something at the n-th call of an operation on a path. */
function onCall(tree: MemoryTree, operation: string, path: string, act: (count: number) => void): void {
  let count = 0;
  tree.onOperation = (called, at) => {
    if (called === operation && at === path) act(++count);
  };
}

function plain(literal: TreeLiteral): TreeLiteral {
  return memoryTree(literal).dump({ attributes: false });
}

function contentOf(tree: MemoryTree): TreeLiteral {
  return tree.dump({ attributes: false });
}

describe("a mirror of a file that changes while it is copied", () => {
  for (
    const [what, change, after] of [
      ["grows", (writer: FileWriter) => writer.write(bytes("!!"), 10), "0123456789!!"],
      ["shrinks", (writer: FileWriter) => writer.truncate(3), "012"],
      ["changes in place", (writer: FileWriter) => writer.write(bytes("X"), 0), "X123456789"],
    ] as const
  ) {
    it(`copies it once more when it ${what}`, () => {
      const { tree, writer } = treeWithOpenFile("0123456789");
      onCall(tree, "read", "f", (count) => count === 1 && change(writer));
      const destination = memoryTree({ f: OLD });
      assertEquals(mirrorInMemory(tree, destination).failed, []);
      assertEquals(contentOf(destination), plain({ f: { file: after }, g: NEW }));
      assertEquals(mirrorInMemory(tree, destination).applied, []);
    });
  }

  it("keeps the old file when it never holds still, and says so", () => {
    const { tree, writer } = treeWithOpenFile("0123456789");
    onCall(tree, "read", "f", (count) => writer.write(bytes(`${count % 10}`), 0));
    const destination = memoryTree({ f: OLD });
    assertEquals(mirrorInMemory(tree, destination).failed, [["f", "changed-while-read"]]);
    assertEquals(contentOf(destination), plain({ f: OLD, g: NEW }));
  });

  it("copies what was open when another file takes the name", () => {
    const source = memoryTree({ f: NEW });
    onCall(source, "read", "f", (count) => count === 1 && source.put("f", { file: "newest", mtime: "3000" }));
    const destination = memoryTree({ f: OLD });
    assertEquals(mirrorInMemory(source, destination).failed, []);
    assertEquals(contentOf(destination), plain({ f: NEW }));
    mirrorInMemory(source, destination);
    assertEquals(destination.dump(), source.dump());
  });
});

describe("a mirror of entries that vanish", () => {
  it("tells a file that is gone, keeps the old one, and does the rest", () => {
    const source = memoryTree({ f: NEW, g: NEW });
    onCall(source, "openFile", "f", () => source.remove("f"));
    const destination = memoryTree({ f: OLD, g: OLD });
    assertEquals(mirrorInMemory(source, destination).failed, [["f", "source-vanished"]]);
    assertEquals(contentOf(destination), plain({ f: OLD, g: NEW }));
  });

  it("deletes nothing below a directory that is gone", () => {
    const source = memoryTree({ d: { dir: { f: NEW } }, g: NEW });
    onCall(source, "open", "d", () => source.remove("d"));
    const destination = memoryTree({ d: { dir: { f: OLD, z: OLD } }, z: OLD });
    assertEquals(mirrorInMemory(source, destination, { delete: true }).failed, [["d", "source-vanished"]]);
    // By then it is no longer in the source, so the pass of deletions may take it or leave it: whole or not at all.
    const left = contentOf(destination);
    assertEquals("d" in left ? left["d"] : plain({ d: { dir: { f: OLD, z: OLD } } })["d"], {
      dir: plain({ f: OLD, z: OLD }),
    });
    assertEquals(left["g"], { file: "newer" });
  });
});

describe("a mirror of entries that become something else", () => {
  const elsewhere: NodeLiteral = { dir: { secret: { file: "secret" } } };

  it("does not follow a symlink that takes the place of a directory of the source", () => {
    const source = memoryTree({ d: { dir: { f: NEW } }, elsewhere });
    onCall(source, "open", "d", () => source.put("d", { link: "elsewhere" }));
    const destination = memoryTree({ d: { dir: { f: OLD, z: OLD } } });
    assertEquals(mirrorInMemory(source, destination).failed, [["d", "symlink-refused"]]);
    assertEquals(contentOf(destination)["d"], { dir: plain({ f: OLD, z: OLD }) });
  });

  it("does not follow a symlink that takes the place of a directory of the destination", () => {
    const source = memoryTree({ d: { dir: { f: NEW } } });
    const destination = memoryTree({ d: { dir: { f: OLD, z: OLD } }, elsewhere });
    onCall(destination, "open", "d", () => destination.put("d", { link: "elsewhere" }));
    assertEquals(mirrorInMemory(source, destination).failed, [["d", "symlink-refused"]]);
    assertEquals(contentOf(destination), { d: { link: "elsewhere" }, ...plain({ elsewhere }) });
  });

  for (
    const [what, instead] of [
      ["a symlink", { link: "elsewhere/secret" }],
      ["a directory", { dir: {} }],
      ["a FIFO", { fifo: true }],
    ] as const
  ) {
    it(`does not read ${what} in the place of a file`, () => {
      const source = memoryTree({ f: NEW, elsewhere });
      onCall(source, "openFile", "f", () => source.put("f", instead));
      const destination = memoryTree({ f: OLD });
      assertEquals(mirrorInMemory(source, destination).failed.map(([path]) => path), ["f"]);
      assertEquals(contentOf(destination)["f"], { file: "old" });
    });
  }
});
