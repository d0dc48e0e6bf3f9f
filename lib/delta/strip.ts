/**
 * A file in small, however large it is: cells of equal length that count how many bytes of each kind are in them. The
 * size of the file need not be known: when it has more cells than there may be, two become one.
 *
 * @module
 */
import { type DeltaRange, RANGE_KINDS, type RangeKind } from "./range.ts";

/** A file in small. */
export interface Strip {
  /** Bytes of a cell; the last one may be shorter. */
  readonly cellBytes: number;
  /** Of each cell, bytes that the old file has at the same place. */
  readonly kept: readonly number[];
  /** Of each cell, bytes that it has elsewhere. */
  readonly moved: readonly number[];
  /** Of each cell, bytes that it has not. */
  readonly literal: readonly number[];
}

/** Draws a strip. */
export class StripMaker {
  readonly #most: number;
  #cellBytes = 1;
  #cells: Readonly<Record<RangeKind, number[]>> = { kept: [], moved: [], literal: [] };

  /** Draws at most so many cells; an even number. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Adds a range behind those that were added before.
   *
   * @param range The range.
   */
  add({ kind, start, length }: DeltaRange): void {
    const end = start + length;
    while (end > this.#most * this.#cellBytes) this.#halve();
    for (let at = start; at < end;) {
      const cell = Math.floor(at / this.#cellBytes);
      const until = Math.min(end, (cell + 1) * this.#cellBytes);
      for (const each of RANGE_KINDS) this.#cells[each][cell] ??= 0;
      this.#cells[kind][cell]! += until - at;
      at = until;
    }
  }

  #halve(): void {
    this.#cellBytes *= 2;
    const { kept, moved, literal } = this.#cells;
    this.#cells = { kept: paired(kept), moved: paired(moved), literal: paired(literal) };
  }

  /** The strip. */
  get strip(): Strip {
    return { cellBytes: this.#cellBytes, ...this.#cells };
  }
}

function paired(cells: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(cells.length / 2) }, (_, at) => cells[2 * at]! + (cells[2 * at + 1] ?? 0));
}
