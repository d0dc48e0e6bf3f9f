/**
 * The options of a catalog, for the tasks that take one.
 *
 * @module
 */
import type { Values } from "./parse.ts";

/** Options that several tasks share. */
export interface CatalogValues {
  /** Path of the catalog, if there is one. */
  readonly catalog?: string;
  /** Whether everything is read. */
  readonly paranoid: boolean;
}

/**
 * Takes the options of a catalog from those of the command line.
 *
 * @param values Values of the options.
 * @returns Options for a task.
 */
export function catalogOptions(values: Values): CatalogValues {
  const catalog = values.text("catalog");
  return { ...(catalog === undefined ? {} : { catalog }), paranoid: values.isOn("paranoid") };
}
