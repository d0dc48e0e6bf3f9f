/** Random trees and random changes, in memory: what is kept, switched at once and removed, whatever the trees are. */
import fc from "fast-check";
import { removeTree } from "../../lib/apply/remove.ts";
import { type MemoryTree, memoryTree, type NodeLiteral, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import { finish } from "../../lib/model/steps.ts";
import { walkSubtree } from "../../lib/scan/subtree.ts";
import { mirrorInMemory } from "../support/memory_mirror.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import { changedTree } from "../support/tree_arbitrary.ts";
import { entriesOf } from "../support/trees.ts";

const RUNS = 100;

/** Contents are cut; how they are copied does not matter here, and their lengths stay apart. */
function small(literal: TreeLiteral): TreeLiteral {
  return Object.fromEntries(
    Object.entries(literal).map(([name, node]) => {
      if ("dir" in node) return [name, { ...node, dir: small(node.dir) }];
      return [
        name,
        "file" in node && node.file.length > 50
          ? { ...node, file: node.file.slice(0, node.file.length > 9999 ? 60 : 50) }
          : node,
      ];
    }),
  ) as TreeLiteral;
}

const smallTree = changedTree.map(({ before, after }) => ({ before: small(before), after: small(after) }));

/** Entries that are no directories, with their content; names of one file have that of the first. */
function essences(literal: TreeLiteral): Map<string, string> {
  const nodes = new Map<string, NodeLiteral>(entriesOf(literal));
  const found = new Map<string, string>();
  for (const [path, node] of nodes) {
    const owner = "hardLinkOf" in node ? nodes.get(node.hardLinkOf)! : node;
    if ("dir" in owner) continue;
    found.set(path, "file" in owner ? `file ${owner.file}` : "link" in owner ? `link ${owner.link}` : "fifo");
  }
  return found;
}

function removeAll(tree: MemoryTree, name: string): void {
  const top = parseRelPath(name);
  if (tree.open(ROOT).lookup(name) === undefined) return;
  const entry = tree.open(top).entry();
  const { mtimeSeconds, mtimeNanoseconds } = tree.open(ROOT).entry();
  finish(removeTree(tree, top, entry, walkSubtree, { removed() {}, failed() {} }));
  tree.open(ROOT).setMetadata(undefined, { mtimeSeconds, mtimeNanoseconds });
}

/** What is left of the old entries after a mirror into a store. */
function mirrorAndLook(before: TreeLiteral, after: TreeLiteral, options: { backupDir: string; delayUpdates: boolean }) {
  const [source, destination] = [memoryTree(after), memoryTree(before)];
  const inside = !options.backupDir.startsWith("/");
  const folder = inside ? parseRelPath(options.backupDir) : ROOT;
  const tree = inside ? destination : memoryTree();
  const store = { tree, rules: { folder, own: undefined, within: inside ? folder : undefined } };
  const { failed, fatal } = mirrorInMemory(source, destination, { delete: true, ...options }, store);
  assertEquals([failed, fatal], [[], undefined]);
  const all = essences(tree.dump());
  const prefix = `${options.backupDir}/`;
  const kept = new Map(
    [...all].filter(([path]) => path.startsWith(prefix)).map(([path, it]) => [path.slice(prefix.length), it]),
  );
  // What is kept is gone: nothing of it is a further name of what is there.
  if (inside) removeAll(destination, options.backupDir);
  return { there: destination.dump(), kept: inside ? kept : all, wanted: source.dump() };
}

describe("mirror() over random trees", () => {
  for (const backupDir of [".kept", "/elsewhere"]) {
    for (const delayUpdates of [false, true]) {
      const how = `${backupDir === ".kept" ? "by links" : "by copies"}${delayUpdates ? ", switched at once" : ""}`;
      it(`keeps everything that is replaced or removed, and nothing else: ${how}`, () => {
        fc.assert(
          fc.property(smallTree, ({ before, after }) => {
            const { there, kept, wanted } = mirrorAndLook(before, after, { backupDir, delayUpdates });
            assertEquals(there, wanted);
            const [old, now] = [essences(memoryTree(before).dump()), essences(wanted)];
            for (const [path, content] of old) {
              if (now.get(path) !== content) assertEquals(kept.get(path), content, `${path} is not kept`);
            }
            for (const [path, content] of kept) assertEquals(old.get(path), content, `${path} is no old entry`);
          }),
          { numRuns: RUNS },
        );
      });
    }
  }

  it("loses no content with backup, and has nothing to do afterwards", () => {
    fc.assert(
      fc.property(smallTree, ({ before, after }) => {
        const [source, destination] = [memoryTree(after), memoryTree(before)];
        const options = { delete: true, backup: true };
        assertEquals(mirrorInMemory(source, destination, options).failed, []);
        const contents = new Set(essences(destination.dump()).values());
        for (const [path, content] of essences(memoryTree(before).dump())) assert(contents.has(content), path);
        assertEquals(mirrorInMemory(source, destination, options).applied, []);
      }),
      { numRuns: RUNS },
    );
  });

  it("ends with delayUpdates as without it", () => {
    fc.assert(
      fc.property(smallTree, ({ before, after }) => {
        const ends = [false, true].map((delayUpdates) => {
          const destination = memoryTree(before);
          assertEquals(mirrorInMemory(memoryTree(after), destination, { delete: true, delayUpdates }).failed, []);
          return destination.dump();
        });
        assertEquals(ends[1], ends[0]);
      }),
      { numRuns: RUNS },
    );
  });

  it("leaves directories alone in the source with removeSourceFiles, and all else in the destination", () => {
    fc.assert(
      fc.property(smallTree, fc.boolean(), ({ before, after }, delayUpdates) => {
        const [source, destination] = [memoryTree(after), memoryTree(before)];
        const options = { delete: true, removeSourceFiles: true, delayUpdates };
        assertEquals(mirrorInMemory(source, destination, options).failed, []);
        assertEquals(essences(source.dump()).size, 0);
        assertEquals(destination.dump(), memoryTree(after).dump());
      }),
      { numRuns: RUNS },
    );
  });
});
