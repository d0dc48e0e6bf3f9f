/** Moves in memory: a rewritten plan does what the plan does, and copies less. */
import fc from "fast-check";
import { memoryTree, type TreeLiteral } from "../../lib/model/memory_tree.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import type { Action } from "../../lib/plan/action.ts";
import { MovedPaths } from "../../lib/plan/moved_paths.ts";
import { addAction, emptySummary } from "../../lib/plan/summary.ts";
import { MemoryPair } from "../support/memory_plan.ts";
import { renamedTree } from "../support/renamed_tree.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";

const FILE = { file: "content", mtime: "1000" };

function totalsOf(actions: readonly Action[]) {
  const summary = emptySummary();
  for (const action of actions) addAction(summary, action);
  return summary;
}

function told(from: TreeLiteral, to: TreeLiteral): string[] {
  const pair = new MemoryPair(memoryTree(from), memoryTree(to));
  return pair.withMoves(pair.plan()).rewritten.map((action) =>
    action.op === "move" ? `${action.op} ${action.path} <= ${action.from}` : `${action.op} ${action.path}`
  );
}

describe("findMoves()", () => {
  for (const trusted of [false, true]) {
    it(`gives the same tree as the plan without moves${trusted ? ", trusting sizes and times" : ""}`, () => {
      let moved = 0;
      fc.assert(
        fc.property(renamedTree, ({ before, after }) => {
          const source = memoryTree(after);
          const [plain, rewritten] = [memoryTree(before), memoryTree(before)];
          const one = new MemoryPair(source, plain);
          one.apply(one.plan());
          const other = new MemoryPair(source, rewritten);
          const plan = other.plan();
          const moves = other.withMoves(plan, trusted);
          other.apply(moves.rewritten);
          assertEquals([one.failed, other.failed], [[], []]);
          assertEquals(rewritten.dump(), plain.dump());
          assertEquals(rewritten.dump(), source.dump());
          const [had, has] = [totalsOf(plan), totalsOf(moves.rewritten)];
          assert(has.bytes <= had.bytes && has.deleted <= had.deleted);
          assertEquals(moves.moves.hasMoves, has.moved > 0);
          moved += has.moved;
        }),
        { numRuns: 40 },
      );
      assert(moved > 10, `${moved}`);
    });
  }

  it("never moves onto, above or below what is moved", () => {
    fc.assert(fc.property(renamedTree, ({ before, after }) => {
      const pair = new MemoryPair(memoryTree(after), memoryTree(before));
      for (const action of pair.withMoves(pair.plan()).rewritten) {
        if (action.op !== "move") continue;
        const { path, from } = action;
        assert(!`${path}/`.startsWith(`${from}/`) && !from.startsWith(`${path}/`), `${path} <= ${from}`);
      }
    }));
  });

  it("moves a directory when half of its files are in it, and single files otherwise", () => {
    const files = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [`f${n}`, { file: "x".repeat(n + 1), mtime: "1000" }]),
      );
    const more = {
      other1: { file: "o1", mtime: "7" },
      other2: { file: "o2", mtime: "8" },
      other3: { file: "", mtime: "9" },
    };
    assertEquals(told({ b: { dir: files(3) } }, { a: { dir: { ...files(3), ...more } } })[0], "move b <= a");
    assertEquals(told({ b: { dir: files(2) } }, { a: { dir: { ...files(2), ...more } } }).slice(0, 3), [
      "create-directory b",
      "move b/f0 <= a/f0",
      "move b/f1 <= a/f1",
    ]);
  });

  it("copies empty files, and files of another time", () => {
    const empty = { file: "", mtime: "1000" };
    assertEquals(told({ b: empty }, { a: empty }), ["write-file b", "delete a"]);
    assertEquals(told({ b: FILE }, { a: { ...FILE, mtime: "1000.5" } }), ["write-file b", "delete a"]);
    assertEquals(told({ b: FILE }, { a: FILE }), ["move b <= a"]);
  });

  it("moves into a directory that is moved, and nothing out of one", () => {
    const many = { p: { file: "p", mtime: "1" }, q: { file: "qq", mtime: "2" }, r: { file: "rrr", mtime: "3" } };
    assertEquals(told({ b: { dir: { ...many, x: FILE } } }, { a: { dir: many }, lone: FILE }), [
      "move b <= a",
      "move b/x <= lone",
    ]);
    assertEquals(told({ b: { dir: many }, lone: FILE }, { a: { dir: { ...many, x: FILE } } }), [
      "move b <= a",
      "write-file lone",
      "delete b/x",
    ]);
  });
});

describe("MovedPaths", () => {
  const path = parseRelPath;

  it("knows where something in moved directories is until then", () => {
    const moved = new MovedPaths();
    moved.add(path("b"), path("a"));
    moved.add(path("b/inside"), path("b/in"));
    moved.add(path("c"), path("d/e"));
    const cases = [["b", "a"], ["b/x", "a/x"], ["b/inside/y", "a/in/y"], ["b/in", "a/in"], ["c/z", "d/e/z"], [
      "bb",
      "bb",
    ]];
    for (const [now, before] of cases) assertEquals<string>(moved.original(path(now!)), before!);
  });

  it("comes to an end whatever a plan says", () => {
    const paths = fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 3 }).map((names) =>
      path(names.join("/"))
    );
    fc.assert(fc.property(fc.array(fc.tuple(paths, paths)), paths, (moves, asked) => {
      const moved = new MovedPaths();
      for (const [to, from] of moves) moved.add(to, from);
      assert(moved.original(asked).length > 0);
    }));
  });
});
