/**
 * A manifest in a file. It is read twice: first all of it is checked, so that nothing is compared with one that is
 * damaged; then its entries are given in the order of a tree. One that is in that order already is never held in memory.
 *
 * @module
 */
import { printable } from "../../lib/bytes/printable.ts";
import { SyncError } from "../../lib/errors.ts";
import type { HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import type { ManifestEntry } from "../../lib/manifest/entry.ts";
import { LineSplitter } from "../../lib/manifest/line_splitter.ts";
import { manifestError, ManifestReader, type NumberedEntry, sortEntries } from "../../lib/manifest/manifest_reader.ts";
import { InputFile } from "../../lib/os/data_file.ts";
import type { Ordered } from "../../lib/scan/ordered_walk.ts";

const PIECE_BYTES = 1 << 18;
/** Lines between two pauses. */
const STEP_LINES = 4_096;

/** A manifest that was checked. */
export interface CheckedManifest {
  /** Which checksums are in it. */
  readonly algorithm: HashAlgorithm;
  /** Whether all kinds of entries are listed, and not files alone. */
  readonly listsAll: boolean;
  /** Its entries in the order of a tree. */
  entries(): Iterator<Ordered<ManifestEntry>>;
}

/**
 * Reads and checks a manifest.
 *
 * @param file Its path; `"-"` is standard input.
 * @param algorithm Which checksums are in it, if that is known.
 * @param pause Called now and then; may throw to stop.
 * @returns The manifest.
 * @throws {SyncError} code `"manifest-damaged"` with the lines that are wrong, or another when it cannot be read.
 */
export async function checkManifest(
  file: string,
  algorithm: HashAlgorithm | undefined,
  pause: () => Promise<void>,
): Promise<CheckedManifest> {
  const reader = new ManifestReader(algorithm);
  const isKept = file === "-";
  const kept: NumberedEntry[] = [];
  let lines = 0;
  for (const entry of numberedEntries(file, reader)) {
    if (isKept && entry !== undefined) kept.push(entry);
    if (++lines % STEP_LINES === 0) await pause();
  }
  if (reader.problemCount > 0) throw manifestError(file, reader.problems, reader.problemCount);
  // An empty tree has no checksums of any kind.
  const found = { algorithm: reader.algorithm ?? "sha256", listsAll: reader.listsAll };
  if (reader.isOrdered && !isKept) return { ...found, entries: () => orderedEntries(file, algorithm, reader.count) };
  const entries = isKept ? kept : [...numberedEntries(file, new ManifestReader(algorithm))].filter(isEntry);
  const again = sortEntries(entries);
  if (again.length > 0) throw manifestError(file, again, again.length);
  return { ...found, entries: () => entries.map(({ entry }) => there(entry)).values() };
}

function isEntry(entry: NumberedEntry | undefined): entry is NumberedEntry {
  return entry !== undefined;
}

/** Something for each line, so that whoever asks can pause. */
function* numberedEntries(
  file: string,
  reader: ManifestReader,
): Generator<NumberedEntry | undefined, void, undefined> {
  const input = new InputFile(file);
  try {
    const splitter = new LineSplitter();
    const buffer = new Uint8Array(PIECE_BYTES);
    for (;;) {
      const count = input.read(buffer);
      if (count === 0) break;
      for (const line of splitter.push(buffer.subarray(0, count))) yield reader.push(line);
    }
    for (const line of splitter.end()) yield reader.push(line);
    reader.end();
  } finally {
    input.close();
  }
}

/** The second reading; it must find what the first one did. */
function* orderedEntries(
  file: string,
  algorithm: HashAlgorithm | undefined,
  count: number,
): Generator<Ordered<ManifestEntry>, void, undefined> {
  const reader = new ManifestReader(algorithm);
  for (const entry of numberedEntries(file, reader)) {
    if (reader.problemCount > 0 || !reader.isOrdered) throw changedError(file);
    if (entry !== undefined) yield there(entry.entry);
  }
  if (reader.problemCount > 0 || reader.count !== count) throw changedError(file);
}

function there(entry: ManifestEntry): Ordered<ManifestEntry> {
  return { state: "there", path: entry.path, known: entry, isKept: false };
}

function changedError(file: string): SyncError {
  return new SyncError("manifest-damaged", `Cannot use manifest "${printable(file)}": it changed while it was read`, {
    path: file,
    hint: "run again when nobody writes to it",
  });
}
