/**
 * What threads are given to read, and what they answer; plain data.
 *
 * @module
 */
import type { Failure } from "../../lib/model/event.ts";
import type { Entry } from "../../lib/model/entry.ts";
import type { Stamp } from "../../lib/model/stamp.ts";
import type { RelPath } from "../../lib/model/rel_path.ts";

/** What a file looked like in a listing: that is how it must still look after it is read. */
export type Look = Pick<Entry, "size" | "mtimeSeconds" | "mtimeNanoseconds">;

/** A range of a file that is compared between two trees. */
export interface ComparePart {
  /** The file. */
  readonly path: RelPath;
  /** Where the range begins. */
  readonly position: number;
  /** How many bytes. */
  readonly length: number;
  /** The file in both trees. */
  readonly looks: readonly [source: Look, destination: Look];
}

/** Work for one thread, done at one go. */
export type Job =
  /** Take the checksums of files of the last tree. */
  | { readonly work: "hash"; readonly files: readonly RelPath[] }
  /** Compare contents of files of two trees. */
  | { readonly work: "compare"; readonly parts: readonly ComparePart[] };

/** What came of one file or range. */
export type FileResult =
  /** Without a stamp when something of the file was changed meanwhile, though not its content. */
  | { readonly digest: string; readonly entry: Entry; readonly stamp: Stamp | undefined }
  | { readonly same: boolean }
  | { readonly failure: Failure };

/**
 * What of an entry a reader is told.
 *
 * @param entry The entry.
 * @returns Size and time.
 */
export function lookOf({ size, mtimeSeconds, mtimeNanoseconds }: Look): Look {
  return { size, mtimeSeconds, mtimeNanoseconds };
}
