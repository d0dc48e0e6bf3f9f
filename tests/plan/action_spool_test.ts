/** Plans that do not fit into memory: what goes in comes out in order, as often as it is wanted. */
import fc from "fast-check";
import { SyncError } from "../../lib/errors.ts";
import type { Scratch } from "../../lib/model/scratch.ts";
import type { Action } from "../../lib/plan/action.ts";
import { ActionSpool } from "../../lib/plan/action_spool.ts";
import { mergeSorted } from "../../lib/plan/merge.ts";
import { compareActions } from "../../lib/plan/order.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { actions } from "./arbitrary.ts";

/** A scratch file in memory that has room for some bytes. */
function scratchOf(room = Infinity): Scratch & { readonly closed: () => boolean } {
  let bytes = new Uint8Array(0);
  let closed = false;
  return {
    write(more, position) {
      if (position + more.length > room) throw new SyncError("no-space", "full");
      const grown = new Uint8Array(Math.max(bytes.length, position + more.length));
      grown.set(bytes);
      grown.set(more, position);
      bytes = grown;
    },
    // Short reads are allowed.
    read: (into, position) => {
      const part = bytes.subarray(position, position + Math.min(into.length, 100));
      into.set(part);
      return part.length;
    },
    close: () => void (closed = true),
    closed: () => closed,
  };
}

/** Actions with a place of their own in the order: no two are of one path. */
const plans = fc.uniqueArray(actions, { maxLength: 40, selector: ({ path }) => path });

function filled(list: readonly Action[], init: ConstructorParameters<typeof ActionSpool>[0]): ActionSpool {
  const spool = new ActionSpool(init);
  for (const action of list) spool.add(action);
  return spool;
}

describe("ActionSpool", () => {
  it("hands out what a sort of everything would, as often as it is wanted", () => {
    fc.assert(fc.property(plans, fc.integer({ min: 1, max: 50 }), (list, keptInMemory) => {
      const spool = filled(list, { scratch: () => scratchOf(), keptInMemory });
      const sorted = list.toSorted(compareActions);
      for (let round = 0; round < 2; round++) assertEquals([...spool.each()], sorted);
      const [one, other] = [spool.each(), spool.each()];
      for (const action of sorted) assertEquals([one.next().value, other.next().value], [action, action]);
      for (const wanted of [["delete"], ["link", "set-metadata", "sweep"], []] as const) {
        assertEquals([...spool.each(wanted)], sorted.filter(({ op }) => (wanted as readonly string[]).includes(op)));
      }
    }));
  });

  it("writes nothing while everything fits", () => {
    const list = fc.sample(plans, 20).flat().slice(0, 10);
    let opened = 0;
    const spool = filled(list, { scratch: () => (opened++, scratchOf()), keptInMemory: 10 });
    assertEquals([[...spool.each()].length, opened], [list.length, 0]);
  });

  it("keeps everything in memory where there is no scratch file", () => {
    let asked = 0;
    fc.assert(fc.property(plans, (list) => {
      asked = 0;
      const spool = filled(list, { scratch: () => void asked++, keptInMemory: 3 });
      assertEquals([...spool.each()], list.toSorted(compareActions));
      assertEquals(asked <= 1, true);
    }));
  });

  it("throws when the scratch file cannot grow, and gives it back", () => {
    const list = fc.sample(fc.uniqueArray(actions, { minLength: 20, selector: ({ path }) => path }), 1)[0]!;
    const scratch = scratchOf(100);
    const spool = new ActionSpool({ scratch: () => scratch, keptInMemory: 2 });
    const error = assertThrows(() => list.forEach((action) => spool.add(action)), SyncError);
    assertEquals(error.code, "no-space");
    spool.close();
    assertEquals(scratch.closed(), true);
  });
});

describe("mergeSorted()", () => {
  it("merges any number of sorted sequences", () => {
    const byNumber = (a: number, b: number) => a - b;
    fc.assert(fc.property(fc.array(fc.array(fc.integer())), (lists) => {
      const merged = [...mergeSorted(lists.map((list) => list.toSorted(byNumber)), byNumber)];
      assertEquals(merged, lists.flat().sort(byNumber));
    }));
  });
});
