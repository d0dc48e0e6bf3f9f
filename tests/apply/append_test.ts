/** A file to which only what it lacks is added. */
import { SyncError } from "../../lib/errors.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import { entryAt, Pair, recordOperations } from "./fixture.ts";

const LARGE = "0123456789abcdef".repeat(9 << 16);

function pairOf(source: string, old: string, append: "unchecked" | "checked", inPlace = false): Pair {
  return new Pair({ f: { file: source, mtime: "7", mode: 0o640 } }, { f: { file: old, mtime: "5", mode: 0o604 } }, {
    rules: { content: { inPlace, append } },
  });
}

describe("changeInPlace() that appends", () => {
  for (const append of ["unchecked", "checked"] as const) {
    it(`adds what is missing, ${append}`, () => {
      const pair = pairOf(LARGE, LARGE.slice(0, 1_000_000), append);
      pair.apply(pair.change("f"));
      assertEquals(pair.failed, []);
      assertEquals([pair.copied, pair.spared], [LARGE.length - 1_000_000, 1_000_000]);
      assertEquals(pair.destination.dump()["f"], { file: LARGE, mtime: "7", mode: 0o640 });
    });
  }

  it("does not look at what is there, or does so and replaces it", () => {
    for (
      const [append, inPlace, file] of [
        ["unchecked", false, "xy345"],
        ["checked", false, "12345"],
        ["checked", true, "12345"],
      ] as const
    ) {
      const pair = pairOf("12345", "xy", append, inPlace);
      const before = pair.destination.open("" as never).identityOf("f");
      pair.apply(pair.change("f"));
      assertEquals([pair.failed, pair.contents], [[], { f: { file } }]);
      assertEquals(pair.destination.open("" as never).identityOf("f") === before, append === "unchecked" || inPlace);
    }
  });

  it("does not touch what has become longer than its source", () => {
    const pair = pairOf("12345", "12", "unchecked");
    const change = pair.change("f");
    pair.destination.put("f", { file: "123456" });
    pair.apply(change);
    assertEquals([pair.failed, pair.contents], [["drift f"], { f: { file: "123456" } }]);
  });

  it("leaves a shorter file when it is interrupted, which the next run goes on with", () => {
    const pair = pairOf(LARGE, LARGE.slice(0, 1_000_000), "unchecked");
    let turn = 0;
    pair.destination.onOperation = (operation) =>
      operation === "copyFrom" && turn++ === 1 ? new SyncError("no-space", "Cannot write: full") : undefined;
    let stopped = false;
    try {
      pair.apply(pair.change("f"));
    } catch {
      stopped = true;
    }
    pair.destination.onOperation = undefined;
    const size = entryAt(pair.destination, "f")!.size;
    assert(stopped && size > 1_000_000 && size < LARGE.length);
    const [copied, seen] = [pair.copied, recordOperations(pair)];
    pair.apply(pair.change("f"));
    assertEquals([pair.contents, pair.copied - copied], [{ f: { file: LARGE } }, LARGE.length - size]);
    assert(!seen.some((each) => each.startsWith("rename")));
  });
});
