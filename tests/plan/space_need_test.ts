import fc from "fast-check";
import { SyncError } from "../../lib/errors.ts";
import type { Entry } from "../../lib/model/entry.ts";
import type { Space } from "../../lib/model/space.ts";
import type { Action, WriteFile } from "../../lib/plan/action.ts";
import {
  addNeed,
  addNeeds,
  guardSpace,
  noNeed,
  type SpaceNeed,
  type SpaceRules,
  totalNeed,
} from "../../lib/plan/space_need.ts";
import { action, entry } from "../report/actions.ts";
import { assertEquals, assertStringIncludes, assertThrows, describe, it } from "../support/test_api.ts";

const RULES: SpaceRules = {
  blockBytes: 4096,
  directoryBytes: 4096,
  linkEntries: 0,
  sparse: true,
  shares: false,
  sharesWithin: false,
  keepsOld: false,
  width: 2,
};

function file(size: number, allocated = Math.ceil(size / 4096) * 4096): Entry {
  return entry("file", { size, allocated });
}

function write(want: Entry, have?: Entry): Action {
  return action("write-file", want, have, ["missing"]);
}

function needOf(actions: readonly Action[], rules: Partial<SpaceRules> = {}): SpaceNeed {
  const need = noNeed();
  for (const each of actions) addNeed(need, each, { ...RULES, ...rules });
  return totalNeed(need);
}

describe("the room that a plan needs", () => {
  it("is that of contents in whole blocks, without holes where they are kept", () => {
    assertEquals(needOf([write(file(1)), write(file(4096)), write(file(4097)), write(file(0))]), {
      bytes: 4 * 4096,
      entries: 4,
    });
    assertEquals(needOf([write(file(1 << 30, 8192))]).bytes, 8192);
    assertEquals(needOf([write(file(1 << 30, 8192))], { sparse: false }).bytes, 1 << 30);
    assertEquals(needOf([write(file(10, 1 << 20))]).bytes, 4096, "what is allocated behind the end is not copied");
  });

  it("is that of the new file while it is written beside the old one", () => {
    assertEquals(needOf([write(file(8192), file(8192))]), { bytes: 8192, entries: 1 });
    assertEquals(needOf([write(file(12_288), file(4096))]), { bytes: 12_288, entries: 1 });
    assertEquals(needOf([write(file(4096), file(40_960))]), { bytes: 4096, entries: 1 });
    // Two threads: the two largest at once, and the growth of all.
    const many = [1, 5, 3, 4].map((blocks) => write(file(blocks * 4096), file(blocks * 4096)));
    assertEquals(needOf(many), { bytes: 9 * 4096, entries: 2 });
    assertEquals(needOf(many, { width: 1 }), { bytes: 5 * 4096, entries: 1 });
  });

  it("frees nothing where the old files are kept, or where a directory gives way", () => {
    assertEquals(needOf([write(file(4096), file(4096)), write(file(4096), file(4096))], { keepsOld: true }), {
      bytes: 8192,
      entries: 2,
    });
    assertEquals(needOf([write(file(4096), entry("directory"))]), { bytes: 4096, entries: 1 });
  });

  it("costs nothing for links, metadata and deletions", () => {
    const [one, other] = [file(99_999), file(99_999)];
    assertEquals(
      needOf([
        action("link", one, undefined, ["missing"], { to: "b" }),
        action("set-metadata", one, other, ["mode"]),
        action("delete", undefined, one, ["extraneous"]),
      ]),
      { bytes: 0, entries: 0 },
    );
  });

  it("is nothing for a further name of a file in another tree, and a copy for its content", () => {
    const from = (links: boolean) => {
      const plain = action("write-file", file(5000), undefined, ["missing"]) as WriteFile;
      return { ...plain, basis: { index: 0, found: file(5000), links } };
    };
    assertEquals(needOf([from(true)]), { bytes: 0, entries: 0 });
    assertEquals(needOf([from(true)], { linkEntries: 1 }), { bytes: 0, entries: 1 });
    assertEquals(needOf([from(false)]), { bytes: 8192, entries: 1 });
    assertEquals(needOf([from(false)], { sharesWithin: true }), { bytes: 0, entries: 1 });
  });

  it("is an entry for a further link where links are counted", () => {
    const link = action("link", file(1), undefined, ["missing"], { to: "b" });
    const replaced = action("link", file(1), file(1), ["link"], { to: "b" });
    assertEquals(needOf([link, replaced], { linkEntries: 1 }), { bytes: 0, entries: 1 });
  });

  it("gives credit for what is swept", () => {
    const sweep = action("sweep", undefined, file(40_960), ["leftover"]);
    assertEquals(needOf([sweep, write(file(49_152)), write(file(1))]), { bytes: 3 * 4096, entries: 1 });
    assertEquals(needOf([sweep]), { bytes: 0, entries: 0 });
    assertEquals(needOf([action("sweep", undefined, entry("directory"), ["leftover"]), write(file(1))]).entries, 1);
  });

  it("counts directories, long symlinks and special files", () => {
    const make = (op: "create-directory" | "create-symlink" | "create-special", want: Entry) =>
      action(op, want, undefined, ["missing"]);
    const directory = make("create-directory", entry("directory"));
    assertEquals(needOf([directory]), { bytes: 4096, entries: 1 });
    assertEquals(needOf([directory], { directoryBytes: 0 }), { bytes: 0, entries: 1 });
    const symlinks = [59, 60].map((size) => make("create-symlink", entry("symlink", { size, target: "x" })));
    assertEquals(needOf(symlinks), { bytes: 4096, entries: 2 });
    assertEquals(needOf([make("create-special", entry("fifo"))]), { bytes: 0, entries: 1 });
  });

  it("is only that of entries where content is shared", () => {
    assertEquals(needOf([write(file(1 << 30))], { shares: true }), { bytes: 0, entries: 1 });
  });

  it("is the same however the work is divided among threads", () => {
    const sizes = fc.nat(40_000);
    const steps = fc.array(
      fc.tuple(sizes, fc.option(sizes)).map(([want, have]) =>
        write(file(want), have === null ? undefined : file(have))
      ),
    );
    fc.assert(fc.property(steps, steps, fc.integer({ min: 1, max: 4 }), (left, right, width) => {
      const [one, other] = [noNeed(), noNeed()];
      for (const each of left) addNeed(one, each, { ...RULES, width });
      for (const each of right) addNeed(other, each, { ...RULES, width });
      addNeeds(one, other, width);
      assertEquals(totalNeed(one), needOf([...left, ...right], { width }));
    }));
  });

  it("suffices at every moment of any order, with one file written at a time", () => {
    const blocks = fc.nat(8);
    const pairs = fc.array(fc.tuple(blocks, fc.option(blocks)), { maxLength: 8 });
    const shuffled = pairs.chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
    fc.assert(fc.property(shuffled, (order) => {
      let used = 0;
      let most = 0;
      for (const [want, have] of order) {
        most = Math.max(most, used + want);
        used += want - (have ?? 0);
      }
      const step = (size: number, old: number | null) =>
        write(file(size * 4096), old === null ? undefined : file(old * 4096));
      const { bytes } = needOf(order.map(([want, have]) => step(want, have)), { width: 1 });
      assertEquals(most * 4096 <= bytes, true, `${most} blocks are used, ${bytes / 4096} were asked for`);
    }));
  });
});

