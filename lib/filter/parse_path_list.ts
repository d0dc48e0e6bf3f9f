/**
 * The text of a list of paths to transfer (`--files-from`). Whoever wrote it cannot name anything outside of the source:
 * a leading slash means nothing, and `..` does not lead out of the root.
 *
 * @module
 */
import { decodeName } from "../bytes/name.ts";
import { invalidFile } from "./invalid.ts";
import { isComment } from "./parse_rule.ts";
import type { ListedPath } from "./spec.ts";

/** A path of a list, and where it stands there. */
export interface PathOfList extends ListedPath {
  /** Line, or number of the item, from 1. */
  readonly line: number;
}

/**
 * Parses a list.
 *
 * @param bytes What is in the file.
 * @param atNul Items end with NUL, not with a line.
 * @param source Name of the file, for messages.
 * @returns The paths in their order; lines that are empty or comments are left out.
 * @throws {SyncError} code `"filter-invalid"` when a line holds what no path holds.
 */
export function parsePathList(bytes: Uint8Array, atNul: boolean, source: string): PathOfList[] {
  const found: PathOfList[] = [];
  const ends = atNul ? "\0" : /\r\n|\n|\r/;
  for (const [index, text] of decodeName(bytes).split(ends).entries()) {
    if (text === "" || isComment(text)) continue;
    if (text.includes("\0")) {
      throw invalidFile(source, `line ${index + 1} holds NUL, its items may end with it (--from0)`);
    }
    found.push({ ...listedPath(text), line: index + 1 });
  }
  return found;
}

/**
 * A path of a list.
 *
 * @param text As it was written; `"docs/"` lists the entries of `docs`, too.
 * @returns The path below the root.
 */
export function listedPath(text: string): ListedPath {
  const names: string[] = [];
  for (const name of text.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  const path = names.join("/");
  return path === "" || /(?:^|\/)\.{0,2}$/.test(text) ? { path, contents: true } : { path };
}
