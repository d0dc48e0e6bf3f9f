/** What a thread reads, over trees in memory that fail and change call by call. */
import { SyncError } from "../../lib/errors.ts";
import { type MemoryTree, memoryTree, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import { FileWork } from "../../tasks/checking/file_work.ts";
import { type FileResult, lookOf } from "../../tasks/checking/job.ts";
import { hashOf, OF_ABC } from "../manifest/hashes.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const ABC: TreeLiteral = { f: { file: "abc" }, d: { dir: { g: { file: "abcd" } } } };

function told(results: readonly FileResult[]): unknown[] {
  return results.map((result) => {
    if ("failure" in result) return [result.failure.path, result.failure.code, result.failure.side];
    return "same" in result ? result.same : result.digest;
  });
}

function hashed(tree: MemoryTree, ...paths: string[]): unknown[] {
  const work = new FileWork({ trees: [tree], hash: hashOf("sha256") });
  return told(finish(work.do({ work: "hash", files: paths.map(parseRelPath) })));
}

function compared(one: MemoryTree, other: MemoryTree, path: string, position = 0, length = 3): unknown {
  const looks = [one, other].map((tree) => {
    const parts = path.split("/");
    const directory = tree.open(parseRelPath(parts.slice(0, -1).join("/")));
    return lookOf(directory.lookup(parts.at(-1)!)!);
  }) as [ReturnType<typeof lookOf>, ReturnType<typeof lookOf>];
  return comparedAs(one, other, path, looks, position, length);
}

function comparedAs(
  one: MemoryTree,
  other: MemoryTree,
  path: string,
  looks: readonly [ReturnType<typeof lookOf>, ReturnType<typeof lookOf>],
  position = 0,
  length = 3,
): unknown {
  const work = new FileWork({ trees: [one, other] });
  return told(finish(work.do({ work: "compare", parts: [{ path: parseRelPath(path), position, length, looks }] })))[0];
}

function failing(tree: MemoryTree, operation: string, path: string): MemoryTree {
  tree.onOperation = (called, at) => {
    if (called === operation && at === path) throw new SyncError("io", `Cannot ${operation}`);
  };
  return tree;
}

describe("FileWork", () => {
  it("hashes files, and goes on after those that cannot be read", () => {
    const tree = failing(memoryTree(ABC), "read", "d/g");
    assertEquals(hashed(tree, "f", "d/g", "d/none", "none/x", "f"), [
      OF_ABC.sha256,
      ["d/g", "io", undefined],
      ["d/none", "vanished", undefined],
      ["none/x", "vanished", undefined],
      OF_ABC.sha256,
    ]);
  });

  it("compares whole files and ranges", () => {
    const other = memoryTree({ f: { file: "abc" }, d: { dir: { g: { file: "xbcd" } } } });
    assertEquals(compared(memoryTree(ABC), other, "f"), true);
    assertEquals(compared(memoryTree(ABC), other, "d/g", 0, 4), false);
    assertEquals(compared(memoryTree(ABC), other, "d/g", 1, 3), true);
  });

  it("tells on which side a file cannot be read", () => {
    const one = memoryTree(ABC);
    const other = memoryTree({ ...ABC, d: { dir: { g: { file: "1234" } } } });
    assertEquals(compared(failing(memoryTree(ABC), "openFile", "f"), other, "f"), ["f", "io", "source"]);
    assertEquals(compared(one, failing(memoryTree(ABC), "openFile", "f"), "f"), ["f", "io", "destination"]);
  });

  it("tells of a file that changed since it was listed, or while it was compared", () => {
    const one = memoryTree(ABC);
    const other = memoryTree(ABC);
    const look = lookOf(one.open(ROOT).lookup("f")!);
    assertEquals(comparedAs(one, other, "f", [look, { ...look, mtimeSeconds: 5 }]), [
      "f",
      "changed-while-read",
      "destination",
    ]);
    let reads = 0;
    one.onOperation = (called, at) => {
      if (called === "sameBytes" && at === "f" && ++reads === 1) {
        one.open(ROOT).setMetadata("f", { mtimeSeconds: 9, mtimeNanoseconds: 0 });
      }
    };
    assertEquals(comparedAs(one, other, "f", [look, look]), ["f", "changed-while-read", "source"]);
  });
});
