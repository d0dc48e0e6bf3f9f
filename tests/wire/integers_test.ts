import fc from "fast-check";
import { MOST_TEXT, readText, readVarint, readVarlong, writeText, writeVarint } from "../../lib/wire/integers.ts";
import { readCount, writeVarlong } from "../../lib/wire/integers.ts";
import { assertEquals, assertStringIncludes, assertThrows, describe, it } from "../support/test_api.ts";
import { breachOf, hex, inputOf, readWhole, written } from "./wire.ts";

/** Numbers of 32 bits, and how they are sent. */
const VARINTS: readonly (readonly [number, string])[] = [
  [0, "00"],
  [127, "7f"],
  [128, "80 80"],
  [255, "80 ff"],
  [511, "81 ff"],
  [3073, "8c 01"],
  [8216, "a0 18"],
  [16_383, "bf ff"],
  [16_384, "c0 00 40"],
  [2_097_151, "df ff ff"],
  [2_097_152, "e0 00 00 20"],
  [678_901_234, "f0 f2 35 77 28"],
  [-1, "f0 ff ff ff ff"],
];

/** Numbers of 64 bits, how many bytes they have at least, and how they are sent. */
const VARLONGS: readonly (readonly [number, 3 | 4, string])[] = [
  [0, 3, "00 00 00"],
  [4096, 3, "00 00 10"],
  [24_000, 3, "00 c0 5d"],
  [8_388_607, 3, "7f ff ff"],
  [8_388_608, 3, "80 00 00 80"],
  [16_777_215, 3, "80 ff ff ff"],
  [5 * 2 ** 30, 3, "c1 00 00 00 40"],
  [2 ** 40, 3, "e1 00 00 00 00 00"],
  [0, 4, "00 00 00 00"],
  [1_643_767_322, 4, "61 1a e6 f9"],
  [2 ** 31, 4, "80 00 00 00 80"],
  [13_569_465_600, 4, "83 00 9d cd 28"],
  [-1, 4, "f8 ff ff ff ff ff ff ff ff"],
  [-315_619_200, 4, "f8 80 08 30 ed ff ff ff ff"],
];

describe("numbers of variable length", () => {
  for (const [value, bytes] of VARINTS) {
    it(`of 32 bits are sent as others send them: ${value}`, () => {
      assertEquals(written((output) => writeVarint(output, value)), hex(bytes));
      assertEquals(readWhole(hex(bytes), readVarint), value);
    });
  }

  for (const [value, least, bytes] of VARLONGS) {
    it(`of 64 bits are sent as others send them: ${value} in at least ${least} bytes`, () => {
      assertEquals(written((output) => writeVarlong(output, value, least)), hex(bytes));
      assertEquals(readWhole(hex(bytes), (input) => readVarlong(input, least)), value);
    });
  }

  it("are read as they were written", () => {
    fc.assert(fc.property(fc.integer(), (value) => {
      assertEquals(readWhole(written((output) => writeVarint(output, value)), readVarint), value);
    }));
    fc.assert(fc.property(fc.maxSafeInteger(), fc.constantFrom(3 as const, 4 as const), (value, least) => {
      const bytes = written((output) => writeVarlong(output, value, least));
      assertEquals(readWhole(bytes, (input) => readVarlong(input, least)), value);
    }));
  });

  it("are refused when they are too long, or not exact", () => {
    const error = breachOf(() => inputOf(hex("f8 00 00 00 00 00")).attempt(readVarint));
    assertEquals(
      error.message,
      "Cannot read a test: at byte 0 expected a number of 32 bits, got one that begins with 0xf8",
    );
    breachOf(() => inputOf(hex("fc 00 00 00 00 00 00 00 00 00")).attempt((input) => readVarlong(input, 4)));
    breachOf(() => inputOf(hex("f0 ff ff ff ff ff ff 7f")).attempt((input) => readVarlong(input, 4)));
    breachOf(() => inputOf(hex("80 80")).attempt((input) => readCount(input, 127, "a count")));
    breachOf(() => inputOf(hex("f0 ff ff ff ff")).attempt((input) => readCount(input, 127, "a count")));
  });
});

describe("readText()", () => {
  it("reads what writeText() wrote", () => {
    for (const length of [0, 1, 127, 128, 255, 256, 4095]) {
      const text = new Uint8Array(length).fill(0x61);
      const bytes = written((output) => writeText(output, text));
      assertEquals(bytes.length, length + (length < 128 ? 1 : 2));
      assertEquals(inputOf(bytes).attempt((input) => readText(input, 4095, "a text")), text);
    }
  });

  it("refuses what is longer than accepted, before it arrives", () => {
    const error = breachOf(() => inputOf(hex("81 00")).attempt((input) => readText(input, 255, "a text")));
    assertStringIncludes(error.message, "a text of at most 255 bytes, got one of 256");
  });
});

describe("writeText()", () => {
  it("writes none that cannot be said", () => {
    assertThrows(() => written((output) => writeText(output, new Uint8Array(MOST_TEXT + 1))), RangeError);
  });
});
