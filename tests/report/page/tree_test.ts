import fc from "fast-check";
import { comparePaths, parseRelPath } from "../../../lib/model/rel_path.ts";
import { buildTree, isDirectory, pathOf } from "../../../lib/report/page/tree.ts";
import { Selection } from "../../../lib/report/page/selection.ts";
import { jsonForScript, PageColumns } from "../../../lib/report/page_data.ts";
import type { PageData } from "../../../lib/report/page/data.ts";
import type { Action } from "../../../lib/plan/action.ts";
import { assertEquals, describe, it } from "../../support/test_api.ts";
import { action, entry } from "../actions.ts";
import { HOSTILE_NAMES } from "../hostile.ts";
import { printable } from "../../../lib/bytes/printable.ts";

/** Returns what the page gets of some steps. */
function pageData(actions: readonly Action[]): PageData {
  const columns = new PageColumns();
  for (const each of actions) columns.add(each);
  return JSON.parse(jsonForScript(columns.data("plan")));
}

function made(path: string, size = 1): Action {
  return action("write-file", entry("file", { size }), undefined, ["missing"], { path });
}

function gone(path: string, size = 1): Action {
  return action("delete", undefined, entry("file", { size }), ["extraneous"], { path });
}

const NAME = fc.constantFrom("a", "a-b", "b", "𝒳", "𝒴", "é", "a\n", "\udcff", "a\udc80", "x y");
const PATHS = fc.uniqueArray(fc.array(NAME, { minLength: 1, maxLength: 4 }).map((names) => names.join("/")), {
  maxLength: 30,
});

describe("buildTree()", () => {
  it("finds every path again, in order and in its own branch", () => {
    fc.assert(fc.property(PATHS, (paths) => {
      const tree = buildTree(pageData(paths.map((path) => made(path))));
      const nodes = tree.names.map((_, node) => node);
      const steps = nodes.filter((node) => tree.row[node]! >= 0);
      const sorted = paths.map(parseRelPath).sort(comparePaths).map(printable);
      assertEquals(steps.map((node) => pathOf(tree, node)), sorted);
      for (const node of nodes.slice(1)) {
        const above = tree.above[node]!;
        assertEquals(tree.depth[node], tree.depth[above]! + 1);
        assertEquals([above < node, tree.end[node]! <= tree.end[above]!], [true, true]);
      }
      assertEquals(new Set(nodes.map((node) => pathOf(tree, node))).size, nodes.length);
    }));
  });

  it("keeps hostile names in their printable form", () => {
    const tree = buildTree(pageData(HOSTILE_NAMES.map((name) => made(`d/${name}`))));
    const found = [...tree.row.keys()].filter((node) => tree.row[node]! >= 0).map((node) => pathOf(tree, node));
    assertEquals(found.sort(), HOSTILE_NAMES.map((name) => printable(`d/${name}`)).sort());
  });

  it("knows directories, with and without a step", () => {
    const root = action("set-metadata", entry("directory"), entry("directory"), ["time"], { path: "" });
    const directory = action("create-directory", entry("directory"), undefined, ["missing"], { path: "empty" });
    const tree = buildTree(pageData([root, directory, made("d/f")]));
    assertEquals(tree.names, ["./", "d", "f", "empty"]);
    assertEquals([0, 1, 2, 3].map((node) => isDirectory(tree, node)), [true, true, false, true]);
    assertEquals(tree.row[0], 0);
  });
});

