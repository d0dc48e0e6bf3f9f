/**
 * What a delta does, as ranges of the new file: the instructions with their places, neighbours of a kind made one.
 *
 * @module
 */
import type { Instruction } from "./instruction.ts";

/** Where the bytes of a range come from. */
export type RangeKind =
  /** From the same place of the old file. */
  | "kept"
  /** From another place of the old file. */
  | "moved"
  /** From the delta. */
  | "literal";

/** All kinds, in the order in which they are told. */
export const RANGE_KINDS = ["kept", "moved", "literal"] as const satisfies readonly RangeKind[];

/** A range of the new file. */
export interface DeltaRange {
  /** Where its bytes come from. */
  readonly kind: RangeKind;
  /** Where it begins. */
  readonly start: number;
  /** How many bytes. */
  readonly length: number;
  /** Where it begins in the old file; absent when that does not have it. */
  readonly oldStart?: number;
}

/** Turns instructions into ranges. */
export class RangeReader {
  #position = 0;
  /** A range that may still grow. */
  #open: DeltaRange | undefined;

  /**
   * Takes the next instruction.
   *
   * @param instruction The instruction.
   * @returns The range before it, when that is complete.
   */
  push(instruction: Instruction): DeltaRange | undefined {
    const range = this.#rangeOf(instruction);
    this.#position += range.length;
    const before = this.#open;
    if (before !== undefined && follows(before, range)) {
      this.#open = { ...before, length: before.length + range.length };
      return undefined;
    }
    this.#open = range;
    return before;
  }

  /**
   * Ends the new file.
   *
   * @returns The last range, if there is any.
   */
  finish(): DeltaRange | undefined {
    return this.#open;
  }

  #rangeOf(instruction: Instruction): DeltaRange {
    const start = this.#position;
    if (instruction.kind === "literal") return { kind: "literal", start, length: instruction.bytes.length };
    const { start: oldStart, length } = instruction;
    return { kind: oldStart === start ? "kept" : "moved", start, length, oldStart };
  }
}

function follows(before: DeltaRange, range: DeltaRange): boolean {
  if (before.oldStart === undefined) return range.oldStart === undefined;
  return before.oldStart + before.length === range.oldStart;
}
