/**
 * A database, as far as the core sees one: SQL text goes in, rows come out. Every call is synchronous.
 *
 * @module
 */

/** What a column can hold here: whole numbers are exact up to 2^53, and one beyond that is an error. */
export type SqlValue = null | number | string | Uint8Array;

/** One row by the names of its columns. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** What can go wrong with a database, as far as it matters what to do next. */
export type DatabaseTrouble =
  /** Its file is not one, or not a whole one. */
  | "damaged"
  /** Another process kept it for longer than one waits. */
  | "busy"
  /** It cannot be opened, read or written. */
  | "unusable";

/** What a {@linkcode Database} throws. */
export class DatabaseError extends Error {
  /** Always `"DatabaseError"`. */
  override readonly name: string = "DatabaseError";
  /** What went wrong. */
  readonly trouble: DatabaseTrouble;

  /**
   * Makes an error.
   *
   * @param trouble What went wrong.
   * @param message In words.
   * @param cause The error underneath. @default {undefined}
   */
  constructor(trouble: DatabaseTrouble, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.trouble = trouble;
  }
}

/** A prepared statement. */
export interface Statement {
  /** Runs it for its effect. */
  run(...values: readonly SqlValue[]): void;
  /** All rows it gives. */
  all(...values: readonly SqlValue[]): readonly SqlRow[];
}

/** An open database. Its methods and those of its statements throw a {@linkcode DatabaseError}. */
export interface Database {
  /** Runs statements that give nothing. */
  exec(sql: string): void;
  /** Prepares a statement. */
  prepare(sql: string): Statement;
  /** Releases the file. Closing twice does nothing. */
  close(): void;
}

/** Where a database is kept. */
export interface DatabasePlace {
  /** What it is called, for messages. */
  readonly name: string;
  /** Opens the database; makes it when there is none. */
  open(): Database;
  /**
   * Gives the file another name, unless it is another one by now than `database` has open.
   *
   * @param database The database in it; it is closed.
   * @returns The new name; `undefined` when another process was first.
   */
  setAside(database: Database | undefined): string | undefined;
}
