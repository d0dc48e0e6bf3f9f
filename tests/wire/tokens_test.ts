import fc from "fast-check";
import { WireOutput } from "../../lib/wire/output.ts";
import { PackedTokenReader, PackedTokenWriter, PlainTokenReader, PlainTokenWriter } from "../../lib/wire/tokens.ts";
import type { Token, TokenReader, TokenWriter } from "../../lib/wire/tokens.ts";
import { WireInput } from "../../lib/wire/input.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { breachOf, hex, inputOf, written } from "./wire.ts";

const BLOCKS = 200_000;

const copyArbitrary = fc.record({
  kind: fc.constant("copy" as const),
  first: fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 80_000 })),
  count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 100_000 })),
});

function bytesArbitrary<K extends "literal" | "packed">(kind: K) {
  return fc.record({
    kind: fc.constant(kind),
    bytes: fc.oneof(fc.constantFrom(1, 5, 16_383, 16_384, 40_000), fc.integer({ min: 1, max: 99 })).map((length) =>
      new Uint8Array(length).fill(length)
    ),
  });
}

/** What tokens do, without how they were cut: blocks one by one, bytes with what they hold. */
function meaning(tokens: readonly Token[]): string {
  const blocks: string[] = [];
  for (const token of tokens) {
    if (token.kind === "copy") blocks.push(`${token.first}..${token.first + token.count}`);
    else if (token.kind !== "end") blocks.push(`${token.kind}:${token.bytes.toHex()}`);
  }
  // Ranges that follow each other are one, and so are bytes.
  return blocks.join(" ").replace(/\.\.(\d+) \1(?=\.\.)/g, "").replace(/ (?:literal|packed):(?<=[0-9a-f] \w+:)/g, "");
}

function readAll(bytes: Uint8Array, reader: TokenReader, piece: number): Token[] {
  const input = new WireInput("tokens");
  const tokens: Token[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    input.push(bytes.slice(at, at + piece));
    for (;;) {
      const token = input.attempt((from) => reader.read(from));
      if (token === undefined) break;
      tokens.push("bytes" in token ? { ...token, bytes: token.bytes.slice() } : token);
    }
  }
  assertEquals(tokens.at(-1), { kind: "end" });
  assertEquals(input.available, 0);
  return tokens;
}

function roundTrip(sent: readonly Token[], writer: TokenWriter, reader: TokenReader, piece: number): void {
  const output = new WireOutput();
  for (const token of [...sent, { kind: "end" } as const]) writer.write(output, token);
  assertEquals(meaning(readAll(output.take(), reader, piece)), meaning(sent));
}

describe("tokens", () => {
  const piece = fc.constantFrom(1000, 4096, 100_000);

  it("are read as they were written", () => {
    const tokens = fc.array(fc.oneof(copyArbitrary, bytesArbitrary("literal")), { maxLength: 6 });
    fc.assert(
      fc.property(tokens, piece, (sent, size) => {
        roundTrip(sent, new PlainTokenWriter(), new PlainTokenReader(BLOCKS), size);
      }),
      { numRuns: 40 },
    );
  });

  it("of compressed content are read as they were written", () => {
    const tokens = fc.array(fc.oneof(copyArbitrary, bytesArbitrary("packed")), { maxLength: 6 });
    fc.assert(
      fc.property(tokens, piece, (sent, size) => {
        roundTrip(sent, new PackedTokenWriter(), new PackedTokenReader(BLOCKS), size);
      }),
      { numRuns: 100 },
    );
  });

  it("come byte by byte, too", () => {
    const sent: Token[] = [{ kind: "copy", first: 0, count: 3 }, { kind: "literal", bytes: hex("010203") }];
    roundTrip(sent, new PlainTokenWriter(), new PlainTokenReader(9), 1);
    const packed: Token[] = [{ kind: "copy", first: 70, count: 3 }, { kind: "packed", bytes: hex("010203") }];
    roundTrip(packed, new PackedTokenWriter(), new PackedTokenReader(99), 1);
  });

  it("give literal bytes as they arrive", () => {
    const input = inputOf(hex("05 00 00 00 61 62"));
    const reader = new PlainTokenReader(0);
    assertEquals(input.attempt((from) => reader.read(from)), { kind: "literal", bytes: hex("6162") });
    assertEquals(input.attempt((from) => reader.read(from)), undefined);
  });

  it("are cut to what all peers accept", () => {
    const literal = { kind: "literal", bytes: new Uint8Array(32_769) } as const;
    const bytes = written((output) => new PlainTokenWriter().write(output, literal));
    assertEquals(bytes.slice(0, 4), hex("00 80 00 00"));
    assertEquals(bytes.slice(32_772), hex("01 00 00 00 00"));
  });

  it("are refused when they name blocks that are not there, or say nothing", () => {
    const plain = ["fe ff ff ff", "00 00 00 80", "01 00 00 08"];
    for (const bytes of plain) {
      const reader = new PlainTokenReader(1);
      breachOf(() => inputOf(hex(bytes)).attempt((from) => reader.read(from)));
    }
    const packed = [
      "81",
      "c0 01 00",
      "20 01 00 00 00",
      "20 ff ff ff ff",
      "21 00 00 00 00 01 00",
      "40 00",
      "22",
      "c0 00 00",
    ];
    for (const bytes of packed) {
      const reader = new PackedTokenReader(1);
      breachOf(() => inputOf(hex(bytes)).attempt((from) => reader.read(from)));
    }
    const far = new PackedTokenReader(2 ** 25);
    breachOf(() => inputOf(hex("21 ff ff ff 7f ff ff")).attempt((from) => far.read(from)));
  });

  it("of one kind are not written among the other", () => {
    assertThrows(() => written((output) => new PlainTokenWriter().write(output, { kind: "packed", bytes: hex("00") })));
    assertThrows(() =>
      written((output) => new PackedTokenWriter().write(output, { kind: "literal", bytes: hex("00") }))
    );
  });
});
