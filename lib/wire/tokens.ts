/**
 * The content of a file: literal bytes, and blocks of the old file by their numbers. Plain tokens are numbers of four
 * bytes; compressed ones begin with a byte that says what follows.
 *
 * What is compressed passes through here as it is: `packed` pieces are for a decompressor.
 *
 * @module
 */
import type { WireInput } from "./input.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";

/** Literal bytes; a view that is valid until more bytes arrive. */
export interface LiteralToken {
  /** Tells it from others. */
  readonly kind: "literal";
  /** The bytes. */
  readonly bytes: Uint8Array;
}

/** Literal bytes, compressed. */
export interface PackedToken {
  /** Tells it from others. */
  readonly kind: "packed";
  /** A piece of the compressed stream. */
  readonly bytes: Uint8Array;
}

/** Blocks of the old file, one behind the other. */
export interface CopyToken {
  /** Tells it from others. */
  readonly kind: "copy";
  /** Number of the first. */
  readonly first: number;
  /** How many. */
  readonly count: number;
}

/** The end of the content. */
export interface EndToken {
  /** Tells it from others. */
  readonly kind: "end";
}

/** The next part of a file's content. */
export type Token = LiteralToken | PackedToken | CopyToken | EndToken;

const END: EndToken = { kind: "end" };

/** Most literal bytes that all peers accept behind one token. */
export const LITERAL_BYTES = 32_768;

/** Kinds of compressed tokens, by their highest two bits, and those that are whole bytes. */
const PACKED = { end: 0x00, absolute: 0x20, absoluteRun: 0x21, data: 0x40, relative: 0x80, relativeRun: 0xc0 } as const;
const KIND_MASK = 0xc0;
const REST_MASK = 0x3f;
const MOST_RUN = 65_536;

/** Reads the content of one file. */
export interface TokenReader {
  /**
   * Reads what is there.
   *
   * @param input Where it is.
   * @returns The next token; a literal comes in the pieces in which it arrives.
   * @throws {SyncError} code `"peer-protocol"` when it names a block that is not there.
   */
  read(input: WireInput): Token;
}

/** Reads plain tokens. */
export class PlainTokenReader implements TokenReader {
  readonly #blocks: number;
  #literalLeft = 0;

  /**
   * Begins a file.
   *
   * @param blocks How many blocks the old file has.
   */
  constructor(blocks: number) {
    this.#blocks = blocks;
  }

  /** Reads the next token. */
  read(input: WireInput): Token {
    if (this.#literalLeft === 0) {
      const token = input.i32();
      if (token === 0) return END;
      if (token < 0) return this.#copy(input, -(token + 1));
      if (token > PEER_LIMITS.literal) {
        throw input.breach(`at most ${PEER_LIMITS.literal} literal bytes`, `${token}`);
      }
      // The head counts as an item of its own, so that the bytes may come one by one.
      input.mark();
      this.#literalLeft = token;
    }
    input.peek();
    const bytes = input.some(this.#literalLeft);
    this.#literalLeft -= bytes.length;
    return { kind: "literal", bytes };
  }

  /** Blocks that follow each other are told together, as far as they have arrived. */
  #copy(input: WireInput, first: number): CopyToken {
    if (first >= this.#blocks) throw input.breach(`a block below ${this.#blocks}`, `${first}`);
    let count = 1;
    while (first + count < this.#blocks && input.takeI32(-(first + count + 1))) count++;
    return { kind: "copy", first, count };
  }
}

/** Reads tokens of compressed content. */
export class PackedTokenReader implements TokenReader {
  readonly #blocks: number;
  #last = 0;

  /**
   * Begins a file.
   *
   * @param blocks How many blocks the old file has.
   */
  constructor(blocks: number) {
    this.#blocks = blocks;
  }

  /** Reads the next token. */
  read(input: WireInput): Token {
    const head = input.u8();
    if (head === PACKED.end) return END;
    const rest = head & REST_MASK;
    switch (head & KIND_MASK) {
      case PACKED.data:
        return { kind: "packed", bytes: readPacked(input, rest << 8 | input.u8()) };
      case PACKED.relative:
        return this.#copy(input, this.#last + rest, 1);
      case PACKED.relativeRun:
        return this.#copy(input, this.#last + rest, 1 + readRun(input));
    }
    if (head === PACKED.absolute) return this.#copy(input, input.i32(), 1);
    if (head !== PACKED.absoluteRun) throw input.breach("a token", `0x${head.toString(16)}`);
    const first = input.i32();
    return this.#copy(input, first, 1 + readRun(input));
  }

  #copy(input: WireInput, first: number, count: number): CopyToken {
    const last = first + count - 1;
    if (first < 0 || last >= this.#blocks) {
      throw input.breach(`blocks below ${this.#blocks}`, `${first} to ${last}`);
    }
    this.#last = last;
    return { kind: "copy", first, count };
  }
}

function readPacked(input: WireInput, length: number): Uint8Array {
  if (length === 0) throw input.breach("compressed bytes", "none");
  return input.bytes(length);
}

function readRun(input: WireInput): number {
  const more = input.u16();
  if (more === 0) throw input.breach("a run of at least two blocks", "one of one");
  return more;
}

/** Writes the content of one file. */
export interface TokenWriter {
  /** Writes a token. */
  write(output: WireOutput, token: Token): void;
}

/** Writes plain tokens. */
export class PlainTokenWriter implements TokenWriter {
  /** Writes a token; a literal is cut to what all peers accept. */
  write(output: WireOutput, token: Token): void {
    switch (token.kind) {
      case "end":
        return output.i32(0);
      case "copy":
        for (let at = 0; at < token.count; at++) output.i32(-(token.first + at + 1));
        return;
      case "literal":
        return writeLiteral(output, token.bytes);
      case "packed":
        throw new TypeError("Cannot write compressed bytes among plain tokens");
    }
  }
}

function writeLiteral(output: WireOutput, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += LITERAL_BYTES) {
    const piece = bytes.subarray(at, at + LITERAL_BYTES);
    output.i32(piece.length);
    output.bytes(piece);
  }
}

/** Writes tokens of compressed content. */
export class PackedTokenWriter implements TokenWriter {
  #last = 0;

  /** Writes a token. */
  write(output: WireOutput, token: Token): void {
    switch (token.kind) {
      case "end":
        return output.u8(PACKED.end);
      case "copy":
        return this.#writeCopy(output, token);
      case "packed":
        return writePacked(output, token.bytes);
      case "literal":
        throw new TypeError("Cannot write literal bytes among compressed tokens");
    }
  }

  #writeCopy(output: WireOutput, { first, count }: CopyToken): void {
    for (let done = 0; done < count; done += MOST_RUN) {
      this.#writeRun(output, first + done, Math.min(MOST_RUN, count - done));
    }
  }

  #writeRun(output: WireOutput, first: number, count: number): void {
    const distance = first - this.#last;
    const isRun = count > 1;
    if (distance >= 0 && distance <= REST_MASK) output.u8((isRun ? PACKED.relativeRun : PACKED.relative) | distance);
    else {
      output.u8(isRun ? PACKED.absoluteRun : PACKED.absolute);
      output.i32(first);
    }
    if (isRun) output.u16(count - 1);
    this.#last = first + count - 1;
  }
}

function writePacked(output: WireOutput, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += PEER_LIMITS.packed) {
    const piece = bytes.subarray(at, at + PEER_LIMITS.packed);
    output.u8(PACKED.data | piece.length >> 8);
    output.u8(piece.length & 0xff);
    output.bytes(piece);
  }
}
