/**
 * The catalog: what was known of files when they were read last. It is a cache beside the trees, always safe to delete.
 *
 * What is to be noted is gathered and written in short transactions, so that any number of threads and processes share
 * a file. A file that turns out to be damaged, or is none of ours, is set aside under another name and begun anew; one
 * that cannot be written is left alone. Both are warned of once, and the work goes on: whatever a catalog does not
 * know is read.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import type { Degradation } from "../model/capabilities.ts";
import { type Database, DatabaseError, type DatabasePlace } from "../model/database.ts";
import type { RelPath } from "../model/rel_path.ts";
import { isSettled } from "../model/stamp.ts";
import type { Reading } from "./judge.ts";
import type { Known } from "./known.ts";
import { inTransaction, prepareSchema } from "./schema.ts";
import { type Age, type AgedFile, CatalogStore, type Note } from "./store.ts";

/** What a catalog is opened with. */
export interface CatalogInit {
  /** Where it is kept. */
  readonly place: DatabasePlace;
  /** Name of the checksums that are asked for and noted. */
  readonly algorithm: string;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Hears, once each, what was set aside or could not be kept. */
  readonly warn: (warning: Degradation) => void;
}

/** Notes that are written together. */
const BATCH = 512;
/** How long notes wait at most while others come. */
const WAIT_MS = 2_000;
/** How often a file is set aside before it is given up. */
const MOST_RENEWALS = 3;

const NOTHING: ReadonlyMap<string, Known> = new Map();

/** The statements fit every whole catalog of this version. */
function storeIn(database: Database, algorithm: string): CatalogStore {
  try {
    return new CatalogStore(database, algorithm);
  } catch (thrown) {
    if (!(thrown instanceof DatabaseError) || thrown.trouble !== "unusable") throw thrown;
    throw new DatabaseError("damaged", thrown.message, thrown);
  }
}

/** The first place in the order by age. */
export const OLDEST: Age = { verifiedMs: -1, directory: 0, name: new Uint8Array() };

/** An open catalog, of one thread. */
export class Catalog {
  readonly #init: CatalogInit;
  readonly #roots = new Map<string, number>();
  #database: Database | undefined;
  #store: CatalogStore | undefined;
  #notes: Note[] = [];
  #oldestNoteMs = 0;
  #renewals = 0;

  /**
   * Opens a catalog; makes it when there is none.
   *
   * @param init With what.
   * @returns The catalog; close it when done.
   * @throws {SyncError} code `"catalog-unusable"` when it cannot be opened or made.
   */
  static open(init: CatalogInit): Catalog {
    const catalog = new Catalog(init);
    try {
      catalog.#renewing(() => catalog.#open());
    } catch (thrown) {
      catalog.#drop();
      if (!(thrown instanceof DatabaseError)) throw thrown;
      throw new SyncError("catalog-unusable", `Cannot use catalog "${printable(init.place.name)}": ${thrown.message}`, {
        path: init.place.name,
        hint: "check that its directory exists and can be written to",
        cause: thrown,
      });
    }
    return catalog;
  }

  private constructor(init: CatalogInit) {
    this.#init = init;
  }

  /**
   * What is known of the files of a directory.
   *
   * @param root Which tree, by its absolute path.
   * @param path The directory.
   * @returns What is known, by name; nothing when the catalog cannot be read.
   */
  directory(root: string, path: RelPath): ReadonlyMap<string, Known> {
    return this.#reading(NOTHING, (store) => store.directory(this.#root(root, store), path));
  }

  /**
   * Files in the order in which they were verified last.
   *
   * @param root Which tree.
   * @param after Where to go on: the last that was given, or {@linkcode OLDEST}.
   * @param beforeMs Files that were verified at or after this time are left out.
   * @param limit How many at most.
   * @returns The next files. Their paths come from the catalog and are not proven.
   */
  oldest(root: string, after: Age, beforeMs: number, limit: number): readonly AgedFile[] {
    this.flush();
    return this.#reading([], (store) => store.oldest(this.#root(root, store), after, beforeMs, limit));
  }

