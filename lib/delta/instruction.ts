/**
 * What a delta consists of.
 *
 * @module
 */

/** A range of the old file. */
export interface Copy {
  /** Tells it from a literal. */
  readonly kind: "copy";
  /** Position in the old file. */
  readonly start: number;
  /** How many bytes. */
  readonly length: number;
}

/** Bytes that the old file does not have. */
export interface Literal {
  /** Tells it from a copy. */
  readonly kind: "literal";
  /** The bytes, valid until the next instruction is asked for. */
  readonly bytes: Uint8Array;
}

/** The next part of the new file. */
export type Instruction = Copy | Literal;
