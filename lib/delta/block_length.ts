/**
 * How long blocks should be: about the square root of the file, so that a signature and the data that one changed byte
 * costs stay in proportion. These are the choices of `rdiff` and `rsync`, found by watching them.
 *
 * @module
 */

/** Whose choice. */
export type BlockRule = "rdiff" | "rsync";

const RDIFF = { least: 256, step: 128, unknown: 2048 } as const;
const RSYNC = { least: 700, step: 8, most: 131_072 } as const;

/**
 * The length of blocks for a file.
 *
 * @param rule Whose choice.
 * @param size Size of the file, `undefined` when it is not known.
 * @returns Bytes of a block.
 */
export function blockLengthFor(rule: BlockRule, size: number | undefined): number {
  if (size === undefined) return RDIFF.unknown;
  if (rule === "rdiff") return Math.max(RDIFF.least, rootOf(size, RDIFF.step));
  return Math.min(RSYNC.most, Math.max(RSYNC.least, rootOf(size, RSYNC.step)));
}

/** The largest multiple of `step` whose square is not above `size`. */
function rootOf(size: number, step: number): number {
  let root = Math.floor(Math.sqrt(size) / step) * step;
  if (root * root > size) root -= step; // where the square root was rounded up
  return root;
}
