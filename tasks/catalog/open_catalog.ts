/**
 * Opens catalogs by path.
 *
 * @module
 */
import { Catalog } from "../../lib/catalog/catalog.ts";
import type { Degradation } from "../../lib/model/capabilities.ts";
import type { Env } from "../../lib/model/env.ts";
import { databaseFile } from "../../lib/os/database.ts";

/** Which catalog, and what of it. */
export interface CatalogChoice {
  /** Path of its file. */
  readonly file: string;
  /** Name of the checksums that are asked for and noted. */
  readonly algorithm: string;
}

/**
 * Opens a catalog for the thread that calls.
 *
 * @param choice Which one.
 * @param env The world.
 * @param warn Hears what was set aside or could not be kept.
 * @returns The catalog; close it when done.
 * @throws {SyncError} code `"catalog-unusable"` when it cannot be opened.
 */
export function openCatalog(
  { file, algorithm }: CatalogChoice,
  env: Env,
  warn: (warning: Degradation) => void,
): Catalog {
  return Catalog.open({ place: databaseFile(file), algorithm, wallClock: () => env.wallClock(), warn });
}
