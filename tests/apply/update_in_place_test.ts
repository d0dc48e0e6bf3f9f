/** A file that is changed where it is: only blocks that differ, and never so that half of it looks like all of it. */
import { unfinishedMark } from "../../lib/apply/update_in_place.ts";
import { BLOCK_BYTES } from "../../lib/bytes/differing_runs.ts";
import { SyncError } from "../../lib/errors.ts";
import type { MemoryOperation, TreeLiteral } from "../../lib/model/memory_tree.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import { entryAt, Pair, type PairOptions, recordOperations } from "./fixture.ts";

const IN_PLACE: PairOptions = {
  rules: { content: { inPlace: true } },
  destination: { capabilities: { kernelCopy: false } },
};

/** Blocks named by letters. */
function blocks(letters: string): string {
  return [...letters].map((letter) => letter.repeat(BLOCK_BYTES)).join("");
}

function pairOf(source: string, destination: string, options: PairOptions = IN_PLACE): Pair {
  const literal = (file: string, mtime: string, mode: number): TreeLiteral => ({ "f": { file, mtime, mode } });
  return new Pair(literal(source, "7", 0o640), literal(destination, "5", 0o604), options);
}

function identity(pair: Pair): string | undefined {
  return pair.destination.open(ROOT).identityOf("f");
}

/** Fails the n-th write into the destination. */
function failWrite(pair: Pair, operation: MemoryOperation, turn: number): void {
  let count = 0;
  pair.destination.onOperation = (each) =>
    each === operation && count++ === turn ? new SyncError("no-space", "Cannot write: the disk is full") : undefined;
}

describe("InPlace", () => {
  const cases: [string, string, string, number][] = [
    ["a block", "abcd", "axcd", 1],
    ["the first and the last block", "abcd", "xbcx", 2],
    ["nothing but the time", "abcd", "abcd", 0],
    ["a longer file", "abcdef", "abcd", 2],
    ["a longer file with a block that differs", "abcdef", "abxd", 3],
    ["a shorter file", "ab", "abcd", 0],
    ["a shorter file with a block that differs", "ab", "axcd", 1],
    ["an empty old file", "ab", "", 2],
    ["an empty new file", "", "ab", 0],
  ];
  for (const [what, source, old, written] of cases) {
    it(`brings up to date: ${what}`, () => {
      const pair = pairOf(blocks(source), blocks(old));
      const before = identity(pair);
      pair.apply(pair.change("f"));
      assertEquals(pair.failed, []);
      assertEquals(pair.destination.dump()["f"], { file: blocks(source), mtime: "7", mode: 0o640 });
      assertEquals([identity(pair), pair.copied], [before, written * BLOCK_BYTES]);
      assertEquals(pair.spared, source.length * BLOCK_BYTES - pair.copied);
    });
  }

  it("touches neither time nor content of an old file in which nothing differs before its time is set", () => {
    const pair = pairOf(blocks("ab"), blocks("ab"));
    const change = pair.change("f");
    const seen = recordOperations(pair);
    pair.apply(change);
    assertEquals(seen.filter((each) => /^(write|updateFrom|truncate|setMetadata|rename)/.test(each)), [
      "setMetadata f", // whether it may
      "setMetadata f",
    ]);
  });

  it("takes away permissions before the first write", () => {
    const pair = pairOf(blocks("ab"), blocks("xx"));
    let mode: number | undefined;
    pair.destination.onOperation = (operation) => {
      if (operation === "updateFrom") mode = entryAt(pair.destination, "f")?.mode;
    };
    pair.apply(pair.change("f"));
    assertEquals(mode, 0o600);
  });

  for (const [operation, turn] of [["updateFrom", 1], ["write", 1], ["write", 2], ["truncate", 0]] as const) {
    it(`leaves a file that cannot be taken for finished when ${operation} ${turn} fails`, () => {
      for (const old of ["xbcd", "xb", "xbcdefgh"]) {
        const pair = pairOf(blocks("abcd").repeat(100), blocks(old).repeat(100));
        failWrite(pair, operation, turn);
        const change = pair.change("f");
        const isDone = tryApply(() => pair.apply(change));
        pair.destination.onOperation = undefined;
        if (!isDone) {
          const [now, want] = [entryAt(pair.destination, "f"), entryAt(pair.source, "f")];
          assert(now?.size !== want?.size && now?.mtimeSeconds !== want?.mtimeSeconds);
          pair.apply(pair.change("f"));
        }
        assertEquals(pair.contents, { "f": { file: blocks("abcd").repeat(100) } });
      }
    });
  }

  it("compares again when the source changed while it was read, and gives up the second time", () => {
    for (const times of [1, 2]) {
      const pair = pairOf(blocks("abcd"), blocks("xbcd"));
      const change = pair.change("f");
      let turn = 0;
      pair.destination.onOperation = (operation) => {
        if (operation !== "openToUpdate" || turn++ >= times) return;
        pair.source.open(ROOT).setMetadata("f", { mtimeSeconds: 10 + turn });
      };
      pair.apply(change);
      assertEquals(pair.failed, times === 1 ? [] : ["changed-while-read f"]);
      const [now, want] = [entryAt(pair.destination, "f"), entryAt(pair.source, "f")];
      assertEquals(now?.size === want?.size, times === 1);
      pair.destination.onOperation = undefined;
      pair.apply(pair.change("f"));
      assertEquals(pair.contents["f"], pair.source.dump({ attributes: false })["f"]);
    }
  });

  it("replaces what has further names, and what cannot be opened or is not its to change", () => {
    for (const code of [undefined, "openToUpdate", "setMetadata"] as const) {
      const pair = pairOf(blocks("ab"), blocks("xb"));
      if (code === undefined) pair.destination.put("g", { hardLinkOf: "f" });
      const before = identity(pair);
      const change = pair.change("f");
      pair.destination.onOperation = (operation, path) =>
        operation === code && path === "f" ? new SyncError("permission", "Cannot do it: not permitted") : undefined;
      pair.apply(change);
      pair.destination.onOperation = undefined;
      assertEquals([pair.failed, pair.notInPlace, identity(pair) === before], [[], 1, false]);
      assertEquals(pair.contents["f"], { file: blocks("ab") });
      if (code === undefined) assertEquals(pair.contents["g"], { file: blocks("xb") });
    }
  });

  it("never follows a symlink that has taken the place of the file", () => {
    const pair = pairOf(blocks("ab"), blocks("xb"));
    const change = pair.change("f");
    pair.destination.put("secret", { file: blocks("xb") });
    pair.destination.put("f", { link: "secret" });
    pair.apply(change);
    assertEquals(pair.contents, { "f": { file: blocks("ab") }, "secret": { file: blocks("xb") } });
  });
});

describe("unfinishedMark()", () => {
  it("is of one file", () => {
    assert(unfinishedMark("1:2:3").join() !== unfinishedMark("1:2:4").join());
  });
});

/** Answers whether it was carried out. */
function tryApply(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (thrown) {
    if (thrown instanceof SyncError) return false;
    throw thrown;
  }
}
