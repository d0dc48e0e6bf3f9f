/** Carrying out changes of one directory, with every single call failing once. */
import { assert, assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { SyncError } from "../../lib/errors.ts";
import type { MemoryTree, TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import type { Action } from "../../lib/plan/action.ts";
import { entryAt, leftovers, Pair, type PairOptions } from "./fixture.ts";

const LEFTOVER = "d/.undrift-0123456789ab-9.tmp";

/** Puts an entry in a directory, beside another that must not change. */
function inside(node: TreeLiteral[string] | undefined): TreeLiteral {
  return { "d": { dir: { ...(node === undefined ? {} : { "x": node }), "y": { file: "other" } } } };
}

const FULL_DIRECTORY = { dir: { "in": { file: "old" } } };

/** Every way to make an entry where something else may be: what is wanted, and what is there. */
const WANTED: readonly TreeLiteral[string][] = [{ file: "new" }, { dir: {} }, { link: "new" }, { fifo: true }];
const THERE: readonly (TreeLiteral[string] | undefined)[] = [
  ...[undefined, { file: "old" }, { link: "old" }, { socket: true as const }, { dir: {} }, FULL_DIRECTORY],
];

const SCENARIOS = WANTED.flatMap((want) =>
  THERE.filter((have) => have === undefined || !("dir" in want && "dir" in have)).map((have) => ({ want, have }))
);

function unsupportedExchange(tree: MemoryTree): void {
  const hook = tree.onOperation;
  tree.onOperation = (operation, path) => {
    if (operation === "exchange") return new SyncError("unsupported", "Cannot exchange");
    return hook?.(operation, path);
  };
}

/** Lets one of the calls on both trees fail; returns a function that tells how many there were. */
function failAt(pair: Pair, at: number, code: "io" | "no-space" | "permission"): () => number {
  let calls = 0;
  const hook = () => calls++ === at ? new SyncError(code, "Cannot do it", { path: "last name" }) : undefined;
  pair.source.onOperation = hook;
  pair.destination.onOperation = hook;
  return () => calls;
}

describe("applyChanges()", () => {
  for (const exchange of [true, false]) {
    for (const { want, have } of SCENARIOS) {
      const name = `puts a ${Object.keys(want)[0]} where ${have === undefined ? "nothing" : JSON.stringify(have)} is`;
      it(`${name}${exchange ? "" : ", without exchange"}, or leaves all as it was`, () => {
        checkEveryFailure(inside(want), inside(have), exchange);
      });
    }
  }

  it("refuses to replace a directory with entries when nothing may be deleted", () => {
    for (const want of [{ file: "new" }, { link: "new" }, { fifo: true as const }]) {
      const pair = new Pair(inside(want), inside(FULL_DIRECTORY), { rules: { deletes: false } });
      pair.apply(pair.change("d/x"));
      assertEquals([pair.applied, pair.failed], [[], ["not-empty d/x"]]);
      assertEquals(pair.contents, inside(FULL_DIRECTORY));
    }
  });

  it("replaces an empty directory when nothing may be deleted, or leaves it as it was", () => {
    for (const exchange of [true, false]) {
      checkEveryFailure(inside({ file: "new" }), inside({ dir: {} }), exchange, { rules: { deletes: false } });
    }
  });

  it("gives a directory back into which an entry was put at the last moment", () => {
    for (const exchange of [true, false]) {
      const pair = new Pair(inside({ file: "new" }), inside({ dir: {} }), { rules: { deletes: false } });
      pair.destination.onOperation = (operation, path) => {
        if (operation === "removeDirectory") pair.destination.put(`${path}/in`, { file: "late" });
      };
      if (!exchange) unsupportedExchange(pair.destination);
      pair.apply(pair.change("d/x"));
      assertEquals(pair.failed, ["not-empty d/x"]);
      assertEquals(pair.contents, inside({ dir: { "in": { file: "late" } } }));
    }
  });

  it("goes on after a failure, and tells it with the whole path", () => {
    const source: TreeLiteral = { "d": { dir: { "a": { file: "1" }, "b": { file: "2" }, "c": { link: "x" } } } };
    const pair = new Pair(source, { "d": { dir: {} } });
    const changes = ["d/a", "d/b", "d/c"].map((path) => pair.change(path));
    pair.source.remove("d/b");
    assertEquals(pair.apply(...changes), true);
    assertEquals([pair.applied, pair.failed], [["write-file d/a", "create-symlink d/c"], ["source-vanished d/b"]]);
  });

  it("ends when the file system is full, with the path, and leaves nothing half-done", () => {
    const source: TreeLiteral = { "d": { dir: { "a": { file: "1" }, "b": { file: "2" } } } };
    const pair = new Pair(source, { "d": { dir: { "a": { file: "old" } } } });
    const changes = ["d/a", "d/b"].map((path) => pair.change(path));
    pair.destination.onOperation = (operation) =>
      operation === "copyFrom" ? new SyncError("no-space", "Cannot write: full") : undefined;
    const error = assertThrows(() => pair.apply(...changes), SyncError);
    assertEquals([error.code, error.path, pair.failed], ["no-space", "d/a", []]);
    assertEquals(pair.contents, { "d": { dir: { "a": { file: "old" } } } });
  });

  it("says whether an entry was made, replaced or removed", () => {
    const pair = new Pair(inside({ file: "x", mode: 0o600 }), inside({ file: "x", mode: 0o644 }));
    const metadata = pair.change("d/x", 4);
    assertEquals([metadata.op, pair.apply(metadata)], ["set-metadata", false]);
    assertEquals(entryAt(pair.destination, "d/x"), entryAt(pair.source, "d/x"));
    assertEquals(pair.apply({ ...pair.change("d/x"), op: "delete", have: entryAt(pair.destination, "d/x")! }), true);
    assertEquals([pair.applied, pair.contents], [["set-metadata d/x", "delete d/x"], inside(undefined)]);
  });

  it("leaves the metadata of a directory to when all in it is done", () => {
    const pair = new Pair({ "d": { dir: {}, mode: 0o700 } }, { "d": { dir: {} } });
    assertEquals(pair.apply(pair.change("d", 4)), false);
    assertEquals([pair.applied, entryAt(pair.destination, "d")?.mode], [["set-metadata d"], 0o755]);
  });

  it("sweeps a leftover with all that is in it", () => {
    const pair = new Pair({ "d": { dir: {} } }, {
      "d": { dir: { [LEFTOVER.slice(2)]: { dir: { "a": { dir: { "b": { file: "" } } } } } } },
    });
    pair.apply(sweepOf(pair));
    assertEquals([pair.applied, pair.failed, pair.contents], [[`sweep ${LEFTOVER}`], [], { "d": { dir: {} } }]);
  });

  it("does not say that a leftover was swept that is still there", () => {
    const pair = new Pair({ "d": { dir: {} } }, { "d": { dir: { [LEFTOVER.slice(2)]: { file: "" } } } });
    const sweep = sweepOf(pair);
    pair.destination.onOperation = (operation) =>
      operation === "removeFile" ? new SyncError("permission", "Cannot remove") : undefined;
    pair.apply(sweep);
    assertEquals([pair.applied, pair.failed], [[], [`permission ${LEFTOVER}`]]);
  });

  it("can be stopped between two entries", () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`f${at}`, { file: "x" }] as const));
    const pair = new Pair(files, {});
    const steps = pair.steps(...Object.keys(files).map((name) => pair.change(name)));
    steps.next();
    steps.return(false);
    assertEquals(pair.applied.length, 16);
    assertEquals(Object.keys(pair.contents).length, 16);
  });
});

