/**
 * What a mirror does with a catalog, as plain data that is the same in every thread; and what threads find with it.
 *
 * @module
 */
import { printable } from "../../../lib/bytes/printable.ts";
import { SyncError } from "../../../lib/errors.ts";
import type { Degradation } from "../../../lib/model/capabilities.ts";
import { type Failure, toFailure } from "../../../lib/model/event.ts";
import type { RelPath } from "../../../lib/model/rel_path.ts";
import { canonicalPath } from "../../../lib/os/open_tree.ts";
import { guardCatalogPlace } from "../../catalog/catalog_place.ts";
import type { MirrorPair } from "../trees/pair.ts";

/** The checksums that a mirror asks for and notes, those that `verify` and `manifest` take, too. */
export const MIRROR_ALGORITHM = "sha256";

/** What is done with a catalog. */
export interface ChecksumRules {
  /** Path of the catalog. */
  readonly file: string;
  /** What the two trees are called in it. */
  readonly roots: { readonly source: string; readonly destination: string };
  /** Whether every file is read, whatever the catalog knows of it. */
  readonly paranoid: boolean;
  /** Whether files of the source that decayed stop the run. */
  readonly guards: boolean;
}

/** What a thread has found with the catalog; plain data. */
export interface ChecksumFindings {
  /** Files of the source that decayed: the first of them. */
  readonly rotten: RelPath[];
  /** How many there are. */
  rottenCount: number;
  /** What became of the catalog itself. */
  readonly warnings: Degradation[];
}

/** Decayed files that are told one by one. */
const MOST_TOLD = 1_000;

/** Nothing found yet. */
export function emptyChecksumFindings(): ChecksumFindings {
  return { rotten: [], rottenCount: 0, warnings: [] };
}

/**
 * Adds a file that decayed.
 *
 * @param into Changed in place.
 * @param path Its path.
 */
export function addRotten(into: ChecksumFindings, path: RelPath): void {
  into.rottenCount++;
  if (into.rotten.length < MOST_TOLD) into.rotten.push(path);
}

/**
 * Adds what another thread found.
 *
 * @param into Changed in place.
 * @param more What is added.
 */
export function addChecksumFindings(into: ChecksumFindings, more: ChecksumFindings): void {
  into.rottenCount += more.rottenCount;
  for (const path of more.rotten.slice(0, MOST_TOLD - into.rotten.length)) into.rotten.push(path);
  into.warnings.push(...more.warnings);
}

/**
 * The rules of a run.
 *
 * @param pair The mirror.
 * @returns The rules; `undefined` without a catalog.
 * @throws {SyncError} code `"overlap"` for a catalog inside of one of the trees.
 */
export function checksumRules({ source, destination, options }: MirrorPair): ChecksumRules | undefined {
  const { catalog, paranoid, allowRot } = options;
  if (catalog === undefined) return undefined;
  guardCatalogPlace(catalog, [source, destination]);
  return {
    file: canonicalPath(catalog),
    roots: { source: canonicalPath(source), destination: canonicalPath(destination) },
    paranoid,
    guards: !allowRot,
  };
}

/**
 * Refuses to carry what decayed over good copies.
 *
 * @param found What was found before the first change.
 * @throws {SyncError} code `"source-rotten"`, with the first of the files.
 */
export function guardRot({ rotten: [first], rottenCount }: ChecksumFindings): void {
  if (first === undefined) return;
  const more = rottenCount > 1 ? ` and ${rottenCount - 1} more` : "";
  throw rottenError(first, `"${printable(first)}"${more}`);
}

/**
 * Each file that decayed, for whoever lists them.
 *
 * @param found What was found.
 * @returns Failures of single files.
 */
export function rottenFailures({ rotten }: ChecksumFindings): Failure[] {
  return rotten.map((path) => toFailure(path, rottenError(path, `"${printable(path)}"`)));
}

function rottenError(path: RelPath, what: string): SyncError {
  return new SyncError(
    "source-rotten",
    `Cannot mirror ${what}: the content changed although nothing was written since it was recorded`,
    {
      path,
      side: "source",
      hint: "restore it from a good copy (verify --catalog FILE --repair-from TREE), or carry it with --allow-rot " +
        "(API: allowRot)",
    },
  );
}
