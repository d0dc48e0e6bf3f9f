/** Checksums of files through every implementation of a tree, and of files that do not hold still. */
import { writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { ALGORITHM_NAMES } from "../../lib/manifest/algorithm.ts";
import { hashFile } from "../../lib/manifest/hash_file.ts";
import { type MemoryTree, memoryTree } from "../../lib/model/memory_tree.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import type { FileWriter, Tree } from "../../lib/model/tree.ts";
import { openTree } from "../../lib/os/open_tree.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { SyncError } from "../../lib/errors.ts";
import { withWorkspace } from "../support/workspace.ts";
import { hashOf, OF_ABC } from "./hashes.ts";

const BUFFER = new Uint8Array(65_536);

function hashed(tree: Tree, name: string, algorithm: (typeof ALGORITHM_NAMES)[number] = "sha256") {
  const directory = tree.open(ROOT);
  try {
    return finish(hashFile(directory, name, hashOf(algorithm), BUFFER));
  } finally {
    directory.close();
  }
}

function codeOf(work: () => unknown): string {
  return assertThrows(work, SyncError).code;
}

describe("hashFile()", () => {
  for (const layer of ["native", "portable"] as const) {
    it(`hashes files of a ${layer} tree with every algorithm`, () =>
      withWorkspace((at) => {
        const long = new Uint8Array(20_000_003).map((_, index) => index * 7 + (index >> 9));
        writeFileSync(at.at("abc"), "abc");
        writeFileSync(at.at("empty"), "");
        writeFileSync(at.at("long"), long);
        const tree = openTree(at.path, layer);
        try {
          for (const name of ALGORITHM_NAMES) assertEquals(hashed(tree, "abc", name).digest.toHex(), OF_ABC[name]);
          assertEquals(hashed(tree, "empty", "md5").digest.toHex(), "d41d8cd98f00b204e9800998ecf8427e");
          const { digest, entry } = hashed(tree, "long");
          assertEquals(digest.toHex(), createHash("sha256").update(long).digest("hex"));
          assertEquals(entry.size, long.length);
        } finally {
          tree.close();
        }
      }));
  }

  it("pauses within a long file", () => {
    const tree = memoryTree({ long: { file: new Uint8Array(17 << 20) } });
    let steps = 0;
    const work = hashFile(tree.open(ROOT), "long", hashOf("xxh128"), BUFFER);
    while (work.next().done !== true) steps++;
    assertEquals(steps, 2);
  });

  for (
    const [what, change] of [
      ["grows", (writer: FileWriter) => writer.write(new Uint8Array(3), 10)],
      ["shrinks", (writer: FileWriter) => writer.truncate(3)],
      ["changes in place", (writer: FileWriter) => writer.write(new Uint8Array(1), 0)],
    ] as const
  ) {
    it(`says so when a file ${what} while it is read, and hashes the next one right`, () => {
      const tree: MemoryTree = memoryTree({ abc: { file: "abc" } });
      const writer = tree.open(ROOT).createFile("f", 0o644);
      writer.write(new Uint8Array(10), 0);
      let count = 0;
      tree.onOperation = (called, at) => {
        if (called === "read" && at === "f" && ++count === 2) change(writer);
      };
      assertEquals(codeOf(() => hashed(tree, "f")), "changed-while-read");
      assertEquals(hashed(tree, "abc").digest.toHex(), OF_ABC.sha256);
    });
  }

  it("follows no symlink, and tells what cannot be read", () => {
    const tree = memoryTree({ link: { link: "abc" }, abc: { file: "abc" } });
    assertEquals(codeOf(() => hashed(tree, "link")), "symlink-refused");
    assertEquals(codeOf(() => hashed(tree, "absent")), "vanished");
    tree.onOperation = (called) => {
      if (called === "read") throw new SyncError("io", "Cannot read");
    };
    assertEquals(codeOf(() => hashed(tree, "abc")), "io");
  });
});
