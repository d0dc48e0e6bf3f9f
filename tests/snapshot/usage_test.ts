/** What snapshots take, against a reference that counts inodes one by one. */
import fc from "fast-check";
import { memoryTree, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { Listing } from "../../lib/model/listing.ts";
import { parseRelPath, type RelPath } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import type { EntryFailure, Tree } from "../../lib/model/tree.ts";
import { openTree } from "../../lib/os/open_tree.ts";
import { measureStore, type StoreUsage } from "../../lib/snapshot/usage.ts";
import { mustRun } from "../support/commands.ts";
import { assert, assertEquals, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";
import { dailyNames, makeStore } from "../prune/store.ts";

const PATHS = ["a", "b", "d/a", "d/c", "d/e/f", "g/a"];

/** A name of a content: which content it is, and whether it is in each of the snapshots. */
const anyStore = fc.record({
  snapshots: fc.integer({ min: 1, max: 40 }),
  // For each content: its size, and where it is: a snapshot and a path.
  contents: fc.array(
    fc.record({
      size: fc.constantFrom(0, 1, 4096, 70_000),
      names: fc.array(fc.record({ snapshot: fc.nat(39), path: fc.constantFrom(...PATHS) }), {
        minLength: 1,
        maxLength: 12,
      }),
      outside: fc.boolean(),
    }),
    { maxLength: 14 },
  ),
});

/** What a store is made of. */
type StoreSeed = typeof anyStore extends fc.Arbitrary<infer Value> ? Value : never;

interface Built {
  readonly tree: Tree;
  readonly tops: readonly RelPath[];
}

function build({ snapshots, contents }: StoreSeed): Built {
  const tops = Array.from({ length: snapshots }, (_, index) => parseRelPath(`s${index}`));
  const tree = memoryTree(Object.fromEntries([...tops, "outside"].map((top) => [top, { dir: {} }])) as TreeLiteral);
  const taken = new Set<string>();
  contents.forEach(({ size, names, outside }, index) => {
    let first: string | undefined;
    for (const { snapshot, path } of names) {
      const at = `${tops[snapshot % snapshots]}/${path}`;
      if (taken.has(at)) continue;
      taken.add(at);
      place(tree, at, first === undefined ? { file: "x".repeat(size) } : { hardLinkOf: first });
      first ??= at;
    }
    if (first !== undefined && outside) tree.put(`outside/${index}`, { hardLinkOf: first });
  });
  return { tree, tops };
}

function place(tree: ReturnType<typeof memoryTree>, at: string, node: TreeLiteral[string]): void {
  const parts = at.split("/");
  for (let depth = 2; depth < parts.length; depth++) {
    const path = parts.slice(0, depth).join("/");
    const directory = tree.open(parseRelPath(parts.slice(0, depth - 1).join("/")));
    if (directory.lookup(parts[depth - 1]!) === undefined) tree.put(path, { dir: {} });
    directory.close();
  }
  tree.put(at, node);
}

/** Every inode with what it takes, how many names it has, and the snapshots it is in. */
function inodesOf({ tree, tops }: Built) {
  const inodes = new Map<string, { allocated: number; links: number; seen: number; tops: Set<number> }>();
  const entries = tops.map(() => 1);
  const look = (path: RelPath, top: number) => {
    const directory = tree.open(path);
    const listing = new Listing();
    while (directory.list(listing));
    for (let index = 0; index < listing.count; index++) {
      entries[top]!++;
      const identity = listing.identity(index);
      const { allocated } = listing.entry(index);
      const known = inodes.get(identity) ?? { allocated, links: listing.links(index), seen: 0, tops: new Set() };
      known.seen++;
      known.tops.add(top);
      inodes.set(identity, known);
      if (listing.isDirectory(index)) {
        known.links = 1;
        look(parseRelPath(`${path}/${listing.name(index)}`), top);
      }
    }
    directory.close();
  };
  tops.forEach((top, index) => {
    const directory = tree.open(top);
    inodes.set(`top ${index}`, { allocated: directory.entry().allocated, links: 1, seen: 1, tops: new Set([index]) });
    directory.close();
    look(top, index);
  });
  return { inodes, entries };
}

function expected(built: Built): StoreUsage {
  const { inodes, entries } = inodesOf(built);
  const sum = (fits: (inode: { links: number; seen: number; tops: Set<number> }) => boolean) =>
    [...inodes.values()].filter(fits).reduce((bytes, { allocated }) => bytes + allocated, 0);
  return {
    snapshots: built.tops.map((_, at) => ({
      bytes: sum(({ tops }) => tops.has(at)),
      ownBytes: sum(({ tops, links, seen }) => tops.has(at) && tops.size === 1 && links === seen),
      newBytes: sum(({ tops }) => tops.has(at) && !tops.has(at - 1)),
      sharedBytes: sum(({ tops }) => tops.has(at) && tops.has(at - 1)),
      droppedBytes: sum(({ tops }) => !tops.has(at) && tops.has(at - 1)),
      entries: entries[at]!,
    })),
    bytes: sum(() => true),
  };
}

function measure({ tree, tops }: Built, most: number): StoreUsage {
  const failures: EntryFailure[] = [];
  const usage = finish(measureStore({ tree, snapshots: tops, most, failures }));
  assertEquals(failures, []);
  return usage;
}

describe("measureStore()", () => {
  it("counts as the reference does, however little it may remember", () => {
    let walks = 0;
    fc.assert(fc.property(anyStore, fc.constantFrom(0, 1, 2, 1000), (store, most) => {
      const built = build(store);
      let opened = 0;
      (built.tree as ReturnType<typeof memoryTree>).onOperation = (operation, path) => {
        if (operation === "open" && path === "s0") opened++;
      };
      const usage = measure(built, most);
      walks = Math.max(walks, opened);
      assertEquals(usage, expected(built));
    }));
    assert(walks > 2, `${walks}`);
  });

  it("counts a file that moved once, and one that is kept from outside as nobody's own", () => {
    const tree = memoryTree({
      s0: { dir: { a: { file: "x".repeat(5000) }, b: { file: "y".repeat(5000) } } },
      s1: { dir: { d: { dir: { a: { hardLinkOf: "s0/a" } } } } },
      out: { hardLinkOf: "s0/b" },
    });
    const built = { tree, tops: [parseRelPath("s0"), parseRelPath("s1")] };
    const usage = measure(built, 100);
    assertEquals(usage, expected(built));
    assertEquals(usage.snapshots[0]!.ownBytes < 5000, true);
    assertEquals(usage.snapshots[1]!.sharedBytes, usage.snapshots[0]!.newBytes - usage.snapshots[0]!.ownBytes - 8192);
  });

  it("agrees with du about a real store, and with what is freed", requires("Linux"), async () => {
    await withWorkspace((at) => {
      const store = at.at("store");
      const names = dailyNames(4);
      const big = (letter: string) => ({ file: letter.repeat(20_000) });
      makeStore(store, [
        { name: names[0]!, adds: { a: big("a"), d: { dir: { b: big("b") } } } },
        { name: names[1]!, adds: { c: big("c") } },
        { name: names[2]!, removes: ["c"], adds: { e: big("e") } },
        { name: names[3]!, removes: ["e"] },
      ]);
      const usage = measure({ tree: openTree(store, "auto"), tops: names.map(parseRelPath) }, 1000);
      const du = (...paths: string[]) => {
        const lines = mustRun("du", ["-sc", "--block-size=1", ...paths], { cwd: store }).trimEnd().split("\n");
        return Number(lines.at(-1)!.split("\t")[0]);
      };
      assertEquals(usage.snapshots.map(({ bytes }) => bytes), names.map((name) => du(name)));
      assertEquals(usage.bytes, du(...names));
      const without = (gone: string) => usage.bytes - du(...names.filter((name) => name !== gone));
      assertEquals(usage.snapshots.map(({ ownBytes }) => ownBytes), names.map(without));
    });
  });
});

describe("measureStore() where something is mounted", () => {
  for (const layer of ["native", "portable"] as const) {
    it(`counts what is of the store's file system alone, ${layer}`, requires("Linux", "root"), async () => {
      await withWorkspace((at) => {
        const [name = ""] = dailyNames(1);
        makeStore(at.at("store"), [{ name, adds: { a: { dir: {} }, b: { file: "x".repeat(9000) } } }]);
        at.mount(`store/${name}/a`, "-t", "tmpfs", "tmpfs");
        mustRun("sh", ["-ec", "head -c 50000 /dev/zero > big"], { cwd: at.at(`store/${name}/a`) });
        const usage = measure({ tree: openTree(at.at("store"), layer), tops: [parseRelPath(name)] }, 10);
        const [, own = ""] = mustRun("du", ["-sxc", "--block-size=1", name], { cwd: at.at("store") }).split("\n");
        assertEquals([usage.bytes, usage.snapshots[0]!.entries], [Number(own.split("\t")[0]), 4]);
      });
    });
  }
});
