/**
 * The checksums that a catalog knows of files as they are, for tasks that walk a tree in its order and read what is not
 * known. What is under way is held between asking and answering, and the pages of the directories above the walk.
 *
 * @module
 */
import type { Catalog } from "../../lib/catalog/catalog.ts";
import { type FileVerdict, isAlarming, judge } from "../../lib/catalog/judge.ts";
import type { Known } from "../../lib/catalog/known.ts";
import type { HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import type { Degradation } from "../../lib/model/capabilities.ts";
import type { Env } from "../../lib/model/env.ts";
import { baseName, parentPath, type RelPath } from "../../lib/model/rel_path.ts";
import { sameStamp, type Stamp } from "../../lib/model/stamp.ts";
import { canonicalPath } from "../../lib/os/open_tree.ts";
import { guardCatalogPlace } from "./catalog_place.ts";

/** Options of a task that reads a tree. */
export interface CatalogOptions {
  /**
   * Path of a file in which checksums are kept from run to run, outside of the tree; it is made when it is missing and
   * always safe to delete. Only files are read that it does not know as they are. @default {undefined}
   */
  readonly catalog?: string;
  /** With `catalog`: read every file, whatever the catalog knows of it. @default {false} */
  readonly paranoid?: boolean;
}

/** Which catalog is asked about what. */
export interface KnownDigestsInit {
  /** The options of the task. */
  readonly options: CatalogOptions;
  /** The tree, as it was given. */
  readonly source: string;
  /** Which checksums are wanted. */
  readonly algorithm: HashAlgorithm;
  /** The world. */
  readonly env: Env;
  /** Hears what became of the catalog. */
  readonly warn: (warning: Degradation) => void;
}

/**
 * Opens the catalog of a task.
 *
 * @param init Which one.
 * @returns What is known; `undefined` without a catalog. Close it when done.
 * @throws {SyncError} code `"overlap"` for a catalog in the tree, `"catalog-unusable"` when it cannot be opened.
 */
export async function openKnownDigests(init: KnownDigestsInit): Promise<KnownDigests | undefined> {
  const { options: { catalog: file, paranoid = false }, source, algorithm, env, warn } = init;
  if (file === undefined) return undefined;
  guardCatalogPlace(file, [source]);
  const { openCatalog } = await import("./open_catalog.ts");
  return new KnownDigests(openCatalog({ file, algorithm }, env, warn), canonicalPath(source), env, paranoid);
}

/**
 * Refuses options that make no sense.
 *
 * @param options The options of a task.
 * @throws {RangeError} with their names.
 */
export function checkCatalogOptions({ catalog, paranoid = false }: CatalogOptions): void {
  if (catalog === "") throw new RangeError('Cannot use catalog "": it must be the path of a file');
  if (paranoid && catalog === undefined) {
    throw new RangeError(
      "Cannot use --paranoid without --catalog (API: paranoid, catalog): every file is read anyway",
    );
  }
}

/** A file that is being read. */
interface Asked {
  readonly known: Known | undefined;
  readonly atMs: number;
}

/** See the module comment. */
export class KnownDigests {
  readonly #catalog: Catalog;
  readonly #root: string;
  readonly #env: Env;
  readonly #paranoid: boolean;
  readonly #pages = new Map<RelPath, ReadonlyMap<string, Known>>();
  readonly #found = new Map<RelPath, string>();
  readonly #asked = new Map<RelPath, Asked>();

  /** Takes over an open catalog. */
  constructor(catalog: Catalog, root: string, env: Env, paranoid: boolean) {
    this.#catalog = catalog;
    this.#root = root;
    this.#env = env;
    this.#paranoid = paranoid;
  }

  /**
   * Whether a file need not be read.
   *
   * @param path The file.
   * @param stamp What the walk says of it.
   * @returns `true` when {@linkcode take} gives its checksum; otherwise {@linkcode note} is to be told.
   */
  knows(path: RelPath, stamp: Stamp): boolean {
    const known = this.#page(parentPath(path)).get(baseName(path));
    if (!this.#paranoid && known !== undefined && sameStamp(known.stamp, stamp)) {
      this.#found.set(path, known.checksum.toHex());
      return true;
    }
    this.#asked.set(path, { known, atMs: this.#env.wallClock() });
    return false;
  }

  /**
   * The checksum of a file that need not be read.
   *
   * @param path The file.
   * @returns Hexadecimal digits, the first time; `undefined` for a file that has to be read.
   */
  take(path: RelPath): string | undefined {
    const digest = this.#found.get(path);
    this.#found.delete(path);
    return digest;
  }

  /**
   * Notes a file that was read. What would be told of one that decayed stays as it is known.
   *
   * @param path The file.
   * @param read Its checksum, and its stamp if it had the same all the time.
   * @returns What became of it; `undefined` when that cannot be told.
   */
  note(path: RelPath, read: { readonly digest: string; readonly stamp: Stamp | undefined }): FileVerdict | undefined {
    const asked = this.#asked.get(path);
    this.#asked.delete(path);
    if (asked === undefined || read.stamp === undefined) return undefined;
    const reading = { stamp: read.stamp, checksum: Uint8Array.fromHex(read.digest) };
    const verdict = judge(asked.known, reading);
    if (isAlarming(verdict)) return verdict;
    const [directory, name] = [parentPath(path), baseName(path)];
    if (verdict === "same") this.#catalog.verified(this.#root, directory, name, asked.atMs);
    else this.#catalog.record(this.#root, directory, name, reading, asked.atMs);
    return verdict;
  }

  /** Writes what was noted, and releases the catalog. */
  close(): void {
    this.#catalog.close();
  }

  #page(path: RelPath): ReadonlyMap<string, Known> {
    const page = this.#pages.get(path);
    if (page !== undefined) return page;
    // The walk does not come back to what is not above it.
    for (const other of this.#pages.keys()) {
      if (other !== "" && !path.startsWith(`${other}/`)) this.#pages.delete(other);
    }
    const read = this.#catalog.directory(this.#root, path);
    this.#pages.set(path, read);
    return read;
  }
}
