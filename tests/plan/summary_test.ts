import fc from "fast-check";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import type { Action } from "../../lib/plan/action.ts";
import { addAction, addSummary, emptySummary, hasChanges, type PlanSummary } from "../../lib/plan/summary.ts";
import { actions } from "./arbitrary.ts";

function summaryOf(list: readonly Action[]): PlanSummary {
  const summary = emptySummary();
  for (const action of list) addAction(summary, action);
  return summary;
}

describe("addAction()", () => {
  it("counts every action once among created, updated, metadata, deleted, swept and removed, and what moves", () => {
    fc.assert(fc.property(fc.array(actions), (all) => {
      const list = all.filter(({ op }) => op !== "move");
      const { created, updated, metadata, deleted, swept, sourceRemoved, linked, files, basisLinked, moved } =
        summaryOf(all);
      assertEquals(created + updated + metadata + deleted + swept + sourceRemoved, list.length);
      const expected = all.reduce((sum, action) => action.op === "move" ? sum + action.entries : sum, 0);
      assertEquals(moved, expected);
      const count = (op: Action["op"]) => list.filter((action) => action.op === op).length;
      assertEquals([metadata, deleted, swept, sourceRemoved, linked, files + basisLinked], [
        ...[count("set-metadata"), count("delete"), count("sweep"), count("remove-source")],
        ...[count("link"), count("write-file")],
      ]);
      const replaced = list.filter(({ op, have }) =>
        have !== undefined && !["set-metadata", "delete", "sweep"].includes(op)
      );
      assertEquals(updated, replaced.length);
    }));
  });

  it("counts the bytes of files that are written", () => {
    const written = actions.filter((action) => action.op === "write-file" && action.basis === undefined);
    const [first, second] = fc.sample(written, 2);
    assert(first?.op === "write-file" && second?.op === "write-file");
    assertEquals(summaryOf([first, second]).bytes, first.want.size + second.want.size);
    const linked: Action = { ...second, basis: { index: 0, found: second.want, links: true } };
    const { bytes, files, basisBytes, basisLinked } = summaryOf([first, linked]);
    assertEquals([bytes, files, basisBytes, basisLinked], [first.want.size, 1, second.want.size, 1]);
  });
});

describe("addSummary()", () => {
  it("gives the same totals however actions are spread over threads", () => {
    const small = actions.map((action) =>
      action.op === "write-file"
        ? { ...action, want: { ...action.want, size: action.want.size % 1000 } }
        : action.op === "move"
        ? { ...action, bytes: action.bytes % 1000 }
        : action
    );
    fc.assert(fc.property(fc.array(small), fc.array(small), (left, right) => {
      const total = emptySummary();
      addSummary(total, { ...summaryOf(left), sourceEntries: 2, skipped: { symlinks: 1, specials: 2, devices: 3 } });
      addSummary(total, {
        ...summaryOf(right),
        sourceEntries: 3,
        skipped: { symlinks: 10, specials: 20, devices: 30 },
      });
      assertEquals(total, {
        ...summaryOf([...left, ...right]),
        sourceEntries: 5,
        skipped: { symlinks: 11, specials: 22, devices: 33 },
      });
    }));
  });
});

describe("hasChanges()", () => {
  it("is true as soon as there is an action", () => {
    assertEquals(hasChanges({ ...emptySummary(), sourceEntries: 5, destinationEntries: 5 }), false);
    fc.assert(fc.property(actions, (action) => assertEquals(hasChanges(summaryOf([action])), true)));
  });
});
