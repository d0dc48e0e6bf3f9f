/**
 * What is written down of a snapshot beside its tree: one small JSON file. A snapshot is complete without it; one that
 * another tool made has none.
 *
 * @module
 */

/** What is known of one snapshot beside its tree. */
export interface SnapshotRecord {
  /** When it was begun, milliseconds since 1970. */
  readonly started: number;
  /** When it was complete. */
  readonly finished: number;
  /** Where its entries came from, as it was named. */
  readonly source: string;
  /** Entries of the tree, directories included. */
  readonly entries: number;
  /** Files that are further names of files of an older snapshot. */
  readonly sharedFiles: number;
  /** Bytes in these. */
  readonly sharedBytes: number;
  /** Files that were written. */
  readonly newFiles: number;
  /** Bytes in these. */
  readonly newBytes: number;
  /** Names that are hard links to another name of the same snapshot. */
  readonly innerLinks: number;
  /** Entries that could not be taken; 0 says that it is whole. */
  readonly failures: number;
  /** Whether every file was compared with the source once more before it was published. */
  readonly verified: boolean;
  /** Words that its owner gave it. */
  readonly tags: readonly string[];
}

const FORMAT = 1;
/** Longest record that is read; a longer one was not written by this program. */
export const RECORD_LIMIT = 1 << 20;
/** Numbers of a record. */
const NUMBERS = [
  "entries",
  "sharedFiles",
  "sharedBytes",
  "newFiles",
  "newBytes",
  "innerLinks",
  "failures",
] as const satisfies readonly (keyof SnapshotRecord)[];
const TAG_REGEXP = /^[^\s,\p{C}]{1,100}$/u;

/**
 * Writes a record.
 *
 * @param record The record.
 * @returns JSON, one line.
 */
export function encodeRecord(record: SnapshotRecord): string {
  const { started, finished, ...rest } = record;
  const times = { started: new Date(started).toISOString(), finished: new Date(finished).toISOString() };
  return `${JSON.stringify({ format: FORMAT, ...times, ...rest })}\n`;
}

/**
 * Reads a record. It comes from a disk that others write to, so everything is checked.
 *
 * @param text What the file holds.
 * @returns The record; `undefined` when it is not a whole record of a known format.
 */
export function decodeRecord(text: string): SnapshotRecord | undefined {
  const found = parseObject(text);
  if (found === undefined || found["format"] !== FORMAT) return undefined;
  const { source, verified, tags } = found;
  const [started, finished] = [timeOf(found["started"]), timeOf(found["finished"])];
  const counts = NUMBERS.map((name) => [name, found[name]] as const);
  if (started === undefined || finished === undefined || !counts.every(([, value]) => isCount(value))) return undefined;
  if (typeof source !== "string" || typeof verified !== "boolean") return undefined;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === "string" && isTag(tag))) return undefined;
  const numbers = Object.fromEntries(counts) as Pick<SnapshotRecord, (typeof NUMBERS)[number]>;
  return { started, finished, source, ...numbers, verified, tags };
}

/**
 * Whether a text can be a tag.
 *
 * @param text Any text.
 * @returns `true` for up to 100 characters without spaces, commas and control characters.
 */
export function isTag(text: string): boolean {
  return TAG_REGEXP.test(text);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null && !Array.isArray(found)
      ? found as Record<string, unknown>
      : undefined;
  } catch {
    return undefined;
  }
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
