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
}

/**
 * The rules that follow.
 *
 * @param options Complete options.
 * @returns The rules; `undefined` when every file is replaced.
 */
export function contentRules({ inplace }: Required<ContentOptions>): ContentRules | undefined {
  return inplace ? { inPlace: true } : undefined;
}
