import { mayShareContent, type Space, surelyFits } from "../../lib/model/space.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const EXT4: Space = {
  type: "ext4",
  id: "a",
  blockBytes: 4096,
  freeBytes: 1_000_000,
  usedBytes: 0,
  freeEntries: 100,
  usedEntries: 0,
};

describe("surelyFits()", () => {
  const fits = (source: Partial<Space>, destination: Partial<Space> = {}) =>
    surelyFits({ ...EXT4, ...source }, { ...EXT4, ...destination });

  it("allows each entry a block for what does not fill one", () => {
    assertEquals(fits({ usedBytes: 1_000_000 }), true);
    assertEquals(fits({ usedBytes: 1_000_001 }), false);
    assertEquals(fits({ usedBytes: 1_000_000 - 10 * 4096, usedEntries: 10 }), true);
    assertEquals(fits({ usedBytes: 1_000_000 - 10 * 4096 + 1, usedEntries: 10 }), false);
    assertEquals(fits({ usedBytes: 0, usedEntries: 2 }, { blockBytes: 1 << 20 }), false);
  });

  it("holds the entries against the inodes, where their number is limited", () => {
    assertEquals([fits({ usedEntries: 100 }), fits({ usedEntries: 101 })], [true, false]);
    assertEquals(fits({ usedEntries: 101 }, { freeEntries: undefined }), true);
  });

  it("does not take links for files where only the destination counts them", () => {
    const tmpfs = { type: "tmpfs" };
    assertEquals([fits({}, tmpfs), fits(tmpfs, tmpfs), fits(tmpfs, {})], [false, true, true]);
    assertEquals(fits({}, { ...tmpfs, freeEntries: undefined }), true);
  });

  it("takes nothing for certain where content is shared, compressed or not counted", () => {
    for (const type of ["btrfs", "xfs", "zfs", "overlayfs", "nfs", "squashfs", "0x1234"]) {
      assertEquals(fits({ type }), false, type);
    }
    assertEquals(fits({ usedEntries: undefined }), false);
  });
});

describe("mayShareContent()", () => {
  const shares = (one: Partial<Space>, other: Partial<Space>) =>
    mayShareContent({ ...EXT4, ...one }, { ...EXT4, ...other });

  it("holds within one file system that can do it", () => {
    assertEquals(shares({ type: "xfs" }, { type: "xfs" }), true);
    assertEquals(shares({ type: "xfs" }, { type: "xfs", id: "b" }), false);
    assertEquals(shares({ type: "btrfs" }, { type: "btrfs", id: "subvolume" }), true);
    assertEquals(shares({}, {}), false);
    assertEquals(shares({ type: "xfs" }, { type: "btrfs" }), false);
    assertEquals(shares({ type: "xfs", id: "" }, { type: "xfs", id: "" }), false);
  });
});
