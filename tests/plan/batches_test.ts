/** Batches of a plan: every action once, each directory's own metadata after what is in it. */
import fc from "fast-check";
import { parentPath, parseRelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Action } from "../../lib/plan/action.ts";
import { batchesOf } from "../../lib/plan/batches.ts";
import { compareActions } from "../../lib/plan/order.ts";
import { assertEquals, assertGreater, describe, it } from "../support/test_api.ts";
import { actions, entries } from "./arbitrary.ts";

const DIRECTORY = fc.sample(entries("directory"), 1)[0]!;
const FILE = fc.sample(entries("file"), 1)[0]!;

function write(path: string): Action {
  return { op: "write-file", path: parseRelPath(path), want: FILE, reasons: ["missing"] };
}

function settle(path: string): Action {
  return { op: "set-metadata", path: parseRelPath(path), want: DIRECTORY, have: DIRECTORY, reasons: ["time"] };
}

function shown(list: readonly Action[]): string[] {
  return [...batchesOf(list)].map(([path, inIt]) => `${path}: ${inIt.map((each) => each.path).join(" ")}`);
}

/** Short names, so that paths are often above one another. */
const plans = fc.uniqueArray(
  fc.tuple(actions, fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 }))
    .map(([action, names]): Action => ({ ...action, path: parseRelPath(names.join("/")) })),
  { maxLength: 30, selector: ({ path }) => path },
).map((list) => list.sort(compareActions));

describe("batchesOf()", () => {
  it("has every action once and in order, in a batch of its directory", () => {
    fc.assert(fc.property(plans, (list) => {
      const batches = [...batchesOf(list)];
      assertEquals(batches.flatMap(([, inIt]) => inIt), list);
      for (const [path, inIt] of batches) {
        for (const action of inIt) assertEquals(parentPath(action.path), path);
      }
    }));
  });

  it("has a batch of each directory that is to be set, after the batch with its action", () => {
    fc.assert(fc.property(plans, (list) => {
      const batches = [...batchesOf(list)];
      for (const action of list) {
        if (!("want" in action) || action.want.kind !== "directory") continue;
        const made = batches.findIndex(([, inIt]) => inIt.includes(action));
        assertGreater(batches.findLastIndex(([path]) => path === action.path), made, action.path);
      }
    }));
  });

  it("puts what belongs together into one batch, and goes on after a directory between", () => {
    assertEquals(shown([write("a"), settle("b"), write("b/x"), write("b/y"), write("c")]), [
      ": a b",
      "b: b/x b/y",
      ": c",
    ]);
    assertEquals(shown([settle("a"), settle("b"), write("b/x")]), [": a b", "a: ", "b: b/x"]);
  });

  it("settles the root, and never has its action in a batch", () => {
    const root: Action = { op: "create-directory", path: ROOT, want: DIRECTORY, reasons: ["missing"] };
    assertEquals(shown([root]), [": "]);
    assertEquals(shown([root, write("a")]), [": a"]);
    assertEquals(shown([root, settle("a")]), [": a", "a: "]);
    assertEquals(shown([root, write("a/b")]), [": ", "a: a/b"]);
    assertEquals(shown([]), []);
  });

  it("cuts what is longer than a thousand", () => {
    const list = Array.from({ length: 2500 }, (_, at) => write(`f${String(at).padStart(4, "0")}`));
    assertEquals([...batchesOf(list)].map(([path, inIt]) => [path, inIt.length]), [["", 1000], ["", 1000], ["", 500]]);
  });
});
