/** What a tree cannot keep is put into words. */
import { assertEquals, assertMatch, describe, it } from "../support/test_api.ts";
import { degradationsOf } from "../../lib/model/capabilities.ts";
import { kindOfMode, typeBits } from "../../lib/model/entry.ts";
import { memoryTree } from "../../lib/model/memory_tree.ts";

const ALL = memoryTree().capabilities;

describe("degradationsOf()", () => {
  it("says nothing when the tree can do everything", () => assertEquals(degradationsOf(ALL), []));

  it("names each thing that is missing", () => {
    const none = { confined: false, byteNames: false, specials: false, holes: false, xattrs: false };
    const names = degradationsOf({ ...ALL, ...none, timeStepNanoseconds: 1_000_000 }).map(({ name }) => name);
    assertEquals(names, [
      "paths-checked-not-held",
      "names-utf8-only",
      "times-rounded",
      "no-specials",
      "no-holes",
      "no-xattrs",
    ]);
  });

  it("tells microseconds from milliseconds", () => {
    assertMatch(degradationsOf({ ...ALL, timeStepNanoseconds: 1_000 })[0]?.message ?? "", /microseconds/);
    assertMatch(degradationsOf({ ...ALL, timeStepNanoseconds: 1_000_000 })[0]?.message ?? "", /milliseconds/);
  });
});

describe("kindOfMode()", () => {
  it("is the reverse of typeBits()", () => {
    const kinds = ["file", "directory", "symlink", "fifo", "socket", "block-device", "character-device"] as const;
    for (const kind of kinds) assertEquals(kindOfMode(typeBits(kind) | 0o7777), kind);
  });

  it("takes an unknown type for a device, which is never read", () => {
    assertEquals(kindOfMode(0o150000), "character-device");
  });
});
