/**
 * Databases in files, through `node:sqlite`, which both runtimes bring. Any number of processes and threads may have one
 * open: writers wait for each other, readers for nobody where the file system allows a shared log (WAL).
 *
 * @module
 */
import { closeSync, openSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import {
  type Database,
  DatabaseError,
  type DatabasePlace,
  type DatabaseTrouble,
  type SqlRow,
  type SqlValue,
  type Statement,
} from "../model/database.ts";
import { nodeError } from "./system_error.ts";

/** How long a writer waits for another. */
const BUSY_MS = 10_000;
/** Kilobytes of pages that one connection keeps in memory. */
const CACHE_KB = 8_192;
/** What every database begins with. */
const HEADER = "SQLite format 3\0";
/** Names that are tried for a file that is set aside. */
const MOST_SET_ASIDE = 1_000;

/** Result codes of SQLite (sqlite.org/rescode.html), without their extensions; and their words, since Deno's
 * `exec()` tells those alone. */
const TROUBLES: ReadonlyMap<number | string, DatabaseTrouble> = new Map<number | string, DatabaseTrouble>([
  [5, "busy"],
  ["database is locked", "busy"],
  [6, "busy"],
  ["database table is locked", "busy"],
  [11, "damaged"],
  ["database disk image is malformed", "damaged"],
  [26, "damaged"],
  ["file is not a database", "damaged"],
]);

/**
 * A database in a file.
 *
 * @param path Path of the file; it need not exist, the directory it is in must.
 * @returns Where it is kept. Nothing is opened yet.
 */
export function databaseFile(path: string): DatabasePlace {
  return new DatabaseFile(path);
}

class DatabaseFile implements DatabasePlace {
  readonly name: string;
  /** The file that was opened last, or would not open; another one may get its name. */
  #seen: string | undefined;

  constructor(path: string) {
    this.name = path;
  }

  /** @throws {SyncError} code `"unsupported"` for what is not a regular file. */
  open(): Database {
    const path = this.name;
    const found = this.#stat();
    if (found !== undefined && !found.isFile) {
      throw new SyncError("unsupported", `Cannot use "${printable(path)}" as a database: it is not a regular file`, {
        path,
      });
    }
    this.#seen = found?.identity;
    // What is shorter than a page SQLite takes for empty, and writes over it.
    if (found !== undefined && !hasHeader(path)) {
      throw new DatabaseError("damaged", `Cannot open "${printable(path)}": it is not a database`);
    }
    const database = attempt(`open "${printable(path)}"`, () => openDatabase(path));
    this.#seen = this.#stat()?.identity;
    return database;
  }

  setAside(database: Database | undefined): string | undefined {
    database?.close();
    const now = this.#stat()?.identity;
    if (now === undefined || now !== this.#seen) return undefined;
    for (let count = 1; count <= MOST_SET_ASIDE; count++) {
      const name = `${this.name}.set-aside-${count}`;
      if (statOf(name) !== undefined) continue;
      this.#rename(name);
      return name;
    }
    throw new SyncError("exists", `Cannot set "${printable(this.name)}" aside: too many files were before`, {
      path: this.name,
      hint: `remove some of "${printable(this.name)}.set-aside-..."`,
    });
  }

  /** The log goes with it; what is shared in memory is made of the log. */
  #rename(name: string): void {
    try {
      renameSync(this.name, name);
      if (statOf(`${this.name}-wal`) !== undefined) renameSync(`${this.name}-wal`, `${name}-wal`);
      rmSync(`${this.name}-shm`, { force: true });
    } catch (thrown) {
      throw nodeError("set aside", this.name, thrown);
    }
  }

  #stat(): FoundFile | undefined {
    return statOf(this.name);
  }
}

/** What is under a name. */
interface FoundFile {
  readonly isFile: boolean;
  readonly identity: string;
}

function statOf(path: string): FoundFile | undefined {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? undefined : { isFile: found.isFile(), identity: `${found.dev}:${found.ino}` };
  } catch (thrown) {
    throw nodeError("look at", path, thrown);
  }
}

/** Whether a file is a database, or empty. */
function hasHeader(path: string): boolean {
  const start = new Uint8Array(HEADER.length);
  try {
    const file = openSync(path, "r");
    try {
      const length = readSync(file, start, 0, start.length, 0);
      return length === 0 || new TextDecoder("latin1").decode(start.subarray(0, length)) === HEADER;
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    throw nodeError("open", path, thrown);
  }
}

function openDatabase(path: string): Database {
  const connection = new DatabaseSync(path);
  try {
    connection.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    connection.exec("PRAGMA trusted_schema = OFF");
    connection.exec(`PRAGMA cache_size = -${CACHE_KB}`);
    // What cannot be read as a database fails here, and is not changed.
    connection.exec("SELECT count(*) FROM sqlite_schema");
    return new OpenDatabase(connection);
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
}

class OpenDatabase implements Database {
  readonly #connection: DatabaseSync;
  #isOpen = true;

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  exec(sql: string): void {
    attempt("change the database", () => this.#connection.exec(sql));
  }

  prepare(sql: string): Statement {
    return new OpenStatement(attempt("use the database", () => this.#connection.prepare(sql)));
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    attempt("close the database", () => this.#connection.close());
  }
}

class OpenStatement implements Statement {
  readonly #statement: StatementSync;

  constructor(statement: StatementSync) {
    this.#statement = statement;
  }

  run(...values: readonly SqlValue[]): void {
    attempt("change the database", () => this.#statement.run(...values as SQLInputValue[]));
  }

  all(...values: readonly SqlValue[]): readonly SqlRow[] {
    return attempt("read the database", () => this.#statement.all(...values as SQLInputValue[]) as unknown as SqlRow[]);
  }
}

function attempt<Result>(verb: string, call: () => Result): Result {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof SyncError) throw thrown;
    throw databaseError(verb, thrown);
  }
}

function databaseError(verb: string, thrown: unknown): DatabaseError {
  const { errcode, code, message = String(thrown) } = thrown as Error & { errcode?: unknown; code?: unknown };
  // A number that no column of ours holds.
  const isWide = code === "ERR_OUT_OF_RANGE" || thrown instanceof RangeError;
  const known = TROUBLES.get(typeof errcode === "number" ? errcode & 0xff : message);
  const trouble = isWide ? "damaged" : known;
  return new DatabaseError(trouble ?? "unusable", `Cannot ${verb}: ${printable(message)}`, thrown);
}
