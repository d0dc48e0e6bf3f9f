import { SyncError } from "../../lib/errors.ts";
import { type MemoryHook, memoryTree } from "../../lib/model/memory_tree.ts";
import { type HeldLock, type LockHolder, takeLock } from "../../lib/snapshot/lock.ts";
import { prepareStore } from "../../lib/snapshot/store.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

const holder = (pid: number): LockHolder => ({ pid, started: "7", boot: "b", host: "h", since: 1000, isHeld: false });
const world = (pid: number, gone: readonly number[] = []) => ({
  me: holder(pid),
  isGone: (other: { pid: number }) => gone.includes(other.pid),
  nonce: `nonce${pid}`,
});

function newStore(onOperation?: MemoryHook, hardLinks = true) {
  let hook: MemoryHook = () => {};
  const tree = memoryTree({}, { capabilities: { hardLinks }, onOperation: (...call) => hook(...call) });
  prepareStore(tree, "s");
  if (onOperation !== undefined) hook = onOperation;
  return tree;
}

const lockFiles = (tree: ReturnType<typeof newStore>) => {
  const hidden = tree.dump({ attributes: false })[".undrift"] as { dir: Record<string, unknown> };
  return Object.keys(hidden.dir).filter((name) => name.startsWith("lock"));
};

describe("takeLock()", () => {
  it("is held by one at a time, and given back without a trace", () => {
    const tree = newStore();
    const first = takeLock(tree, world(1)) as HeldLock;
    assertEquals(takeLock(tree, world(2)), holder(1));
    assertEquals(lockFiles(tree), ["lock"]);
    first.release();
    assertEquals(lockFiles(tree), []);
    (takeLock(tree, world(2)) as HeldLock).release();
  });

  it("works where there are no hard links", () => {
    const tree = newStore(undefined, false);
    const first = takeLock(tree, world(1)) as HeldLock;
    assertEquals(takeLock(tree, world(2)), holder(1));
    first.release();
    assertEquals(lockFiles(tree), []);
  });

  it("is taken from a process that is gone, which cannot give it back any more", () => {
    const tree = newStore();
    const gone = takeLock(tree, world(1)) as HeldLock;
    const second = takeLock(tree, world(2, [1])) as HeldLock;
    gone.release();
    assertEquals(takeLock(tree, world(3, [1])), holder(2));
    second.release();
    assertEquals(lockFiles(tree), []);
  });

  it("is taken when it is damaged", () => {
    for (const file of ["", "{", "null", "[]", '{"pid":"1"}', '{"pid":1,"since":1e300}']) {
      const tree = newStore();
      tree.put(".undrift/lock", { file });
      (takeLock(tree, world(2)) as HeldLock).release();
      assertEquals(lockFiles(tree), [], file);
    }
  });

  it("leaves a lock alone that comes while a stale one is taken away", () => {
    const other = `${JSON.stringify({ ...holder(3), nonce: "other" })}\n`;
    let isDone = false;
    const tree = newStore((operation) => {
      if (operation !== "rename" || isDone) return;
      isDone = true;
      tree.remove(".undrift/lock");
      tree.put(".undrift/lock", { file: other });
    });
    tree.put(".undrift/lock", { file: JSON.stringify(holder(1)) });
    assertEquals(takeLock(tree, world(2, [1])), holder(3));
    assertEquals(lockFiles(tree), ["lock"]);
    assertEquals(isDone, true);
  });

  it("gives up when the lock cannot be written", () => {
    const tree = newStore(() => new SyncError("read-only", "Cannot write"));
    assertEquals(assertThrows(() => takeLock(tree, world(1)), SyncError).code, "read-only");
  });
});
