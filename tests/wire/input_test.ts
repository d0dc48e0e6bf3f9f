import fc from "fast-check";
import { MORE, WireInput } from "../../lib/wire/input.ts";
import { WireOutput } from "../../lib/wire/output.ts";
import { assert, assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { breachOf, inputOf } from "./wire.ts";

describe("WireInput", () => {
  it("gives the same items, however the bytes arrive", () => {
    const sizes = fc.array(fc.nat({ max: 40 }), { maxLength: 60 });
    fc.assert(fc.property(sizes, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (lengths, pieces) => {
      const output = new WireOutput();
      for (const length of lengths) {
        output.u16(length);
        for (let at = 0; at < length; at++) output.u8(at);
      }
      const bytes = output.take();
      const input = new WireInput("items");
      const read: number[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const piece = bytes.slice(at, at + pieces[turn % pieces.length]!);
        at += piece.length;
        input.push(piece);
        for (;;) {
          const item = input.attempt((from) => from.bytes(from.u16()));
          if (item === undefined) break;
          assert(item.every((value, index) => value === index));
          read.push(item.length);
        }
        assertEquals(input.position + input.available, at);
      }
      assertEquals(read, lengths);
    }));
  });

  it("does not try again before enough has arrived", () => {
    const input = new WireInput("items");
    let tries = 0;
    const attempt = () => input.attempt((from) => (tries++, from.bytes(100).length));
    for (let at = 0; at < 99; at++) {
      input.push(new Uint8Array(1));
      assertEquals(attempt(), undefined);
    }
    assertEquals(tries, 1);
    input.push(new Uint8Array(1));
    assertEquals(attempt(), 100);
    assertEquals(tries, 2);
  });

  it("does not write into bytes that were given to it", () => {
    const input = new WireInput("items");
    const whole = Uint8Array.of(1, 2, 3, 4, 5, 6);
    input.push(whole.subarray(0, 3));
    assertEquals(input.u8(), 1);
    input.push(Uint8Array.of(9, 9));
    input.push(Uint8Array.of(8));
    assertEquals([...input.bytes(5)], [2, 3, 9, 9, 8]);
    assertEquals([...whole], [1, 2, 3, 4, 5, 6]);
  });

  it("reads numbers low byte first", () => {
    const input = inputOf(Uint8Array.of(1, 2, 1, 0, 0, 0x80, 0xff, 0xff, 0xff, 0xff, 7));
    assertEquals([input.u16(), input.i32(), input.u32(), input.peek(), input.u8()], [
      0x201,
      -0x7fffffff,
      0xffffffff,
      7,
      7,
    ]);
    assertThrows(() => input.u8());
    try {
      input.peek();
    } catch (thrown) {
      assertEquals(thrown, MORE);
    }
  });

  it("gives whole units of what is there", () => {
    const input = inputOf(new Uint8Array(10));
    assertEquals(input.some(100, 4).length, 8);
    assertEquals(input.some(100, 4).length, 0);
    assertEquals(input.some(1).length, 1);
  });

  it("says where something is wrong, and that it ends within an item", () => {
    const input = inputOf(new Uint8Array(10));
    input.attempt((from) => from.bytes(6));
    assertEquals(input.attempt((from) => from.bytes(6)), undefined);
    assertEquals(input.breach("a", "b").message, "Cannot read a test: at byte 6 expected a, got b");
    const error = breachOf(() => input.finish("a thing"));
    assertEquals(error.message, "Cannot read a test: at byte 6 expected a thing, got the end after 4 bytes of it");
    input.bytes(4);
    input.finish("a thing");
  });
});
