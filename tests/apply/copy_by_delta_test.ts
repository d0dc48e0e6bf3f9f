/** A file that is made of pieces of an old one: right whatever the old one holds, and whatever happens to it. */
import fc from "fast-check";
import { SyncError } from "../../lib/errors.ts";
import type { NodeLiteral, TreeLiteral } from "../../lib/model/memory_tree.ts";
import { ROOT } from "../../lib/model/rel_path.ts";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import { leftovers, Pair } from "./fixture.ts";

const DELTA = { inPlace: false, delta: true };
const SIZE = 100_000;

/** Text that does not repeat. */
function noise(length: number, seed: number): string {
  let state = seed;
  return Array.from(
    { length },
    () => String.fromCharCode(33 + ((state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16) % 90),
  ).join("");
}

const OLD = noise(SIZE, 1);

function pairOf(source: string, destination: TreeLiteral, fuzzy = false): Pair {
  return new Pair({ "f": { file: source, mtime: "7" } }, destination, {
    rules: { content: { ...DELTA, fuzzy } },
    destination: { capabilities: { kernelCopy: false } },
  });
}

const old = (file: string): NodeLiteral => ({ file, mtime: "5" });

describe("copyByDelta()", () => {
  for (
    const [what, source, most] of [
      ["something inserted at the front", `inserted${OLD}`, 2048],
      ["something cut out", OLD.slice(0, 30_000) + OLD.slice(30_500), 2048],
      ["the halves exchanged", OLD.slice(SIZE / 2) + OLD.slice(0, SIZE / 2), 4096],
      ["something appended", OLD + noise(5000, 2), 7048],
      ["nothing in common", noise(SIZE, 3), SIZE],
      ["another time only", OLD, 0],
    ] as const
  ) {
    it(`writes only what the old file has not: ${what}`, () => {
      const pair = pairOf(source, { f: old(OLD) });
      pair.apply(pair.change("f"));
      assertEquals([pair.failed, pair.contents], [[], { f: { file: source } }]);
      assertEquals(pair.copied + pair.spared, source.length);
      assert(pair.copied <= most, `${pair.copied} bytes were written`);
    });
  }

  it("makes the right file of any pieces", () => {
    const piece = fc.record({ from: fc.nat(SIZE), length: fc.nat(20_000), fresh: fc.string({ maxLength: 30 }) });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const source = pieces.map(({ from, length, fresh }) => OLD.slice(from, from + length) + fresh).join("");
        const pair = pairOf(source, { f: old(OLD) });
        pair.apply(pair.change("f"));
        assertEquals([pair.failed, pair.contents], [[], { f: { file: source } }]);
        assertEquals(pair.copied + pair.spared, new TextEncoder().encode(source).length);
      }),
      { numRuns: 40 },
    );
  });

  it("copies from the source what cannot be read of the old file, or has changed meanwhile", () => {
    for (const happens of ["read", "touch", "shrink", "openFile"] as const) {
      const source = `x${OLD}`;
      const pair = pairOf(source, { f: old(OLD) });
      const change = pair.change("f");
      let copies = 0;
      pair.destination.onOperation = (operation) => {
        if (operation === happens) return new SyncError("io", "Cannot read it: input/output error");
        if (operation !== "copyRange" || copies++ > 0) return undefined;
        const root = pair.destination.open(ROOT);
        if (happens === "touch") root.setMetadata("f", { mtimeSeconds: 99 });
        if (happens === "shrink") root.openToUpdate("f")?.writer.truncate(10);
        return undefined;
      };
      pair.apply(change);
      pair.destination.onOperation = undefined;
      assertEquals([pair.failed, pair.contents, pair.spared], [[], { f: { file: source } }, 0]);
    }
  });

  it("leaves the old file, and nothing else, when the destination is full", () => {
    const pair = pairOf(`x${OLD}`, { f: old(OLD) });
    const change = pair.change("f");
    pair.destination.onOperation = (operation) =>
      operation === "copyRange" ? new SyncError("no-space", "Cannot write: the disk is full") : undefined;
    let code: string | undefined;
    try {
      pair.apply(change);
    } catch (thrown) {
      code = (thrown as SyncError).code;
    }
    pair.destination.onOperation = undefined;
    assertEquals([code, pair.contents, leftovers(pair.destination.dump())], ["no-space", { f: { file: OLD } }, []]);
  });

  it("makes a new file of a similar one only when asked to", () => {
    for (const fuzzy of [true, false]) {
      const pair = pairOf(`x${OLD}`, { "f.old": old("too short"), "ff": old(OLD), "g": { link: "ff" } }, fuzzy);
      pair.apply(pair.change("f"));
      assertEquals([pair.failed, pair.contents["f"]], [[], { file: `x${OLD}` }]);
      assertEquals(pair.spared > 90_000, fuzzy);
    }
  });
});
