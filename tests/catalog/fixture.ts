/** Catalogs in files, as tests use them: with a clock of their own, and what they warn of kept. */
import { Catalog } from "../../lib/catalog/catalog.ts";
import type { Degradation } from "../../lib/model/capabilities.ts";
import type { RelPath } from "../../lib/model/rel_path.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import type { Stamp } from "../../lib/model/stamp.ts";
import { databaseFile } from "../../lib/os/database.ts";

/** When tests take place, in milliseconds since 1970: long after every stamp. */
export const NOW_MS = 2_000_000_000_000;

/** The stamp of a file of a size. */
export function stampOf(size: number, ctimeSeconds = 1_500_000_000): Stamp {
  return {
    size,
    mtimeSeconds: 1_400_000_000,
    mtimeNanoseconds: 999_999_999,
    ctimeSeconds,
    ctimeNanoseconds: 1,
    inode: 2 ** 53 - 1,
  };
}

/** A checksum that a number decides. */
export function checksumOf(number: number): Uint8Array {
  return Uint8Array.of(number & 255, number >> 8 & 255, number >> 16 & 255, 7);
}

/** A path that is known to be one. */
export function path(text: string): RelPath {
  return parseRelPath(text);
}

/** Opens a catalog in a file. */
export function openCatalog(
  file: string,
  warnings: Degradation[] = [],
  options: { readonly algorithm?: string; readonly wallClock?: () => number } = {},
): Catalog {
  return Catalog.open({
    place: databaseFile(file),
    algorithm: options.algorithm ?? "sha256",
    wallClock: options.wallClock ?? (() => NOW_MS),
    warn: (warning) => warnings.push(warning),
  });
}

/** Runs a body with a catalog, and closes it. */
export function withCatalog<Result>(
  file: string,
  body: (catalog: Catalog) => Result,
  warnings?: Degradation[],
): Result {
  const catalog = openCatalog(file, warnings);
  try {
    return body(catalog);
  } finally {
    catalog.close();
  }
}
