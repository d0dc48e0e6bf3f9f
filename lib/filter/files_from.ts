/**
 * The text of a list of files to transfer (`--files-from`). Whatever is written in it stays below the source: a leading
 * `/` is dropped, and `..` never climbs above the source.
 *
 * @module
 */
import { decodeName } from "../bytes/name.ts";
import { isComment } from "./parse_rule.ts";
import type { ListedPath } from "./spec.ts";

/**
 * Parses a list.
 *
 * @param bytes What is in the file.
 * @param atNul Entries end with NUL, not with the end of a line.
 * @returns The paths, without blank entries and comments.
 */
export function parsePathList(bytes: Uint8Array, atNul = false): ListedPath[] {
  return decodeName(bytes).split(atNul ? "\0" : /\r\n|\n|\r/).filter((text) => text !== "" && !isComment(text))
    .map(listedPath);
}

/**
 * The path that an entry of a list means.
 *
 * @param text The entry.
 * @returns Its path below the source.
 */
export function listedPath(text: string): ListedPath {
  const names: string[] = [];
  for (const name of text.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  const path = names.join("/");
  const hasContents = path === "" || /(?:^|\/)\.{0,2}$/.test(text);
  return hasContents ? { path, contents: true } : { path };
}
