/**
 * Paths as they arrive: proven to stay below the root before anything else sees them.
 *
 * @module
 */
import { decodeName } from "../bytes/name.ts";
import { type RelPath, ROOT } from "../model/rel_path.ts";
import type { WireInput } from "./input.ts";

const SLASH = 0x2f;
const DOT = 0x2e;

/** A path that arrived. */
export interface WirePath {
  /** The path from the root of the transfer. */
  readonly path: RelPath;
  /** Whether a slash stood before it. */
  readonly isAbsolute: boolean;
}

/**
 * Proves a path of an entry.
 *
 * @param bytes The path.
 * @param mayBeAbsolute Whether a slash may stand before it.
 * @param input Where it came from, for the error.
 * @returns The path; `"."` is the root.
 * @throws {SyncError} code `"peer-protocol"` when it is empty, or has a part that is empty, `.` or `..`, or holds NUL.
 */
export function provePath(bytes: Uint8Array, mayBeAbsolute: boolean, input: WireInput): WirePath {
  const isAbsolute = mayBeAbsolute && bytes[0] === SLASH;
  const from = isAbsolute ? 1 : 0;
  if (bytes.length === from + 1 && bytes[from] === DOT) return { path: ROOT, isAbsolute };
  let start = from;
  for (let at = from; at <= bytes.length; at++) {
    const byte = at === bytes.length ? SLASH : bytes[at]!;
    if (byte === 0) throw input.breach("a path", `one with a NUL: ${shown(bytes)}`);
    if (byte !== SLASH) continue;
    if (!isName(bytes, start, at)) throw input.breach("a path below the root of the transfer", shown(bytes));
    start = at + 1;
  }
  return { path: decodeName(bytes, from) as RelPath, isAbsolute };
}

function isName(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length === 0) return false;
  if (bytes[start] !== DOT || length > 2) return true;
  return length === 2 && bytes[start + 1] !== DOT;
}

function shown(bytes: Uint8Array): string {
  return JSON.stringify(decodeName(bytes));
}
