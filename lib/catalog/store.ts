/**
 * The statements of a catalog: what is read and written, row by row. Whatever comes out of the file is checked here; a
 * row that is not as it was written counts as none.
 *
 * @module
 */
import { decodeName, encodeName } from "../bytes/name.ts";
import type { Database, SqlRow, SqlValue, Statement } from "../model/database.ts";
import type { RelPath } from "../model/rel_path.ts";
import type { Stamp } from "../model/stamp.ts";
import { type Known, sealOf } from "./known.ts";

/** One thing to write. */
export type Note =
  /** A file is known from now on. */
  | { readonly what: "record"; readonly file: PlacedFile; readonly stamp: Stamp; readonly checksum: Uint8Array }
  /** It was found to be as it is known. */
  | { readonly what: "verify"; readonly file: PlacedFile }
  /** It is not known any more. */
  | { readonly what: "forget"; readonly file: PlacedFile };

/** A file, and when it was looked at. */
export interface PlacedFile {
  /** Number of its root. */
  readonly root: number;
  /** Its directory. */
  readonly directory: RelPath;
  /** Its name. */
  readonly name: string;
  /** When, in milliseconds since 1970. */
  readonly atMs: number;
}

/** A place in the order by age. */
export interface Age {
  /** When a file was verified last. */
  readonly verifiedMs: number;
  /** Number of its directory. */
  readonly directory: number;
  /** Bytes of its name. */
  readonly name: Uint8Array;
}

/** A file in the order by age; its path comes from the file and is proven by whoever uses it. */
export interface AgedFile {
  /** Its place. */
  readonly age: Age;
  /** Path of its directory, unproven. */
  readonly directory: string;
  /** Its name, unproven. */
  readonly name: string;
  /** What is known of it; `undefined` for a row that is not as it was written. */
  readonly known: Known | undefined;
}

const COLUMNS = "name, size, mtime, mtime_ns, ctime, ctime_ns, inode, checksum, recorded, verified, seal";

/** The statements, prepared once. */
export class CatalogStore {
  readonly #algorithm: string;
  readonly #addRoot: Statement;
  readonly #findRoot: Statement;
  readonly #addDirectory: Statement;
  readonly #findDirectory: Statement;
  readonly #readDirectory: Statement;
  readonly #record: Statement;
  readonly #verify: Statement;
  readonly #forget: Statement;
  readonly #oldest: Statement;

