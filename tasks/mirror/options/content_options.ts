/**
 * The options that say how files get new content which the destination has already.
 *
 * @module
 */
import type { ContentRules } from "../../../lib/apply/context.ts";

/** How files get new content that are there already. By default they are replaced by complete new ones. */
export interface ContentOptions {
  /**
   * Change files where they are, and write only blocks that differ. A reader may see old and new blocks beside each
   * other meanwhile. What has further names is replaced all the same, and so is what may not be written to.
   * Holes of the source become zeros where the file has had data.
   * @default {false}
   */
  readonly inplace?: boolean;
  /**
   * Add to files what they lack at their end, and trust that the rest is right. Files that are not shorter than their
   * sources are left alone when they are not right. @default {false}
   */
  readonly append?: boolean;
  /**
   * The same, but what is there is compared first; where it differs, the file is replaced as a whole, or changed where
   * it is with `inplace`. @default {false}
   */
  readonly appendVerify?: boolean;
  /**
   * Make the new version of a file of pieces of the old one, wherever in it they are, and write only the rest: for
   * destinations where writing is dear, or which share pieces. A reader sees the old file until the new one is complete.
   * @default {false}
   */
  readonly delta?: boolean;
  /**
   * With `delta`: make a file that the destination does not have of pieces of one in the same directory that is probably
   * like it, by size and time or else by its name. @default {false}
   */
  readonly fuzzy?: boolean;
}

/** Names of these options: all are on or off. */
export const CONTENT_OPTION_NAMES = Object.keys(
  { inplace: true, append: true, appendVerify: true, delta: true, fuzzy: true } satisfies Record<
    keyof ContentOptions,
    true
  >,
);

/**
 * The rules that follow.
 *
 * @param options Complete options.
 * @returns The rules; `undefined` when every file is replaced.
 */
export function contentRules(options: Required<ContentOptions>): ContentRules | undefined {
  const { inplace, append, appendVerify, delta, fuzzy } = options;
  if (!inplace && !append && !appendVerify && !delta) return undefined;
  return { inPlace: inplace, append: append ? "unchecked" : appendVerify ? "checked" : undefined, delta, fuzzy };
}
