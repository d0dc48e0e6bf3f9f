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
}

/** Names of these options: all are on or off. */
export const CONTENT_OPTION_NAMES = Object.keys(
  { inplace: true, append: true, appendVerify: true } satisfies Record<keyof ContentOptions, true>,
);

/**
 * The rules that follow.
 *
 * @param options Complete options.
 * @returns The rules; `undefined` when every file is replaced.
 */
export function contentRules({ inplace, append, appendVerify }: Required<ContentOptions>): ContentRules | undefined {
  if (!inplace && !append && !appendVerify) return undefined;
  return { inPlace: inplace, append: append ? "unchecked" : appendVerify ? "checked" : undefined };
}
