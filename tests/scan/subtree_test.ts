import fc from "fast-check";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { SyncError } from "../../lib/errors.ts";
import type { Entry } from "../../lib/model/entry.ts";
import { type MemoryHook, memoryTree, type NodeLiteral, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { baseName, parentPath, parseRelPath, type RelPath } from "../../lib/model/rel_path.ts";
import type { EntryFailure } from "../../lib/model/tree.ts";
import { type Keeper, walkSubtree } from "../../lib/scan/subtree.ts";

const DENIED = new SyncError("permission", "Cannot read");

interface Walk {
  readonly paths: string[];
  readonly failures: string[];
}

function walked(literal: TreeLiteral, top: string, onOperation?: MemoryHook, above?: Keeper): Walk {
  const tree = memoryTree(literal);
  const path = parseRelPath(top);
  const entry = entryOf(tree, path);
  tree.onOperation = onOperation;
  const failures: EntryFailure[] = [];
  const paths = [...walkSubtree(tree, path, entry, failures, above)].map((each) => each.path);
  return { paths, failures: failures.map((failure) => `${failure.path}: ${failure.error.code} ${failure.error.path}`) };
}

function entryOf(tree: ReturnType<typeof memoryTree>, path: RelPath): Entry {
  const parent = tree.open(parentPath(path));
  return path === "" ? parent.entry() : parent.lookup(baseName(path))!;
}

/** What is to be yielded: everything in a directory, in byte order, then the directory. */
function reference(literal: TreeLiteral, path: string): string[] {
  const inside = Object.entries(literal).flatMap(([name, node]) => {
    const own = path === "" ? name : `${path}/${name}`;
    return "dir" in node ? reference(node.dir, own) : [own];
  });
  return [...inside, path];
}

/** Keeps names by what a test says. */
function keeping(keeps: (name: string) => boolean): Keeper {
  return { protects: (listing, index) => keeps(listing.name(index)), descend: () => keeping(keeps) };
}

/** What is to be yielded when some is kept: nothing of it, and nothing that holds it. */
function referenceWithout(literal: TreeLiteral, path: string, keeps: (name: string) => boolean): string[] {
  const inside = Object.entries(literal).filter(([name]) => !keeps(name)).map(([name, node]) => {
    return "dir" in node ? referenceWithout(node.dir, `${path}/${name}`, keeps) : [`${path}/${name}`];
  });
  const isKept = Object.entries(literal).some(([name, node]) =>
    keeps(name) || ("dir" in node && holds(node.dir, keeps))
  );
  return [...inside.flat(), ...(isKept ? [] : [path])];
}

function holds(literal: TreeLiteral, keeps: (name: string) => boolean): boolean {
  return Object.entries(literal).some(([name, node]) => keeps(name) || ("dir" in node && holds(node.dir, keeps)));
}

const trees = fc.letrec<{ tree: TreeLiteral; node: NodeLiteral }>((tie) => ({
  tree: fc.dictionary(fc.constantFrom("a", "B", "c", "\u00e9", "\udcff", "\u{1f600}", "\uffee"), tie("node")),
  node: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<NodeLiteral>({ file: "" }, { link: ".." }, { fifo: true }),
    tie("tree").map((dir) => ({ dir })),
  ),
})).tree;

describe("walkSubtree()", () => {
  it("yields what is inside before the directory itself, in byte order", () => {
    assertEquals(walked({ "d": { dir: { "b": { dir: { "x": { file: "" } } }, "a": { file: "" } } } }, "d").paths, [
      ...["d/a", "d/b/x", "d/b", "d"],
    ]);
    fc.assert(fc.property(trees, (literal) => {
      const sorted = memoryTree({ "top": { dir: literal } }).dump({ attributes: false });
      const top = sorted["top"]!;
      assertEquals(walked(sorted, "top"), { paths: reference("dir" in top ? top.dir : {}, "top"), failures: [] });
    }));
  });

  it("yields what is not a directory alone, and never follows a symlink", () => {
    const literal: TreeLiteral = { "l": { link: "d" }, "d": { dir: { "x": { file: "" }, "up": { link: ".." } } } };
    assertEquals(walked(literal, "l").paths, ["l"]);
    assertEquals(walked(literal, "").paths, ["d/up", "d/x", "d", "l", ""]);
  });

  it("tells of a directory that cannot be opened or listed, and yields it all the same", () => {
    const literal: TreeLiteral = { "d": { dir: { "b": { dir: { "x": { file: "" } } }, "c": { file: "" } } } };
    for (const failing of ["open", "list"]) {
      const found = walked(literal, "d", (operation, path) => {
        return operation === failing && path === "d/b" ? DENIED : undefined;
      });
      assertEquals(found, { paths: ["d/b", "d/c", "d"], failures: ["d/b: permission d/b"] });
    }
  });

  it("tells of an entry that cannot be read, and goes on", () => {
    const found = walked({ "d": { dir: { "a": { file: "" }, "b": { file: "" } } } }, "d", (operation, path) => {
      return operation === "lookup" && path === "d/a" ? DENIED : undefined;
    });
    assertEquals(found, { paths: ["d/b", "d"], failures: ["d/a: permission d/a"] });
  });

  it("tells of a directory that became a symlink meanwhile, and does not enter it", () => {
    const tree = memoryTree({
      "d": { dir: { "b": { dir: { "x": { file: "" } } } } },
      "e": { dir: { "y": { file: "" } } },
    });
    const entry = tree.open(parseRelPath("d")).entry();
    const failures: EntryFailure[] = [];
    tree.onOperation = (operation, path) => {
      if (operation === "open" && path === "d/b") tree.put("d/b", { link: "../e" });
    };
    const paths = [...walkSubtree(tree, parseRelPath("d"), entry, failures)].map(({ path }) => path);
    assertEquals([paths, failures.map(({ error }) => error.code)], [["d/b", "d"], ["symlink-refused"]]);
  });

  it("goes as deep as the tree", () => {
    let literal: TreeLiteral = {};
    for (let level = 0; level < 300; level++) literal = { "d": { dir: literal } };
    const { paths } = walked(literal, "d");
    assertEquals(paths.map((path) => path.split("/").length), Array.from({ length: 300 }, (_, at) => 300 - at));
  });

  it("leaves out what is kept, with the directories above it", () => {
    const keeps = (name: string) => name === "a" || name === "\udcff";
    fc.assert(fc.property(trees, (literal) => {
      const sorted = memoryTree({ "top": { dir: literal } }).dump({ attributes: false });
      const top = sorted["top"]!;
      const expected = referenceWithout("dir" in top ? top.dir : {}, "top", keeps);
      assertEquals(walked(sorted, "top", undefined, keeping(keeps)), { paths: expected, failures: [] });
    }));
  });

  it("ends when it cannot be told what is kept", () => {
    const invalid = new SyncError("filter-invalid", "Cannot use the rules");
    const descend = () => {
      throw invalid;
    };
    const keeper: Keeper = { protects: () => false, descend };
    const literal: TreeLiteral = { "d": { dir: { "a": { file: "" } } } };
    assertEquals(assertThrows(() => walked(literal, "d", undefined, keeper), SyncError), invalid);
  });

  it("keeps what a directory holds when it cannot be asked about all of it", () => {
    const literal: TreeLiteral = { "d": { dir: { "b": { dir: { "x": { file: "" } } } } } };
    const descend = () => {
      throw DENIED;
    };
    const keeper: Keeper = { protects: () => false, descend };
    assertEquals(walked(literal, "d", undefined, keeper), { paths: [], failures: ["d: permission d"] });
  });
});
