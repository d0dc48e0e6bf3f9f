/**
 * The order by which entries of a file list are numbered. Both sides sort, and say numbers instead of names.
 *
 * At each level, all that is no directory comes first, then each directory, directly followed by what is in it; bytes
 * decide within each of the two, and a directory's name counts with a slash behind it. The root is before all.
 *
 * @module
 */
import { compareNames } from "../bytes/name.ts";
import { type FileEntry, isDirectory } from "./file_entry.ts";

const SLASH = 0x2f;

/**
 * A text by which entries are compared.
 *
 * @param entry The entry.
 * @returns Its path as it was sent, with a slash behind that of a directory; empty for the root.
 */
export function orderKey(entry: Pick<FileEntry, "path" | "isAbsolute" | "mode">): string {
  const { path, isAbsolute } = entry;
  const sent = isAbsolute ? `/${path}` : path;
  return path === "" || !isDirectory(entry) ? sent : `${sent}/`;
}

/**
 * Compares two entries by their keys.
 *
 * @param a One key.
 * @param b The other.
 * @returns Negative, zero or positive.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  let start = 0;
  for (; at < length; at++) {
    const unit = a.charCodeAt(at);
    if (unit !== b.charCodeAt(at)) break;
    if (unit === SLASH) start = at + 1;
  }
  if (at === a.length && at === b.length) return 0;
  // A directory itself, before what is in it.
  if (start === a.length) return -1;
  if (start === b.length) return 1;
  const aEnd = a.indexOf("/", at);
  const bEnd = b.indexOf("/", at);
  if ((aEnd < 0) !== (bEnd < 0)) return aEnd < 0 ? -1 : 1;
  const x = at < a.length ? a.charCodeAt(at) : -1;
  const y = at < b.length ? b.charCodeAt(at) : -1;
  if (x < 0x80 || y < 0x80) return x - y;
  return compareNames(
    aEnd < 0 ? a.slice(start) : a.slice(start, aEnd + 1),
    bEnd < 0 ? b.slice(start) : b.slice(start, bEnd + 1),
  );
}

/**
 * Sorts the entries of one list.
 *
 * @param entries Entries in the order in which they were sent.
 * @returns The same entries, by their numbers. Equal ones keep their order.
 */
export function sortEntries(entries: readonly FileEntry[]): FileEntry[] {
  const keys = entries.map(orderKey);
  const order = Array.from(entries, (_, at) => at);
  order.sort((a, b) => compareKeys(keys[a]!, keys[b]!));
  return order.map((at) => entries[at]!);
}