describe("PageColumns", () => {
  it("keeps both sides of what is replaced", () => {
    const want = entry("file", { size: 10, mtimeSeconds: 100 });
    const have = entry("file", { size: 7, mtimeSeconds: 250 });
    const data = pageData([action("write-file", want, have, ["size", "time"]), made("b", 3)]);
    assertEquals([data.size, data.had], [[10, 3], [7, -1]]);
    assertEquals([data.time[0], data.hadTime], [100, [150, 0]]);
    assertEquals(data.why.map((at) => data.whys[at]), ["size, time", "new"]);
  });

  it("counts no bytes for a further name", () => {
    const linked = action("link", entry("file", { size: 9 }), undefined, ["missing"], { path: "b", to: "a" });
    const data = pageData([made("a", 9), linked]);
    assertEquals([data.size, data.bytes], [[9, 9], [[1, 0]]]);
    const tree = buildTree(data);
    assertEquals([...tree.bytes], [9, 0]);
    assertEquals(new Selection(tree, { words: [], deeds: new Set() }).totals(0), { count: 2, bytes: 9 });
  });

  it("shows what is moved by its bytes, where it comes from, and what comes along", () => {
    const moved = action("move", entry("directory"), entry("directory"), ["moved"], { path: "new", from: "old" });
    const tree = buildTree(pageData([{ ...moved, entries: 1001, bytes: 5_000_000 } as Action]));
    assertEquals([tree.bytes[0], tree.data.had[0], tree.data.hadTime[0]], [5_000_000, -1, 0]);
    assertEquals(tree.targets.get(0), "<= old, with 1,000 entries in it");
    assertEquals(tree.data.deeds[tree.deed[0]!]!.name, "move");
  });

  it("costs few bytes for a step", () => {
    const actions = Array.from({ length: 2000 }, (_, at) => made(`some/folder/with/a/name/photo-${at}.jpg`, at * 1000));
    const columns = new PageColumns();
    for (const each of actions) columns.add(each);
    assertEquals(jsonForScript(columns.data("plan")).length / actions.length < 48, true);
  });

  it("adds up the bytes of a deed", () => {
    const columns = new PageColumns();
    for (const each of [made("a", 5), made("b", 6), gone("c", 7)]) columns.add(each);
    assertEquals([columns.bytesOf("create"), columns.bytesOf("delete"), columns.bytesOf("update")], [11, 7, 0]);
  });
});

describe("jsonForScript()", () => {
  it("holds nothing that ends its element", () => {
    const columns = new PageColumns();
    for (const name of HOSTILE_NAMES) columns.add(made(name));
    assertEquals(/[<\u2028\u2029]/.test(jsonForScript(columns.data("plan"))), false);
  });
});

describe("Selection", () => {
  const tree = buildTree(pageData([made("a/one", 10), gone("a/two", 5), made("b/Three", 1), gone("c", 2)]));
  const deedNamed = (name: string) => tree.data.deeds.findIndex((deed) => deed.name === name);
  const select = (words: string[], ...deeds: string[]) =>
    new Selection(tree, { words, deeds: new Set(deeds.map(deedNamed)) });
  const shown = (selection: Selection, isOpen = true) =>
    [...selection.lines(() => isOpen)].map((node) => pathOf(tree, node));

  it("shows all at first, branches closed or open", () => {
    assertEquals(shown(select([])), ["a", "a/one", "a/two", "b", "b/Three", "c"]);
    assertEquals(shown(select([]), false), ["a", "b", "c"]);
    assertEquals(select([]).totals(0), { count: 4, bytes: 18 });
  });

  it("finds paths that hold every word, in any case", () => {
    assertEquals(shown(select(["THREE"])), ["b", "b/Three"]);
    assertEquals(shown(select(["a/", "tw"])), ["a", "a/two"]);
    assertEquals(shown(select(["nothing"])), []);
  });

  it("keeps to the chosen deeds, in totals, too", () => {
    const deleted = select([], "delete");
    assertEquals(shown(deleted), ["a", "a/two", "c"]);
    assertEquals([deleted.totals(0), deleted.totals(1), deleted.totals(1, deedNamed("create"))], [
      { count: 2, bytes: 7 },
      { count: 1, bytes: 5 },
      { count: 0, bytes: 0 },
    ]);
    assertEquals(shown(select([], "delete", "create")).length, 6);
    assertEquals(deleted.below(0).map((node) => pathOf(tree, node)), ["a", "c"]);
    assertEquals([deleted.isNarrow, select([]).isNarrow], [true, false]);
  });
});