describe("guardSpace()", () => {
  const SPACE: Space = {
    ...{ type: "ext4", id: "a", blockBytes: 4096, freeBytes: 2048, usedBytes: 0, freeEntries: 20, usedEntries: 0 },
  };
  const refusal = (need: SpaceNeed, deletions = 0) => assertThrows(() => guardSpace(need, SPACE, deletions), SyncError);

  it("lets pass what fits exactly", () => {
    guardSpace({ bytes: 2048, entries: 20 }, SPACE, 9);
    guardSpace({ bytes: 0, entries: 1e9 }, { ...SPACE, freeEntries: undefined }, 0);
  });

  it("names both numbers and the option that allows it", () => {
    const { code, message, hint } = refusal({ bytes: 3_000_000, entries: 0 });
    assertEquals(code, "no-space");
    assertStringIncludes(message, "it needs 2.9 MiB (3,000,000 bytes), 2.0 KiB (2,048 bytes) are free");
    assertStringIncludes(hint ?? "", "--no-preflight (API: preflight: false)");
    assertStringIncludes(refusal({ bytes: 0, entries: 21 }).message, "it needs 21 new entries (inodes), 20 are free");
  });

  it("says that deletions free nothing in time, when there are some", () => {
    assertEquals(refusal({ bytes: 2049, entries: 0 }).message.includes("deletions come last"), false);
    assertEquals(refusal({ bytes: 2049, entries: 0 }, 1).message.includes("deletions come last"), true);
  });
});
