/**
 * Extended attributes. A set of them is sent with the first entry that has it; of long values only a digest, and the
 * receiving side asks for those that it lacks when it asks for the entry.
 *
 * @module
 */
import type { WireInput } from "./input.ts";
import { readCount, readVarint, writeVarint } from "./integers.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";
import { StoreReader, StoreWriter } from "./stored_sets.ts";

/** Values up to this length are sent with the entry. */
export const SHORT_VALUE = 32;
const DIGEST_BYTES = 16;

/** One attribute. */
export interface XattrItem {
  /** Its name in bytes, without the NUL. */
  readonly name: Uint8Array;
  /** Length of its value. */
  readonly length: number;
  /** The value when it is short; otherwise its MD5. */
  readonly content: Uint8Array;
}

/** All attributes of an entry. */
export interface XattrSet {
  /** Which set of the session it is, from 0. */
  readonly number: number;
  /** Its attributes in the order of their names; they are asked for by their place, from 1. */
  readonly items: readonly XattrItem[];
}

/** Reads sets. */
export class XattrReader {
  readonly #store = new StoreReader<XattrSet>("sets of attributes");

  /**
   * Reads a set.
   *
   * @param input Where it is.
   * @returns The set.
   * @throws {SyncError} code `"peer-protocol"` when it cannot be one.
   */
  read(input: WireInput): XattrSet {
    return this.#store.read(input, readSet);
  }

  /** Keeps what the last entry brought. */
  keep(): void {
    this.#store.keep();
  }

  /** Forgets what an incomplete entry brought. */
  rewind(): void {
    this.#store.rewind();
  }
}

function readSet(input: WireInput, number: number): XattrSet {
  const count = readCount(input, PEER_LIMITS.xattrs, "a number of attributes");
  const items: XattrItem[] = [];
  let bytes = 0;
  for (let left = count; left > 0; left--) {
    const item = readItem(input);
    items.push(item);
    bytes += item.name.length + item.content.length;
    if (bytes > PEER_LIMITS.xattrSet) {
      throw input.breach(`attributes of at most ${PEER_LIMITS.xattrSet} bytes`, `${bytes} bytes`);
    }
  }
  return { number, items };
}

function readItem(input: WireInput): XattrItem {
  const nameLength = readCount(input, PEER_LIMITS.xattrName, "the length of an attribute's name");
  const length = readCount(input, PEER_LIMITS.xattrValue, "the length of an attribute's value");
  const name = input.bytes(nameLength);
  if (nameLength < 2 || name.indexOf(0) !== nameLength - 1) {
    throw input.breach("the name of an attribute with one NUL behind it", "something else");
  }
  const kept = name.slice(0, -1);
  return { name: kept, length, content: input.bytes(length > SHORT_VALUE ? DIGEST_BYTES : length).slice() };
}

/** Writes sets. */
export class XattrWriter {
  readonly #store = new StoreWriter();

  /**
   * Writes a set.
   *
   * @param output Where to.
   * @param set The set; its number does not matter.
   */
  write(output: WireOutput, { items }: Pick<XattrSet, "items">): void {
    this.#store.write(output, keyOf(items), () => writeItems(output, items));
  }
}

function keyOf(items: readonly XattrItem[]): string {
  return items.map(({ name, length, content }) => `${name.toHex()}=${length}:${content.toHex()}`).join();
}

function writeItems(output: WireOutput, items: readonly XattrItem[]): void {
  writeVarint(output, items.length);
  for (const { name, length, content } of items) {
    writeVarint(output, name.length + 1);
    writeVarint(output, length);
    output.bytes(name);
    output.u8(0);
    output.bytes(content);
  }
}

/** A long value that was asked for. */
export interface XattrValue {
  /** Its attribute's place in the set, from 1. */
  readonly place: number;
  /** The value, which may have changed since the list was made. */
  readonly value: Uint8Array;
}

/**
 * Reads which long values are wanted.
 *
 * @param input Where it is.
 * @returns Places in the set, from 1, ascending.
 * @throws {SyncError} code `"peer-protocol"` when there are too many.
 */
export function readWanted(input: WireInput): number[] {
  const places: number[] = [];
  for (let place = nextPlace(input, 0); place !== 0; place = nextPlace(input, place)) places.push(place);
  return places;
}

/** The next place, or 0 at the end. */
function nextPlace(input: WireInput, before: number): number {
  const distance = readVarint(input);
  if (distance === 0) return 0;
  const place = before + distance;
  if (distance < 0 || place > PEER_LIMITS.xattrs) {
    throw input.breach(`the place of an attribute behind ${before}, up to ${PEER_LIMITS.xattrs}`, `${place}`);
  }
  return place;
}

/**
 * Writes which long values are wanted.
 *
 * @param output Where to.
 * @param places Places in the set, ascending.
 */
export function writeWanted(output: WireOutput, places: readonly number[]): void {
  let before = 0;
  for (const place of places) {
    writeVarint(output, place - before);
    before = place;
  }
  output.u8(0);
}

/**
 * Reads long values.
 *
 * @param input Where they are.
 * @returns The values.
 * @throws {SyncError} code `"peer-protocol"` when they are too long.
 */
export function readValues(input: WireInput): XattrValue[] {
  const values: XattrValue[] = [];
  let bytes = 0;
  for (let place = nextPlace(input, 0); place !== 0; place = nextPlace(input, place)) {
    const length = readCount(input, PEER_LIMITS.xattrValue - bytes, "the length of an attribute's value");
    bytes += length;
    values.push({ place, value: input.bytes(length).slice() });
  }
  return values;
}

/**
 * Writes long values.
 *
 * @param output Where to.
 * @param values The values, places ascending.
 */
export function writeValues(output: WireOutput, values: readonly XattrValue[]): void {
  let before = 0;
  for (const { place, value } of values) {
    writeVarint(output, place - before);
    writeVarint(output, value.length);
    output.bytes(value);
    before = place;
  }
  output.u8(0);
}
