import fc from "fast-check";
import { INDEX, IndexReader, IndexWriter } from "../../lib/wire/entry_number.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { breachOf, hex, inputOf, written } from "./wire.ts";

/** Numbers in a row, and how they are sent. */
const ROWS: readonly (readonly [readonly number[], string])[] = [
  [[0, 2, 3, 3, 300, 299], "01 02 01 fe 00 00 fe 01 29 fe 80 2b 01 00"],
  [[-102], "ff 65"],
  [[-2], "ff 01"],
  [[-104, -2], "ff 67 ff fe 80 02 00 00"],
  [[INDEX.deletions], "ff 02"],
  [[INDEX.done, 5, INDEX.done], "00 06 00"],
  [[40_000], "fe 80 40 9c 00"],
];

describe("numbers of entries", () => {
  for (const [indexes, bytes] of ROWS) {
    it(`are sent as others send them: ${indexes.join(" ")}`, () => {
      const writer = new IndexWriter();
      assertEquals(written((output) => indexes.forEach((index) => writer.write(output, index))), hex(bytes));
      const reader = new IndexReader();
      const input = inputOf(hex(bytes));
      assertEquals(indexes.map(() => reader.read(input)), indexes);
      assertEquals(input.available, 0);
    });
  }

  it("are read as they were written, also when an item is tried again", () => {
    const index = fc.oneof(fc.integer({ min: -300, max: 600 }), fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }));
    fc.assert(fc.property(fc.array(index), (indexes) => {
      const writer = new IndexWriter();
      const bytes = written((output) => indexes.forEach((each) => writer.write(output, each)));
      const reader = new IndexReader();
      const input = inputOf(new Uint8Array(0));
      const read: number[] = [];
      for (const byte of bytes) {
        input.push(Uint8Array.of(byte));
        const value = input.attempt((from) => reader.read(from));
        if (value !== undefined) read.push(value);
      }
      assertEquals(read, indexes);
    }));
  });

  it("go back to what they were", () => {
    const reader = new IndexReader();
    const saved = reader.save();
    assertEquals(reader.read(inputOf(hex("05"))), 4);
    reader.restore(saved);
    assertEquals(reader.read(inputOf(hex("05"))), 4);
  });

  it("are refused beyond 31 bits", () => {
    const reader = new IndexReader();
    reader.read(inputOf(hex("fe ff ff ff ff")));
    breachOf(() => reader.read(inputOf(hex("05"))));
  });
});