  /**
   * Notes that a file was read, unless a later write might not show.
   *
   * @param root Which tree.
   * @param directory The file's directory.
   * @param name Its name.
   * @param reading How it was.
   * @param readAtMs When reading began, in milliseconds since 1970.
   * @returns Whether it was noted.
   */
  record(root: string, directory: RelPath, name: string, { stamp, checksum }: Reading, readAtMs: number): boolean {
    if (!isSettled(stamp, readAtMs)) return false;
    this.#note(root, (number) => ({
      what: "record",
      file: { root: number, directory, name, atMs: readAtMs },
      stamp,
      checksum,
    }));
    return true;
  }

  /** Notes that a file was read and is as it is known. */
  verified(root: string, directory: RelPath, name: string, readAtMs: number): void {
    this.#note(root, (number) => ({ what: "verify", file: { root: number, directory, name, atMs: readAtMs } }));
  }

  /** Notes that a file is gone. */
  forget(root: string, directory: RelPath, name: string): void {
    this.#note(root, (number) => ({ what: "forget", file: { root: number, directory, name, atMs: 0 } }));
  }

  /** Writes what was noted. */
  flush(): void {
    if (this.#notes.length === 0) return;
    const written = this.#reading(false, (store) => {
      inTransaction(this.#database!, () => store.write(this.#notes));
      return true;
    });
    // What another process kept from being written is tried again with the next batch.
    if (written || this.#store === undefined || this.#notes.length > BATCH * 8) this.#notes = [];
  }

  /** Writes what was noted and releases the file. */
  close(): void {
    this.flush();
    this.#drop();
  }

  #note(root: string, note: (root: number) => Note): void {
    const number = this.#reading(undefined, (store) => this.#root(root, store));
    if (number === undefined) return;
    const now = this.#init.wallClock();
    if (this.#notes.length === 0) this.#oldestNoteMs = now;
    this.#notes.push(note(number));
    if (this.#notes.length >= BATCH || Math.abs(now - this.#oldestNoteMs) > WAIT_MS) this.flush();
  }

  #root(path: string, store: CatalogStore): number {
    const known = this.#roots.get(path);
    if (known !== undefined) return known;
    const number = store.root(path);
    this.#roots.set(path, number);
    return number;
  }

  /** Uses the tables; what goes wrong is warned of, and costs what the catalog knows. */
  #reading<Result>(otherwise: Result, use: (store: CatalogStore) => Result): Result {
    if (this.#store === undefined) return otherwise;
    try {
      return this.#renewing(() => use(this.#store!));
    } catch (thrown) {
      if (!(thrown instanceof DatabaseError) && !(thrown instanceof SyncError)) throw thrown;
      this.#warn("catalog-not-kept", `cannot be kept up to date: ${thrown.message}`);
      if (!(thrown instanceof DatabaseError) || thrown.trouble !== "busy") this.#drop();
      return otherwise;
    }
  }

  /** Repeats what failed because the file is damaged with a new file. */
  #renewing<Result>(use: () => Result): Result {
    for (;;) {
      try {
        return use();
      } catch (thrown) {
        if (!(thrown instanceof DatabaseError) || thrown.trouble !== "damaged") throw thrown;
        if (this.#renewals++ >= MOST_RENEWALS) throw thrown;
        this.#setAside("is damaged");
        this.#open();
      }
    }
  }

  #open(): void {
    const { place, algorithm } = this.#init;
    this.#database = place.open();
    const unfit = prepareSchema(this.#database);
    if (unfit !== undefined) {
      this.#setAside(`is ${unfit}`);
      this.#database = place.open();
      if (prepareSchema(this.#database) !== undefined) throw new DatabaseError("unusable", `It is ${unfit} again`);
    }
    this.#store = storeIn(this.#database, algorithm);
  }

  #setAside(why: string): void {
    const name = this.#init.place.setAside(this.#database);
    this.#database = undefined;
    this.#store = undefined;
    this.#roots.clear();
    this.#notes = [];
    if (name === undefined) return; // another process did
    this.#warn("catalog-set-aside", `${why} and was set aside as "${printable(name)}"; it begins anew`);
  }

  #drop(): void {
    try {
      this.#database?.close();
    } catch (thrown) {
      if (!(thrown instanceof DatabaseError)) throw thrown;
    }
    this.#database = undefined;
    this.#store = undefined;
    this.#notes = [];
  }

  #warn(name: string, what: string): void {
    this.#init.warn({ name, message: `The catalog "${printable(this.#init.place.name)}" ${what}` });
  }
}