  /** Prepares the statements for one kind of checksum. */
  constructor(database: Database, algorithm: string) {
    this.#algorithm = algorithm;
    this.#addRoot = database.prepare("INSERT OR IGNORE INTO roots (path) VALUES (?)");
    this.#findRoot = database.prepare("SELECT id FROM roots WHERE path = ?");
    this.#addDirectory = database.prepare("INSERT OR IGNORE INTO directories (root, path) VALUES (?, ?)");
    this.#findDirectory = database.prepare("SELECT id FROM directories WHERE root = ? AND path = ?");
    this.#readDirectory = database.prepare(
      `SELECT ${COLUMNS} FROM files WHERE directory = (SELECT id FROM directories WHERE root = ? AND path = ?)
       AND algorithm = ?`,
    );
    this.#record = database.prepare(
      `INSERT INTO files (directory, algorithm, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET size = excluded.size, mtime = excluded.mtime, mtime_ns = excluded.mtime_ns,
       ctime = excluded.ctime, ctime_ns = excluded.ctime_ns, inode = excluded.inode, checksum = excluded.checksum,
       recorded = excluded.recorded, verified = excluded.verified, seal = excluded.seal`,
    );
    const isFile = "directory = ? AND name = ? AND algorithm = ?";
    this.#verify = database.prepare(`UPDATE files SET verified = ? WHERE ${isFile} AND verified < ?`);
    this.#forget = database.prepare(`DELETE FROM files WHERE ${isFile}`);
    this.#oldest = database.prepare(
      `SELECT d.path AS path, f.directory AS directory, ${COLUMNS.replaceAll(/\w+/g, "f.$& AS $&")}
       FROM files f INDEXED BY files_by_age JOIN directories d ON d.id = f.directory
       WHERE f.algorithm = ? AND d.root = ? AND (f.verified, f.directory, f.name) > (?, ?, ?) AND f.verified < ?
       ORDER BY f.verified, f.directory, f.name LIMIT ?`,
    );
  }

  /** The number of a root; it gets one when it has none. */
  root(path: string): number {
    const bytes = encodeName(path);
    const found = this.#findRoot.all(bytes)[0];
    if (found !== undefined) return numberOf(found, "id");
    this.#addRoot.run(bytes);
    return numberOf(this.#findRoot.all(bytes)[0], "id");
  }

  /** What is known of the files of a directory. */
  directory(root: number, path: RelPath): Map<string, Known> {
    const found = new Map<string, Known>();
    for (const row of this.#readDirectory.all(root, encodeName(path), this.#algorithm)) {
      const name = bytesOf(row, "name");
      const known = knownOf(row, name);
      if (known !== undefined) found.set(decodeName(name), known);
    }
    return found;
  }

  /** Files from the one that was verified longest ago on, up to a time. */
  oldest(root: number, after: Age, beforeMs: number, limit: number): AgedFile[] {
    const { verifiedMs, directory, name } = after;
    return this.#oldest.all(this.#algorithm, root, verifiedMs, directory, name, beforeMs, limit).map((row) => {
      const bytes = bytesOf(row, "name");
      return {
        age: { verifiedMs: numberOf(row, "verified"), directory: numberOf(row, "directory"), name: bytes },
        directory: decodeName(bytesOf(row, "path")),
        name: decodeName(bytes),
        known: knownOf(row, bytes),
      };
    });
  }

  /** Writes notes; to be called within a transaction. */
  write(notes: readonly Note[]): void {
    const numbers = new Map<string, number>();
    for (const note of notes) {
      const { root, directory, atMs } = note.file;
      const key = `${root}/${directory}`;
      let number = numbers.get(key);
      if (number === undefined) numbers.set(key, number = this.#directory(root, directory));
      this.#writeOne(number, note, atMs);
    }
  }

  #writeOne(directory: number, note: Note, atMs: number): void {
    const name = encodeName(note.file.name);
    if (note.what === "verify") return this.#verify.run(atMs, directory, name, this.#algorithm, atMs);
    if (note.what === "forget") return this.#forget.run(directory, name, this.#algorithm);
    const { stamp, checksum } = note;
    const seal = sealOf(name, stamp, checksum);
    this.#record.run(directory, this.#algorithm, name, ...valuesOf(stamp), checksum, atMs, atMs, seal);
  }

  #directory(root: number, path: RelPath): number {
    const bytes = encodeName(path);
    const found = this.#findDirectory.all(root, bytes)[0];
    if (found !== undefined) return numberOf(found, "id");
    this.#addDirectory.run(root, bytes);
    return numberOf(this.#findDirectory.all(root, bytes)[0], "id");
  }
}

function valuesOf({ size, mtimeSeconds, mtimeNanoseconds, ctimeSeconds, ctimeNanoseconds, inode }: Stamp): SqlValue[] {
  return [size, mtimeSeconds, mtimeNanoseconds, ctimeSeconds, ctimeNanoseconds, inode];
}

function knownOf(row: SqlRow, name: Uint8Array): Known | undefined {
  const checksum = bytesOf(row, "checksum");
  const stamp: Stamp = {
    size: numberOf(row, "size"),
    mtimeSeconds: numberOf(row, "mtime"),
    mtimeNanoseconds: numberOf(row, "mtime_ns"),
    ctimeSeconds: numberOf(row, "ctime"),
    ctimeNanoseconds: numberOf(row, "ctime_ns"),
    inode: numberOf(row, "inode"),
  };
  if (numberOf(row, "seal") !== sealOf(name, stamp, checksum)) return undefined;
  return { stamp, checksum, recordedMs: numberOf(row, "recorded"), verifiedMs: numberOf(row, "verified") };
}

/** The tables are strict, so a value of another type is damage: it counts as nothing that is there. */
function numberOf(row: SqlRow | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === "number" ? value : NaN;
}

const NO_BYTES = new Uint8Array();

function bytesOf(row: SqlRow, column: string): Uint8Array {
  const value = row[column];
  return value instanceof Uint8Array ? value : NO_BYTES;
}
