/** Counting what a tree shares with others, in memory. */
import { memoryTree } from "../../lib/model/memory_tree.ts";
import { finish } from "../../lib/model/steps.ts";
import { countShared } from "../../lib/snapshot/census.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

describe("countShared()", () => {
  it("counts each file once: shared when it is the same file under the same path", () => {
    const tree = memoryTree({
      a: { file: "1" },
      b: { hardLinkOf: "a" },
      c: { file: "22" },
      l: { link: "a" },
      d: { dir: { e: { file: "333" }, f: { dir: {} } } },
    });
    // A tree is its own best basis.
    assertEquals(finish(countShared(tree, [tree])), {
      entries: 8,
      sharedFiles: 3,
      sharedBytes: 6,
      newFiles: 0,
      newBytes: 0,
      innerLinks: 1,
    });
    assertEquals(finish(countShared(tree, [])), {
      entries: 8,
      sharedFiles: 0,
      sharedBytes: 0,
      newFiles: 3,
      newBytes: 6,
      innerLinks: 1,
    });
  });

  it("takes what is alike for another file, and does without a directory that a basis lacks", () => {
    const basis = memoryTree({ x: { file: "" }, y: { file: "" }, a: { file: "1" } });
    const tree = memoryTree({ a: { file: "1" }, d: { dir: { e: { file: "22" } } } });
    const { sharedFiles, newFiles, newBytes } = finish(countShared(tree, [basis]));
    assertEquals([sharedFiles, newFiles, newBytes], [0, 2, 3]);
  });
});
