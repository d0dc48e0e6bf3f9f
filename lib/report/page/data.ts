/**
 * What the HTML page is given: columns instead of objects, in the order of the tree, so that a hundred thousand steps
 * are a few megabytes and are read at once.
 *
 * Paths share their beginnings: each is as much of the one before as `shared` says, and `rest`. All text is in its
 * printable form. A time is whole seconds since 1970: `time` as the difference to the row before, `hadTime` as the
 * difference to `time` of the same row.
 *
 * @module
 */

/** The columns of the page; row `n` of each belongs to step `n`. */
export interface PageData {
  /** What steps do; the columns name deeds by their place here. */
  readonly deeds: readonly PageDeed[];
  /** Kinds of entries in words. */
  readonly kinds: readonly string[];
  /** Reasons in words; steps share them. */
  readonly whys: readonly string[];
  /** Characters of a path that it shares with the one before. */
  readonly shared: readonly number[];
  /** What follows these. */
  readonly rest: readonly string[];
  /** Deeds, a digit each. */
  readonly deed: string;
  /** Kinds, a digit each. */
  readonly kind: string;
  /** Reasons, by their place. */
  readonly why: readonly number[];
  /** Bytes of the entry; 0 where it is no file, or only metadata is set. */
  readonly size: readonly number[];
  /** Bytes that are written, moved or removed, by row, where that is not `size`: a further name is none of it. */
  readonly bytes: readonly (readonly [row: number, bytes: number])[];
  /** Bytes of what was there; -1 where there was nothing. */
  readonly had: readonly number[];
  /** Time of the entry. */
  readonly time: readonly number[];
  /** Time of what was there; 0 where there was nothing. */
  readonly hadTime: readonly number[];
  /** Where links lead, by row. */
  readonly targets: readonly (readonly [row: number, text: string])[];
}

/** One deed. */
export interface PageDeed {
  /** Its name, which styles go by. */
  readonly name: string;
  /** A character for it. */
  readonly sign: string;
  /** What it is called in this report. */
  readonly word: string;
  /** How much it asks for a second look. */
  readonly weight: number;
}
