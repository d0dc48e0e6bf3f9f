/** The versions of a file in a row of snapshots, in memory. */
import fc from "fast-check";
import { memoryTree, type NodeLiteral, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import type { SnapshotName } from "../../lib/snapshot/name.ts";
import { sightingIn, versionsOf } from "../../lib/snapshot/path_history.ts";
import { dailyNames } from "../prune/store.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

function historyOf(path: string, states: readonly (TreeLiteral | undefined)[]) {
  const names = dailyNames(states.length) as SnapshotName[];
  const tree = memoryTree(Object.fromEntries(names.map((name, index) => [name, { dir: states[index] ?? {} }])));
  return versionsOf(names.map((name) => sightingIn(tree, name, parseRelPath(path))));
}

function told(path: string, states: readonly (TreeLiteral | undefined)[]): string[] {
  return historyOf(path, states).map(({ change, snapshots, reasons, entry }) =>
    `${change} ${entry?.kind ?? "nothing"} ${snapshots} ${reasons}`.trim()
  );
}

const V1: NodeLiteral = { file: "one", mtime: "1000" };
const V2: NodeLiteral = { file: "three", mtime: "2000" };

describe("versionsOf()", () => {
  it("tells a version once, with the snapshots that have it and what changed", () => {
    const states = [{}, { d: { dir: { f: V1 } } }, { d: { dir: { f: V1 } } }, { d: { dir: { f: V2 } } }, { d: V1 }, {}];
    assertEquals(told("d/f", states), [
      "first nothing 1",
      "appeared file 2",
      "changed file 1 size,time",
      "vanished nothing 2",
    ]);
    assertEquals(told("d", states), [
      "first nothing 1",
      "appeared directory 3",
      "changed file 1 kind",
      "vanished nothing 1",
    ]);
  });

  it("sees a target and permissions change, and no time of a directory", () => {
    assertEquals(told("l", [{ l: { link: "a" } }, { l: { link: "b" } }]), [
      "first symlink 1",
      "changed symlink 1 target",
    ]);
    assertEquals(told("f", [{ f: V1 }, { f: { ...V1, mode: 0o600 } }]), ["first file 1", "changed file 1 mode"]);
    assertEquals(told("d", [{ d: { dir: {}, mtime: "1" } }, { d: { dir: {}, mtime: "2" } }]), ["first directory 2"]);
  });

  it("follows no symlink to where a path leads", () => {
    assertEquals(told("l/x", [{ l: { link: "d" }, d: { dir: { x: V1 } } }]), ["first nothing 1"]);
  });

  it("covers every snapshot once, and neighbours differ", () => {
    const state = fc.constantFrom<TreeLiteral>({}, { f: V1 }, { f: V2 }, { f: { dir: {} } });
    fc.assert(fc.property(fc.array(state, { minLength: 1, maxLength: 12 }), (states) => {
      const versions = historyOf("f", states);
      const names = dailyNames(states.length);
      assertEquals(versions.reduce((sum, { snapshots }) => sum + snapshots, 0), states.length);
      let at = 0;
      for (const { first, last, snapshots, entry } of versions) {
        assertEquals([first, last], [names[at], names[at + snapshots - 1]]);
        const node = states[at]!["f"];
        assertEquals(entry?.kind, node === undefined ? undefined : "dir" in node ? "directory" : "file");
        at += snapshots;
        if (at < states.length) assertEquals(states[at] === states[at - 1], false);
      }
    }));
  });
});
