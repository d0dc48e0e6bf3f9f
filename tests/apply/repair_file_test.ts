/** Repairs over trees in memory, where the worst moment can be chosen. */
import { createHash } from "node:crypto";
import { type Repair, repairFile } from "../../lib/apply/repair_file.ts";
import { SyncError } from "../../lib/errors.ts";
import { type MemoryTree, memoryTree } from "../../lib/model/memory_tree.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import { finish, type Steps } from "../../lib/model/steps.ts";
import type { Directory } from "../../lib/model/tree.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

const TEMPORARY = ".undrift-0123456789ab-0.tmp";

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function textIn(directory: Directory, name: string): Uint8Array {
  const reader = directory.openFile(name);
  const bytes = new Uint8Array(100);
  return bytes.subarray(0, reader.read(bytes, 0));
}

interface Scene {
  readonly tree: MemoryTree;
  readonly replica: MemoryTree;
  readonly repair: Repair;
}

/** A file that decayed, and its replica. */
function scene(replicaContent = "good"): Scene {
  const tree = memoryTree({ a: { file: "good", mode: 0o640, mtime: "5", xattrs: { "user.x": "eA==" } } });
  tree.flipBit("a", 1);
  const replica = memoryTree({ a: { file: replicaContent, mode: 0o600, mtime: "9" } });
  const directory = tree.open(ROOT);
  const isProven = function* (where: Directory, name: string): Steps<boolean> {
    yield;
    return sha256(textIn(where, name)) === sha256("good");
  };
  const repair = {
    path: parseRelPath("a"),
    directory,
    name: "a",
    stamp: directory.openFile("a").stamp(),
    replica: { directory: replica.open(ROOT), name: "a" },
    isTwin: false,
    temporary: TEMPORARY,
    xattrs: { attributes: true, lists: true },
    isProven,
  };
  return { tree, replica, repair };
}

function codeOf(repair: Repair): string {
  return assertThrows(() => finish(repairFile(repair)), SyncError).code;
}

describe("repairFile()", () => {
  it("gives the file its content and keeps all else, its directory's time included", () => {
    const { tree, repair } = scene();
    const before = tree.open(ROOT).entry();
    finish(repairFile(repair));
    assertEquals(tree.dump(), {
      a: { file: "good", mode: 0o640, mtime: "5", xattrs: { "user.x": "eA==" } },
    });
    assertEquals(tree.open(ROOT).entry(), before);
  });

  it("does nothing with a replica that is not proven, and leaves nothing behind", () => {
    const { tree, repair } = scene("gold");
    const before = tree.dump();
    assertEquals(codeOf(repair), "replica-unproven");
    assertEquals(tree.dump(), before);
  });

  it("proves the copy, too: a replica may change after it was read", () => {
    const { tree, replica, repair } = scene();
    const before = tree.dump();
    tree.onOperation = (called) => {
      if (called === "createFile") replica.flipBit("a", 2);
    };
    assertEquals(codeOf(repair), "replica-unproven");
    assertEquals(tree.dump(), before);
  });

  it("leaves a file alone that somebody writes meanwhile", () => {
    const { tree, repair } = scene();
    tree.onOperation = (called) => {
      if (called === "createFile") tree.put("a", { file: "new", mtime: "7" });
    };
    assertEquals(codeOf(repair), "drift");
    assertEquals(tree.dump({ attributes: false }), { a: { file: "new" } });
  });

  it("leaves the old file when the disk is full, and removes what was begun", () => {
    for (const failing of ["copyFrom", "setMetadata", "flush", "rename"] as const) {
      const { tree, repair } = scene();
      const before = tree.dump({ attributes: false });
      let isArmed = true;
      tree.onOperation = (called) => {
        if (called !== failing || !isArmed) return;
        isArmed = false;
        return new SyncError("no-space", "Cannot write: full");
      };
      assertEquals(codeOf(repair), "no-space");
      assertEquals(tree.dump({ attributes: false }), before);
    }
  });
});
