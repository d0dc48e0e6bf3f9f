/**
 * Reads a delta in librsync's format that arrives in pieces of any size.
 *
 * @module
 */
import { damaged } from "./damage.ts";
import { COMMAND, DELTA_MAGIC, LIMITS, NUMBER_BYTES, SHORT_LITERAL } from "./format.ts";
import type { Instruction } from "./instruction.ts";

const OTHER_BASIS = "was it made for another old file, or another version of it?";

/** What the next bytes are. */
type Expecting = "magic" | "command" | "numbers" | "literal" | "nothing";

/** Decodes commands; each length and position is checked as soon as it is there. */
export class DeltaDecoder {
  readonly #basisBytes: number;
  readonly #part = new Uint8Array(16);
  readonly #view = new DataView(this.#part.buffer);
  #partLength = 0;
  #wanted = 4;
  #expecting: Expecting = "magic";
  /** The command whose numbers are expected, and where it is. */
  #command = 0;
  #commandAt = 0;
  #literalLeft = 0;
  #offset = 0;
  #outputBytes = 0;

  /**
   * Begins a delta.
   *
   * @param basisBytes Size of the old file: no copy may go beyond it.
   */
  constructor(basisBytes: number) {
    this.#basisBytes = basisBytes;
  }

  /**
   * Takes the next bytes.
   *
   * @param bytes Any number of them.
   * @returns The instructions in them. A literal is given in the pieces in which it arrives.
   * @throws {SyncError} code `"delta-damaged"` when they cannot be a delta's.
   */
  *push(bytes: Uint8Array): Generator<Instruction> {
    for (let at = 0; at < bytes.length;) {
      const isLiteral = this.#expecting === "literal";
      const wanted = isLiteral ? this.#literalLeft : this.#wanted - this.#partLength;
      const piece = bytes.subarray(at, at + wanted);
      if (this.#expecting === "nothing") throw damaged("delta", this.#offset, "there is more behind its end");
      at += piece.length;
      this.#offset += piece.length;
      const instruction = isLiteral ? this.#takeLiteral(piece) : this.#takePart(piece);
      if (instruction !== undefined) yield instruction;
    }
  }

  /**
   * Ends the input.
   *
   * @throws {SyncError} code `"delta-damaged"` when the delta does not end here.
   */
  finish(): void {
    if (this.#expecting === "nothing") return;
    throw damaged("delta", this.#offset, this.#expecting === "magic" ? "it ends within its head" : "it ends too early");
  }

  #takeLiteral(bytes: Uint8Array): Instruction {
    this.#literalLeft -= bytes.length;
    if (this.#literalLeft === 0) this.#expect("command", 1);
    return { kind: "literal", bytes };
  }

  #takePart(piece: Uint8Array): Instruction | undefined {
    this.#part.set(piece, this.#partLength);
    this.#partLength += piece.length;
    if (this.#partLength < this.#wanted) return undefined;
    this.#partLength = 0;
    if (this.#expecting === "magic") this.#takeMagic();
    else if (this.#expecting === "command") this.#takeCommand(this.#view.getUint8(0));
    else return this.#takeNumbers();
    return undefined;
  }

  #expect(expecting: Expecting, bytes: number): void {
    this.#expecting = expecting;
    this.#wanted = bytes;
  }

  #takeMagic(): void {
    if (this.#view.getUint32(0) !== DELTA_MAGIC) throw damaged("delta", 0, "there is no delta's magic number");
    this.#expect("command", 1);
  }

  #takeCommand(command: number): void {
    this.#command = command;
    this.#commandAt = this.#offset - 1;
    if (command >= COMMAND.reserved) throw damaged("delta", this.#commandAt, `is the unknown command ${command}`);
    if (command === COMMAND.end) this.#expect("nothing", 1);
    else if (command <= SHORT_LITERAL) this.#beginLiteral(command);
    else this.#expect("numbers", this.#numberSizes().reduce((sum, size) => sum + size, 0));
  }

  #numberSizes(): number[] {
    if (this.#command < COMMAND.copy) return [NUMBER_BYTES[this.#command - COMMAND.literalSized] ?? 0];
    const index = this.#command - COMMAND.copy;
    return [NUMBER_BYTES[index >> 2] ?? 0, NUMBER_BYTES[index & 3] ?? 0];
  }

  #takeNumbers(): Instruction | undefined {
    const [first = 0, second] = this.#numberSizes();
    if (second === undefined) {
      this.#beginLiteral(this.#number(0, first));
      return undefined;
    }
    const start = this.#number(0, first);
    const length = this.#number(first, second);
    if (length < 1 || start > this.#basisBytes || length > this.#basisBytes - start) {
      const range = `${length} bytes from byte ${start} on`;
      const problem = `it copies ${range} of an old file of ${this.#basisBytes} bytes`;
      throw damaged("delta", this.#commandAt, problem, length < 1 ? undefined : OTHER_BASIS);
    }
    this.#count(length);
    this.#expect("command", 1);
    return { kind: "copy", start, length };
  }

  #beginLiteral(length: number): void {
    if (length < 1) throw damaged("delta", this.#commandAt, "is a literal of no bytes");
    this.#count(length);
    this.#literalLeft = length;
    this.#expect("literal", 0);
  }

  #number(at: number, size: number): number {
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at);
    if (size === 4) return this.#view.getUint32(at);
    return Number(this.#view.getBigUint64(at)); // beyond 2^53 it is not exact, and refused for its size
  }

  #count(length: number): void {
    this.#outputBytes += length;
    if (this.#outputBytes <= LIMITS.fileBytes) return;
    throw damaged("delta", this.#commandAt, `the new file becomes larger than ${LIMITS.fileBytes} bytes`);
  }
}
