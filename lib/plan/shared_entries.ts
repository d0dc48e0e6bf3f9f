/**
 * Files of one directory that a basis has exactly as they are wanted, as indices into two listings: what most files of
 * a snapshot are costs no object for each.
 *
 * @module
 */
import type { Listing } from "../model/listing.ts";

/** See the module comment. It is of use until the next directory is planned. */
export class SharedEntries {
  /** What the source has. */
  readonly source: Listing;
  /** What the basis has. */
  readonly basis: Listing;
  /** How many there are. */
  count = 0;
  /** Bytes in them. */
  bytes = 0;
  #pairs: Int32Array;

  /** Starts with none; `memory` is used again from directory to directory. */
  constructor(source: Listing, basis: Listing, memory: Int32Array) {
    this.source = source;
    this.basis = basis;
    this.#pairs = memory.length >= 2 * source.count ? memory : new Int32Array(4 * source.count);
  }

  /** What the next one can be made with. */
  get memory(): Int32Array {
    return this.#pairs;
  }

  /** Adds one file, by its index in both. */
  add(at: number, other: number): void {
    this.#pairs[2 * this.count] = at;
    this.#pairs[2 * this.count + 1] = other;
    this.count++;
    this.bytes += this.source.size(at);
  }

  /** Index of a file in the source. */
  at(index: number): number {
    return this.#pairs[2 * index]!;
  }

  /** Index of a file in the basis. */
  other(index: number): number {
    return this.#pairs[2 * index + 1]!;
  }
}
