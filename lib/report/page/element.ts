/// <reference lib="dom" />
/**
 * Making elements. All text goes in as text, never as markup.
 *
 * @module
 */

/** What an element is given beside its class. */
export interface Made {
  /** Its text. */
  readonly text?: string;
  /** Its attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Elements inside it. */
  readonly inside?: readonly Node[];
}

/**
 * Makes an element.
 *
 * @param tag Its name.
 * @param className Its classes.
 * @param made What it is given.
 * @returns The element.
 */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  made: Made = {},
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  if (made.text !== undefined) element.textContent = made.text;
  for (const [name, value] of Object.entries(made.attributes ?? {})) element.setAttribute(name, value);
  if (made.inside !== undefined) element.append(...made.inside);
  return element;
}

/**
 * An element of the page that must be there.
 *
 * @param id Its id.
 * @returns The element.
 * @throws {Error} when there is none.
 */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`Cannot find #${id} in the page`);
  return element;
}
