/** From the working folder to a snapshot, in memory. */
import { SyncError } from "../../lib/errors.ts";
import { type MemoryHook, memoryTree, type NodeLiteral } from "../../lib/model/memory_tree.ts";
import type { SnapshotName } from "../../lib/snapshot/name.ts";
import type { SnapshotRecord } from "../../lib/snapshot/record.ts";
import { prepareStore, readRecord, snapshotNames, writeRecord } from "../../lib/snapshot/store.ts";
import { beginWork, publish, removeLostRecords } from "../../lib/snapshot/working.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

const NOW = Date.UTC(2026, 10, 22, 1, 6, 11);
const NAME = "2026-11-22T01-06-11Z" as SnapshotName;
const RECORD: SnapshotRecord = {
  started: NOW,
  finished: NOW,
  source: "/home",
  entries: 2,
  sharedFiles: 0,
  sharedBytes: 0,
  newFiles: 1,
  newBytes: 1,
  innerLinks: 0,
  failures: 0,
  verified: false,
  tags: [],
};
const WORK: NodeLiteral = { mode: 0o555, mtime: "1500000000.5", dir: { a: { file: "a" } } };

function storeWith(working: NodeLiteral | undefined, onOperation: MemoryHook = () => {}) {
  let hook: MemoryHook = () => {};
  const tree = memoryTree({}, { onOperation: (...call) => hook(...call) });
  prepareStore(tree, "s");
  if (working !== undefined) tree.put(".undrift/working", working);
  hook = onOperation;
  return tree;
}

describe("publish()", () => {
  it("moves the whole tree in one step, with its metadata, and its record is there before", () => {
    const tree = storeWith(WORK, (operation) => {
      if (operation !== "moveHere") return;
      assertEquals(snapshotNames(tree), []);
      assertEquals(readRecord(tree, NAME), RECORD);
    });
    assertEquals(publish(tree, NOW, () => RECORD), NAME);
    const { [NAME]: taken } = tree.dump();
    assertEquals([taken?.mode, taken?.mtime, Object.keys((taken as { dir: object }).dir)], [0o555, "1500000000.5", [
      "a",
    ]]);
    assertEquals(readRecord(tree, NAME), RECORD);
  });

  it("opens a directory up that its owner may not move, for that moment", () => {
    let refusals = 1;
    const tree = storeWith(
      WORK,
      (operation) =>
        operation === "moveHere" && refusals-- > 0 ? new SyncError("permission", "Cannot move") : undefined,
    );
    assertEquals(publish(tree, NOW, () => RECORD), NAME);
    assertEquals(tree.dump()[NAME]?.mode, 0o555);
  });

  it("leaves the working folder as it was, and no record, when it cannot be moved", () => {
    for (const code of ["permission", "no-space", "read-only"] as const) {
      const tree = storeWith(
        WORK,
        (operation) => operation === "moveHere" ? new SyncError(code, "Cannot move") : undefined,
      );
      assertEquals(assertThrows(() => publish(tree, NOW, () => RECORD), SyncError).code, code);
      assertEquals([snapshotNames(tree), readRecord(tree, NAME)], [[], undefined]);
      const hidden = tree.dump()[".undrift"] as { dir: Record<string, NodeLiteral> };
      assertEquals(hidden.dir["working"]?.mode, 0o555);
    }
  });

  it("takes the next name when something else has it", () => {
    const tree = storeWith(WORK);
    tree.put(NAME, { file: "somebody's" });
    assertEquals(publish(tree, NOW, () => RECORD) as string, `${NAME}-001`);
    assertEquals(readRecord(tree, NAME), undefined);
  });
});

describe("beginWork()", () => {
  it("knows what an earlier run left, and whether the system was started again since", () => {
    const tree = storeWith(undefined);
    assertEquals(beginWork(tree, "one"), "none");
    tree.put(".undrift/working", WORK);
    assertEquals([beginWork(tree, "one"), beginWork(tree, "other"), beginWork(tree, "")], [
      ...["sound", "doubtful", "doubtful"],
    ]);
    // Nobody has looked at all of it yet.
    assertEquals(beginWork(tree, "other"), "doubtful");
    tree.remove(".undrift/working");
    assertEquals(beginWork(tree, ""), "none");
    tree.put(".undrift/working", WORK);
    assertEquals(beginWork(tree, ""), "doubtful");
  });
});

describe("removeLostRecords()", () => {
  it("removes those whose snapshot is not there, and nothing else", () => {
    const tree = storeWith(undefined);
    tree.put(NAME, { dir: {} });
    tree.put(".undrift/records/notes.txt", { file: "" });
    writeRecord(tree, NAME, RECORD);
    writeRecord(tree, "2026-11-23T01-06-11Z" as SnapshotName, RECORD);
    removeLostRecords(tree);
    const hidden = tree.dump()[".undrift"] as { dir: Record<string, { dir: object }> };
    assertEquals(Object.keys(hidden.dir["records"]!.dir), [`${NAME}.json`, "notes.txt"]);
  });
});
