import { SyncError, type SyncErrorCode } from "../../lib/errors.ts";
import { memoryTree, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { nextSnapshotName, type SnapshotName } from "../../lib/snapshot/name.ts";
import type { SnapshotRecord } from "../../lib/snapshot/record.ts";
import {
  pointLatest,
  prepareStore,
  readRecord,
  removeRecord,
  requireStore,
  snapshotNames,
  snapshotPath,
  stateOfStore,
  storedSnapshots,
  writeRecord,
} from "../../lib/snapshot/store.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

const NAME = nextSnapshotName(Date.UTC(2026, 10, 22, 1, 6, 11), undefined);
const RECORD: SnapshotRecord = {
  started: 0,
  finished: 1000,
  source: "/home",
  entries: 1,
  sharedFiles: 0,
  sharedBytes: 0,
  newFiles: 0,
  newBytes: 0,
  innerLinks: 0,
  failures: 0,
  verified: false,
  tags: [],
};
const bare = { attributes: false };

function newStore(literal: TreeLiteral = {}) {
  const tree = memoryTree({});
  prepareStore(tree, "s");
  for (const [name, node] of Object.entries(literal)) tree.put(name, node);
  return tree;
}

function codeOf(body: () => unknown): SyncErrorCode {
  return assertThrows(body, SyncError).code;
}

describe("prepareStore()", () => {
  it("makes a store of an empty folder, once", () => {
    const tree = newStore();
    const made = tree.dump(bare);
    assertEquals(made, {
      ".undrift": {
        dir: {
          "records": { dir: {} },
          "removed": { dir: {} },
          "store.json": { file: '{"undrift":"snapshots","format":1}\n' },
        },
      },
    });
    prepareStore(tree, "s");
    assertEquals(tree.dump(bare), made);
    assertEquals(stateOfStore(tree, "s"), "store");
  });

  it("takes a fresh file system, and goes on where it was interrupted at any moment", () => {
    prepareStore(memoryTree({ "lost+found": { dir: {} } }), "s");
    for (let calls = 1, done = false; !done; calls++) {
      let left = calls;
      const tree = memoryTree({}, {
        onOperation: () => {
          if (left-- === 0) throw new SyncError("io", "Cannot go on");
        },
      });
      try {
        prepareStore(tree, "s");
        done = true;
      } catch {
        left = Infinity;
        prepareStore(tree, "s");
      }
      left = Infinity;
      assertEquals(stateOfStore(tree, "s"), "store");
    }
  });

  it("refuses everything with other entries, and leaves it alone", () => {
    const others: TreeLiteral[] = [
      { "photo.jpg": { file: "" } },
      { [NAME]: { dir: {} } },
      { ".undrift": { file: "" } },
      { ".undrift": { link: "elsewhere" } },
      { ".undrift": { dir: { precious: { file: "" } } } },
      { ".undrift": { dir: { working: { dir: {} } } } },
    ];
    for (const literal of others) {
      const tree = memoryTree(literal);
      const before = tree.dump();
      assertEquals(codeOf(() => prepareStore(tree, "s")), "store-unusable");
      assertEquals(codeOf(() => requireStore(tree, "s")), "store-unusable");
      assertEquals(tree.dump(), before);
    }
  });

  it("refuses a format that it does not know", () => {
    for (const file of ['{"undrift":"snapshots","format":2}\n', "", "x".repeat(10_000)]) {
      const tree = memoryTree({ ".undrift": { dir: { "store.json": { file } } } });
      assertEquals(codeOf(() => prepareStore(tree, "s")), "store-unusable");
      assertEquals(codeOf(() => requireStore(tree, "s")), "store-unusable");
    }
  });
});

describe("snapshotNames()", () => {
  it("counts directories that are named as snapshots are, oldest first", () => {
    const tree = newStore({
      "2026-11-22T01-06-11Z-001": { dir: {} },
      "2026-11-22T01-06-11Z": { dir: {} },
      "2026-11-23T01-06-11Z": { file: "" },
      "2026-11-24T01-06-11Z": { link: "2026-11-22T01-06-11Z" },
      "2026-02-30T01-06-11Z": { dir: {} },
      "notes": { dir: {} },
      "latest": { link: "2026-11-22T01-06-11Z" },
    });
    assertEquals(snapshotNames(tree) as string[], ["2026-11-22T01-06-11Z", "2026-11-22T01-06-11Z-001"]);
  });
});

describe("records", () => {
  it("are written, read and removed; a snapshot without one is listed, too", () => {
    const tree = newStore({ [NAME]: { dir: {} }, "2026-11-23T00-00-00Z": { dir: {} } });
    writeRecord(tree, NAME, RECORD);
    writeRecord(tree, NAME, { ...RECORD, tags: ["weekly"] });
    assertEquals(storedSnapshots(tree).map(({ record }) => record), [{ ...RECORD, tags: ["weekly"] }, undefined]);
    removeRecord(tree, NAME);
    removeRecord(tree, NAME);
    assertEquals(readRecord(tree, NAME), undefined);
  });

  it("are none when they are damaged, no file, or too long", () => {
    const tree = newStore();
    for (const node of [{ file: "{" }, { dir: {} }, { link: "store.json" }, { file: " ".repeat(2_000_000) }]) {
      const records = memoryTree({ ".undrift": { dir: { records: { dir: { [`${NAME}.json`]: node } } } } });
      assertEquals(readRecord(records, NAME), undefined);
    }
    assertEquals(readRecord(memoryTree({}), NAME), undefined);
    assertEquals(readRecord(tree, NAME), undefined);
  });
});

describe("pointLatest()", () => {
  const latestOf = (tree: ReturnType<typeof newStore>) => tree.dump(bare)["latest"];

  it("leads to a snapshot, replaces an old one at once, and goes away", () => {
    const tree = newStore({ ".latest.new": { link: "left over" } });
    assertEquals(pointLatest(tree, "2026-11-20T00-00-00Z" as SnapshotName), true);
    assertEquals(pointLatest(tree, NAME), true);
    assertEquals(pointLatest(tree, NAME), true);
    assertEquals(latestOf(tree), { link: NAME });
    assertEquals(tree.dump(bare)[".latest.new"], undefined);
    assertEquals(pointLatest(tree, undefined), true);
    assertEquals(latestOf(tree), undefined);
    assertEquals(pointLatest(tree, undefined), true);
  });

  it("keeps what somebody else put there", () => {
    const tree = newStore({ latest: { dir: {} } });
    assertEquals([pointLatest(tree, NAME), pointLatest(tree, undefined)], [false, false]);
    assertEquals(latestOf(tree), { dir: {} });
  });
});

describe("snapshotPath()", () => {
  it("is the name", () => assertEquals(snapshotPath(NAME) as string, NAME));
});
