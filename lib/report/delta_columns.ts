/**
 * What a delta would be, as all formats are told it, and the new file cut into as many columns as there is room for.
 *
 * @module
 */

/** Where bytes of the new file come from, in the order in which it is told. */
export const RANGE_KINDS = ["kept", "moved", "literal"] as const;

/** One of them. */
export type RangeKind = (typeof RANGE_KINDS)[number];

/** A range of the new file. */
export interface ToldRange {
  /** Where its bytes come from. */
  readonly kind: RangeKind;
  /** Where it begins. */
  readonly start: number;
  /** How many bytes. */
  readonly length: number;
  /** Where it begins in the old file, if that has it. */
  readonly oldStart?: number;
}

/** What is shown of the ranges of a kind. */
export interface ToldRanges {
  /** How many. */
  readonly ranges: number;
  /** How many bytes. */
  readonly bytes: number;
}

/** What is shown; the task's report has it all. */
export interface ToldDelta extends Readonly<Record<RangeKind, ToldRanges>> {
  /** Name of the old file. */
  readonly old: string;
  /** Name of the new file. */
  readonly fresh: string;
  /** Size of the old file. */
  readonly oldBytes: number;
  /** Size of the new file. */
  readonly newBytes: number;
  /** Bytes of a block. */
  readonly blockLength: number;
  /** Blocks of the old file. */
  readonly blocks: number;
  /** Size of the signature. */
  readonly signatureBytes: number;
  /** Size of the delta. */
  readonly deltaBytes: number;
  /** How much smaller the delta is than the new file. */
  readonly savedBytes: number;
  /** The new file in small: bytes of each kind in cells of equal length. */
  readonly strip: { readonly cellBytes: number } & Readonly<Record<RangeKind, readonly number[]>>;
}

/** What a range is called. */
export const RANGE_WORDS: Readonly<Record<RangeKind, { readonly word: string; readonly meaning: string }>> = {
  kept: { word: "kept", meaning: "at the same place in the old file" },
  moved: { word: "moved", meaning: "elsewhere in the old file" },
  literal: { word: "new", meaning: "not in the old file" },
};

/** Parts of a column; together they are 1. */
export type Shares = Readonly<Record<RangeKind, number>>;

/**
 * Cuts the new file into columns of equal width.
 *
 * @param told What is told.
 * @param count How many columns.
 * @returns The parts of each; none for an empty file.
 */
export function columnsOf({ newBytes, strip }: Pick<ToldDelta, "newBytes" | "strip">, count: number): Shares[] {
  if (newBytes === 0) return [];
  const width = newBytes / count;
  return Array.from({ length: count }, (_, column) => {
    const shares = { kept: 0, moved: 0, literal: 0 };
    const [from, to] = [column * width, (column + 1) * width];
    const last = Math.min(Math.ceil(to / strip.cellBytes), strip.kept.length);
    for (let cell = Math.floor(from / strip.cellBytes); cell < last; cell++) {
      const start = cell * strip.cellBytes;
      const end = Math.min(newBytes, start + strip.cellBytes);
      const part = Math.max(0, Math.min(to, end) - Math.max(from, start)) / (end - start) / width;
      for (const kind of RANGE_KINDS) shares[kind] += (strip[kind][cell] ?? 0) * part;
    }
    return shares;
  });
}

/**
 * What a column looks like from afar. Nothing that is new is overlooked, however little it is.
 *
 * @param shares Parts of the column.
 * @returns `"some"` when there is something new, but less of it than of the rest.
 */
export function lookOf({ kept, moved, literal }: Shares): RangeKind | "some" {
  if (literal >= 0.5) return "literal";
  if (literal > 0) return "some";
  return moved > kept ? "moved" : "kept";
}

/**
 * A part in percent that is 0 or 100 only when it is exactly that.
 *
 * @param part A number from 0.
 * @param whole A number that is not less.
 * @returns For example `"12.5 %"`, `"< 0.1 %"`, `"> 99.9 %"`.
 */
export function percentText(part: number, whole: number): string {
  if (part === 0 || whole === 0) return "0 %";
  if (part === whole) return "100 %";
  const tenths = Math.round(part / whole * 1000);
  if (tenths === 0) return "< 0.1 %";
  return tenths === 1000 ? "> 99.9 %" : `${(tenths / 10).toFixed(1)} %`;
}

/**
 * What a delta saves, in words.
 *
 * @param told What is told.
 * @param bytes How sizes are written.
 * @returns A sentence without a period.
 */
export function savedText({ newBytes, savedBytes }: ToldDelta, bytes: (count: number) => string): string {
  if (savedBytes > 0) return `${bytes(savedBytes)} less than the new file (${percentText(savedBytes, newBytes)})`;
  return savedBytes === 0
    ? "as large as the new file"
    : `${bytes(-savedBytes)} more than the new file: nothing is saved`;
}
