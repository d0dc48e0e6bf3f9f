/** Ranges of the new file, and the file in small. */
import { array, assert as property, constantFrom, integer, property as forAll, tuple } from "fast-check";
import type { Instruction } from "../../lib/delta/instruction.ts";
import { type DeltaRange, RANGE_KINDS, RangeReader } from "../../lib/delta/range.ts";
import { StripMaker } from "../../lib/delta/strip.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const copy = (start: number, length: number): Instruction => ({ kind: "copy", start, length });
const literal = (length: number): Instruction => ({ kind: "literal", bytes: new Uint8Array(length) });

function rangesOf(...instructions: Instruction[]): DeltaRange[] {
  const reader = new RangeReader();
  return [...instructions.map((each) => reader.push(each)), reader.finish()].filter((each) => each !== undefined);
}

describe("RangeReader", () => {
  it("tells what is kept, moved and new", () => {
    assertEquals(rangesOf(copy(0, 10), literal(5), copy(10, 3), copy(18, 2)), [
      { kind: "kept", start: 0, length: 10, oldStart: 0 },
      { kind: "literal", start: 10, length: 5 },
      { kind: "moved", start: 15, length: 3, oldStart: 10 },
      { kind: "kept", start: 18, length: 2, oldStart: 18 },
    ]);
    assertEquals(rangesOf(), []);
  });

  it("makes one of neighbours that follow each other in both files", () => {
    assertEquals(rangesOf(literal(5), literal(6), copy(7, 1), copy(8, 2), copy(7, 1)), [
      { kind: "literal", start: 0, length: 11 },
      { kind: "moved", start: 11, length: 3, oldStart: 7 },
      { kind: "moved", start: 14, length: 1, oldStart: 7 },
    ]);
  });
});

describe("StripMaker", () => {
  const arbitrary = array(tuple(constantFrom(...RANGE_KINDS), integer({ min: 1, max: 300 })), { maxLength: 40 });

  it("counts every byte in its cell, whatever the size", () => {
    property(forAll(arbitrary, constantFrom(2, 4, 10, 64), (parts, most) => {
      const maker = new StripMaker(most);
      const bytes = parts.flatMap(([kind, length]) => Array<string>(length).fill(kind));
      let start = 0;
      for (const [kind, length] of parts) {
        maker.add({ kind, start, length });
        start += length;
      }
      const { cellBytes, ...cells } = maker.strip;
      const count = Math.ceil(bytes.length / cellBytes);
      assertEquals(count <= most, true);
      assertEquals(cellBytes === 1 || bytes.length > most * cellBytes / 2, true);
      for (const kind of RANGE_KINDS) {
        const expected = Array.from(
          { length: count },
          (_, cell) => bytes.slice(cell * cellBytes, (cell + 1) * cellBytes).filter((each) => each === kind).length,
        );
        assertEquals(cells[kind], expected);
      }
    }));
  });

  it("draws a file of 100 TB as fast as a small one", () => {
    const maker = new StripMaker(1024);
    maker.add({ kind: "kept", start: 0, length: 1e14, oldStart: 0 });
    maker.add({ kind: "literal", start: 1e14, length: 1 });
    const { cellBytes, kept, literal: fresh } = maker.strip;
    assertEquals(cellBytes, 2 ** 37);
    assertEquals(kept.reduce((sum, each) => sum + each, 0), 1e14);
    assertEquals([fresh.at(-1), kept.length <= 1024], [1, true]);
  });
});
