/**
 * Names as they are written in the lines of checksum files: on one line, whatever is in them.
 *
 * @module
 */

/** What ends a field or a line, and what escapes. */
const FIELD_REGEXP = /[\\\n\r\t]/g;
const GNU_REGEXP = /[\\\n\r]/g;
const ESCAPES: ReadonlyMap<string, string> = new Map([["\\", "\\\\"], ["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);
const MEANINGS: ReadonlyMap<string, string> = new Map([...ESCAPES].map(([meant, written]) => [written, meant]));

/**
 * Writes a name as `sha256sum` does. A line with such a name begins with a backslash.
 *
 * @param name The name.
 * @returns The same name, or its escaped form.
 */
export function escapeName(name: string): string {
  return name.replace(GNU_REGEXP, (character) => ESCAPES.get(character)!);
}

/**
 * Writes a name for a field that ends at a tab.
 *
 * @param name The name.
 * @returns The escaped form, which may be the same.
 */
export function escapeField(name: string): string {
  return name.replace(FIELD_REGEXP, (character) => ESCAPES.get(character)!);
}

/**
 * Reads an escaped name.
 *
 * @param text The escaped form.
 * @returns The name, or `undefined` when there is an escape that means nothing.
 */
export function unescapeName(text: string): string | undefined {
  let isValid = true;
  const name = text.replace(/\\[^]?/g, (escape) => {
    const meant = MEANINGS.get(escape);
    isValid &&= meant !== undefined;
    return meant ?? "";
  });
  return isValid ? name : undefined;
}
