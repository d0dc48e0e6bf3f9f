/**
 * The tables of a catalog. The file can be looked at with any SQLite: names and checksums are blobs, times are whole
 * seconds and nanoseconds as the file system gives them, and milliseconds since 1970 where the catalog notes its own.
 *
 * @module
 */
import { type Database, DatabaseError } from "../model/database.ts";

/** "Undr": what tells a catalog from other databases. */
export const APPLICATION_ID = 0x556e6472;
/** The version that is written, and the only one that is read. */
export const SCHEMA_VERSION = 1;

const TABLES = `
CREATE TABLE roots (
  id INTEGER PRIMARY KEY,
  path BLOB NOT NULL UNIQUE
) STRICT;
CREATE TABLE directories (
  id INTEGER PRIMARY KEY,
  root INTEGER NOT NULL,
  path BLOB NOT NULL,
  UNIQUE (root, path)
) STRICT;
CREATE TABLE files (
  directory INTEGER NOT NULL,
  name BLOB NOT NULL,
  algorithm TEXT NOT NULL,
  size INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  ctime INTEGER NOT NULL,
  ctime_ns INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  checksum BLOB NOT NULL,
  recorded INTEGER NOT NULL,
  verified INTEGER NOT NULL,
  seal INTEGER NOT NULL,
  PRIMARY KEY (directory, name, algorithm)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_age ON files (algorithm, verified, directory, name);
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** What is wrong with a file that was given as a catalog. */
export type Unfit = "of another program" | "of another version";

/**
 * Makes an open database ready, and the tables in one that is empty.
 *
 * @param database The database.
 * @returns What is wrong with it; `undefined` for a catalog. Then nothing was changed.
 * @throws {DatabaseError} when it cannot be read or written.
 */
export function prepareSchema(database: Database): Unfit | undefined {
  const unfit = whyUnfit(database);
  if (unfit !== undefined) return unfit;
  // A file system that cannot share memory answers with another mode; there every transaction has to reach the disk.
  const [mode] = database.prepare("PRAGMA journal_mode = WAL").all();
  database.exec(`PRAGMA synchronous = ${mode?.["journal_mode"] === "wal" ? "NORMAL" : "FULL"}`);
  if (!isEmpty(database)) return undefined;
  return inTransaction(database, () => {
    // Another process may have been first.
    if (isEmpty(database)) database.exec(TABLES);
    return whyUnfit(database);
  });
}

function whyUnfit(database: Database): Unfit | undefined {
  if (isEmpty(database)) return undefined;
  if (pragma(database, "application_id") !== APPLICATION_ID) return "of another program";
  return pragma(database, "user_version") === SCHEMA_VERSION ? undefined : "of another version";
}

function isEmpty(database: Database): boolean {
  const [row] = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").all();
  return row?.["tables"] === 0 && pragma(database, "application_id") === 0;
}

function pragma(database: Database, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).all()[0]?.[name];
}

/**
 * Does everything in one transaction, or nothing of it.
 *
 * @param database The database.
 * @param work What is done.
 * @returns What it gives.
 * @throws {DatabaseError} the first failure; then nothing was done.
 */
export function inTransaction<Result>(database: Database, work: () => Result): Result {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (thrown) {
    try {
      database.exec("ROLLBACK");
    } catch (second) {
      // SQLite has undone it by itself after some failures; the first one is told.
      if (!(second instanceof DatabaseError)) throw second;
    }
    throw thrown;
  }
}
