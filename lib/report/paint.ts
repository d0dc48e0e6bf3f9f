/**
 * Colours as terminals take them (ECMA-48, select graphic rendition). Whether there are colours is decided elsewhere.
 *
 * @module
 */

const CODES = {
  bold: ["1", "22"],
  dim: ["2", "22"],
  red: ["31", "39"],
  green: ["32", "39"],
  yellow: ["33", "39"],
  cyan: ["36", "39"],
} as const;

/** Ways to set off text. */
export type Style = keyof typeof CODES;

/** Puts text in a style, or leaves it. */
export type Paint = (style: Style, text: string) => string;

/**
 * Makes a painter.
 *
 * @param colored Whether it paints at all.
 * @returns A function; without colours, or for empty text, it returns the text as it is.
 */
export function painter(colored: boolean): Paint {
  if (!colored) return (_style, text) => text;
  return (style, text) => text === "" ? "" : `\x1b[${CODES[style][0]}m${text}\x1b[${CODES[style][1]}m`;
}
