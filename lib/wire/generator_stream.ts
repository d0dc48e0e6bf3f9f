/**
 * What flows from the receiving side to the sender: items with the sums of old files, and marks that something is done.
 *
 * @module
 */
import { CHECKSUM_BYTES, type Dialect } from "./dialect.ts";
import { INDEX, IndexReader, IndexWriter } from "./entry_number.ts";
import type { WireInput } from "./input.ts";
import { isTransferred, type Item, readItem, writeItem } from "./item.ts";
import type { WireOutput } from "./output.ts";
import { type Deletions, readDeletions, writeDeletions } from "./statistics.ts";
import { readSumHead, type SumHead, WEAK_BYTES, writeSumHead } from "./sums.ts";

/** An item; when content is asked for, the sums of the old file follow, as many as its head says. */
export interface RequestPart {
  /** Tells it from others. */
  readonly kind: "item";
  /** The item. */
  readonly item: Item;
  /** The head of the sums; `undefined` when no content is asked for. */
  readonly head: SumHead | undefined;
  /** Whether sums follow: not where the old file is to be appended to. */
  readonly hasSums: boolean;
}

/** Sums of blocks, one behind the other: 4 bytes of the weak sum, low first, and those of the strong one. */
export interface SumsPart {
  /** Tells it from others. */
  readonly kind: "sums";
  /** How many blocks they are of. */
  readonly count: number;
  /** The sums; a view that is valid until more bytes arrive. */
  readonly bytes: Uint8Array;
}

/** Something is done: a list, then a phase. */
export interface RequestsDonePart {
  /** Tells it from others. */
  readonly kind: "done";
  /** How many of these marks there have been, this one included. */
  readonly number: number;
}

/** How much was deleted. */
export interface RequestDeletionsPart {
  /** Tells it from others. */
  readonly kind: "deletions";
  /** The numbers. */
  readonly deletions: Deletions;
}

/** Any part. */
export type GeneratorPart = RequestPart | SumsPart | RequestsDonePart | RequestDeletionsPart;

/** Proves that a number is one that can be asked for. */
export type IsEntry = (index: number) => boolean;

/** Reads what a generator sends. */
export class GeneratorReader {
  readonly #dialect: Dialect;
  readonly #isEntry: IsEntry;
  readonly #appends: boolean;
  readonly #indexes = new IndexReader();
  /** Entries whose content was asked for, when files are appended to: a second time they are asked for with sums. */
  readonly #asked = new Set<number>();
  #sumsLeft = 0;
  #sumBytes = 0;
  #doneCount = 0;

  /**
   * Begins.
   *
   * @param dialect The session.
   * @param isEntry Tells whether a number can be asked for.
   * @param appends Whether old files are appended to.
   */
  constructor(dialect: Dialect, isEntry: IsEntry, appends: boolean) {
    this.#dialect = dialect;
    this.#isEntry = isEntry;
    this.#appends = appends;
  }

  /** What should come next, for the error of a connection that ends. */
  get expected(): string {
    return this.#sumsLeft > 0 ? "the sums of a block" : "an item";
  }

  /**
   * Reads the next part.
   *
   * @param input Where it is.
   * @returns The part; `undefined` when it is not complete.
   * @throws {SyncError} code `"peer-protocol"` when it cannot come from a generator.
   */
  next(input: WireInput): GeneratorPart | undefined {
    if (this.#sumsLeft > 0) return input.attempt(this.#readSums);
    const indexes = this.#indexes.save();
    const part = input.attempt(this.#readByIndex);
    if (part === undefined) this.#indexes.restore(indexes);
    return part;
  }

  readonly #readSums = (input: WireInput): SumsPart => {
    const some = input.some(this.#sumsLeft * this.#sumBytes, this.#sumBytes);
    const bytes = some.length > 0 ? some : input.bytes(this.#sumBytes); // which says that more is needed
    const count = bytes.length / this.#sumBytes;
    this.#sumsLeft -= count;
    return { kind: "sums", count, bytes };
  };

  readonly #readByIndex = (input: WireInput): GeneratorPart => {
    const index = this.#indexes.read(input);
    if (index === INDEX.done) return { kind: "done", number: ++this.#doneCount };
    if (index === INDEX.deletions) return { kind: "deletions", deletions: readDeletions(input) };
    if (index < 0 || !this.#isEntry(index)) {
      throw input.breach("the number of an entry of a list that is not done", `${index}`);
    }
    const item = readItem(input, this.#dialect, "generator", index);
    if (!isTransferred(this.#dialect, item)) return { kind: "item", item, head: undefined, hasSums: false };
    const head = readSumHead(input, CHECKSUM_BYTES[this.#dialect.checksum]);
    const hasSums = !this.#appends || this.#asked.has(index);
    if (this.#appends) this.#asked.add(index);
    this.#sumsLeft = hasSums ? head.count : 0;
    this.#sumBytes = WEAK_BYTES + head.strongLength;
    return { kind: "item", item, head, hasSums };
  };
}

/** Writes what a generator sends. */
export class GeneratorWriter {
  readonly #dialect: Dialect;
  readonly #indexes = new IndexWriter();

  /**
   * Begins.
   *
   * @param dialect The session.
   */
  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Writes an item, and the head of its sums when content is asked for. */
  item(output: WireOutput, item: Item, head: SumHead | undefined): void {
    this.#indexes.write(output, item.index);
    writeItem(output, this.#dialect, item);
    if (head !== undefined) writeSumHead(output, head);
  }

  /** Writes sums, as {@linkcode SumsPart} has them. */
  sums(output: WireOutput, bytes: Uint8Array): void {
    output.bytes(bytes);
  }

  /** Writes that something is done. */
  done(output: WireOutput): void {
    this.#indexes.write(output, INDEX.done);
  }

  /** Writes how much was deleted. */
  deletions(output: WireOutput, deletions: Deletions): void {
    this.#indexes.write(output, INDEX.deletions);
    writeDeletions(output, deletions);
  }
}