function sweepOf(pair: Pair): Action {
  const path = parseRelPath(LEFTOVER);
  return { op: "sweep", path, have: entryAt(pair.destination, path)!, reasons: ["leftover"] };
}

/** Carries out the change of `d/x` once for each call in it, with this call failing. */
function checkEveryFailure(source: TreeLiteral, old: TreeLiteral, exchange: boolean, options: PairOptions = {}): void {
  let calls = 1;
  for (let at = -1; at < calls; at++) {
    const pair = new Pair(source, old, options);
    const change = pair.change("d/x");
    const counted = failAt(pair, at, "io");
    if (!exchange) unsupportedExchange(pair.destination);
    const when = at < 0 ? "no failure" : `call ${at} of ${calls} for ${change.op}`;
    if (applyUnlessOpening(pair, change)) checkOutcome(pair, source, old, when);
    if (at < 0) {
      calls = counted();
      assertEquals([pair.applied, pair.failed], [[`${change.op} d/x`], []]);
    }
  }
  assert(calls > 2);
}

/** The first calls open the directories themselves, which is not the matter here. */
function applyUnlessOpening(pair: Pair, change: Action): boolean {
  try {
    pair.apply(change);
    return true;
  } catch (thrown) {
    if (thrown instanceof SyncError && pair.applied.length + pair.failed.length === 0) return false;
    throw thrown;
  }
}

function checkOutcome(pair: Pair, source: TreeLiteral, old: TreeLiteral, when: string): void {
  const left = leftovers(pair.contents);
  if (pair.leftBehind.length === 0) assertEquals(left, [], when);
  else assertEquals([pair.leftBehind, left.length], [["d"], 1], when);
  const d = pair.contents["d"];
  assert(d !== undefined && "dir" in d);
  const { [left[0]?.slice(2) ?? ""]: _, ...now } = d.dir;
  if (pair.failed.length === 0) {
    assertEquals({ "d": { dir: now } }, source, when);
    return;
  }
  assertEquals([pair.applied, pair.failed], [[], ["io d/x"]], when);
  const fresh = "dir" in old["d"]! && !("x" in old["d"].dir);
  // A symlink or FIFO that is new has its name before its metadata; a file has not.
  if (fresh && "x" in now && !("file" in now["x"]!)) assertEquals({ "d": { dir: now } }, source, when);
  else assertEquals({ "d": { dir: now } }, old, when);
}
