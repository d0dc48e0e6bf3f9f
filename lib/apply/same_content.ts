/**
 * Compares the content of a file with what was copied from it.
 *
 * @module
 */
import type { Steps } from "../model/steps.ts";
import type { FileReader } from "../model/tree.ts";

/** Bytes that are compared between two steps. */
const PIECE = 16 << 20;

/**
 * Whether two open files hold the same bytes.
 *
 * @param one A file.
 * @param other Another.
 * @param size Length that both must have.
 * @returns Steps; the result is the answer.
 */
export function* sameContent(one: FileReader, other: FileReader, size: number): Steps<boolean> {
  if (other.entry().size !== size) return false;
  for (let at = 0; at < size; at += PIECE) {
    if (!one.sameBytes(other, at, Math.min(PIECE, size - at))) return false;
    if (at + PIECE < size) yield;
  }
  return true;
}
