/** Linking a directory at once, in memory: what is told, and what becomes of files that cannot be lent. */
import { ApplyContext } from "../../lib/apply/context.ts";
import { LentFiles, lentMemory } from "../../lib/apply/lent_files.ts";
import { linkShared } from "../../lib/apply/link_shared.ts";
import { SyncError, type SyncErrorCode } from "../../lib/errors.ts";
import { Listing } from "../../lib/model/listing.ts";
import { type MemoryTree, memoryTree } from "../../lib/model/memory_tree.ts";
import type { RelPath } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import type { Action } from "../../lib/plan/action.ts";
import { SharedEntries } from "../../lib/plan/shared_entries.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

const FILES = { a: { file: "1" }, b: { file: "22" }, c: { file: "333" } };
const RULES = {
  modes: true,
  times: true,
  owners: true,
  groups: true,
  settableGroups: undefined,
  sparse: true,
  xattrs: undefined,
  deletes: false,
  privileged: true,
};

/** The destination's memory is that of the basis, too: links stay within one tree. */
function link(
  options: { failAt?: readonly [name: string, code: SyncErrorCode]; lent?: LentFiles; observed?: boolean },
) {
  const tree = memoryTree({ basis: { dir: FILES }, to: { dir: {} } }, {
    onOperation: (operation, path) =>
      operation === "link" && path === `to/${options.failAt?.[0]}`
        ? new SyncError(options.failAt![1], "Cannot link")
        : undefined,
  });
  const told = { files: 0, bytes: 0, notLinked: 0, applied: [] as string[] };
  const context = new ApplyContext(tree, tree, RULES, {
    applied: (action: Action) => told.applied.push(action.path),
    failed() {},
    copied() {},
    leftBehind() {},
    mayDelete: () => true,
    notLinked: () => void told.notLinked++,
    ...(options.observed === true ? {} : {
      shared: (files: number, bytes: number) => {
        told.files += files;
        told.bytes += bytes;
      },
    }),
  }, "0".repeat(12));
  context.lent = options.lent;
  const basis = tree.open("basis" as RelPath);
  const listing = new Listing();
  listing.clear();
  while (basis.list(listing));
  const shared = new SharedEntries(listing, listing, new Int32Array(0));
  for (let index = 0; index < listing.count; index++) shared.add(index, index);
  const sharing = { shared, index: 0, basis, destination: tree.open("to" as RelPath), path: "to" as RelPath };
  return { tree, told, run: () => finish(linkShared(context, sharing)).map(({ path }) => path as string) };
}

function identities(tree: MemoryTree): boolean[] {
  const [basis, to] = ["basis", "to"].map((path) => tree.open(path as RelPath));
  return Object.keys(FILES).map((name) => basis!.identityOf(name) === to!.identityOf(name));
}

describe("linkShared()", () => {
  it("links all files, and tells their number alone", () => {
    const { tree, told, run } = link({});
    assertEquals(run(), []);
    assertEquals(told, { files: 3, bytes: 6, notLinked: 0, applied: [] });
    assertEquals(identities(tree), [true, true, true]);
  });

  it("tells each as an action when somebody listens", () => {
    const { told, run } = link({ observed: true });
    run();
    assertEquals(told.applied, ["to/a", "to/b", "to/c"]);
  });

  for (const code of ["too-many-links", "unsupported", "permission", "vanished"] as const) {
    it(`leaves a file to be copied when linking fails with "${code}"`, () => {
      const { told, run } = link({ failAt: ["b", code] });
      assertEquals(run(), ["to/b"]);
      assertEquals([told.files, told.bytes, told.notLinked], [2, 4, 1]);
    });
  }

  it("ends on a full file system, and tells what was done", () => {
    const { told, run } = link({ failAt: ["b", "no-space"] });
    assertEquals(assertThrows(run, SyncError).code, "no-space");
    assertEquals([told.files, told.bytes], [1, 1]);
  });

  it("lends each file of a basis once", () => {
    const lent = new LentFiles(lentMemory(10));
    assertEquals(link({ lent }).run(), []);
    const second = link({ lent });
    assertEquals([second.run(), second.told.notLinked], [["to/a", "to/b", "to/c"], 0]);
  });
});

describe("LentFiles", () => {
  it("gives each inode to one taker, whichever way it is named", () => {
    const memory = lentMemory(4000);
    const [one, other] = [new LentFiles(memory), new LentFiles(memory)];
    for (let inode = 0; inode < 4000; inode++) assertEquals(one.take(inode + 5, 3), true);
    for (let inode = 0; inode < 4000; inode++) assertEquals(other.take(inode + 5, 3), false);
    assertEquals([other.takeIdentity("1:3:7"), other.takeIdentity(`1:${3 * 2 ** 32 + 8}`)], [false, false]);
    assertEquals([other.takeIdentity("1:0:7"), one.take(7, 0)], [true, false]);
  });

  it("refuses everything rather than lend twice when it is full", () => {
    const lent = new LentFiles(lentMemory(0));
    const first = Array.from({ length: 3000 }, (_, inode) => lent.take(inode + 1, 0));
    assertEquals(first.includes(false), true);
    assertEquals(first.some((free, inode) => free && lent.take(inode + 1, 0)), false);
  });
});
