/**
 * Names of users and groups, and the umask of this process. Names come from the system's tables; one that is not there
 * (LDAP and the like) is asked of `getent`, where programs may be run.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A name and its number. */
interface Account {
  readonly name: string;
  readonly id: number;
}

/** Tables by what they hold. */
const FILES = { user: ["passwd", "/etc/passwd"], group: ["group", "/etc/group"] } as const;

/** What a process forbids when nobody knows. */
const USUAL_UMASK = 0o022;

/** Where names of one kind are looked up. */
export class SystemAccounts {
  readonly #database: string;
  readonly #all: readonly Account[];

  /**
   * Reads a table.
   *
   * @param kind What it holds.
   */
  constructor(kind: "user" | "group") {
    const [database, file] = FILES[kind];
    this.#database = database;
    this.#all = readTable(file);
  }

  /** All accounts of the table, in its order. */
  all(): readonly Account[] {
    return this.#all;
  }

  /** The number of a name, or `undefined`. */
  idOf(name: string): number | undefined {
    return (this.#all.find((each) => each.name === name) ?? this.#ask(name))?.id;
  }

  #ask(name: string): Account | undefined {
    // A name that looks like an option is none.
    if (name.startsWith("-")) return undefined;
    try {
      const { stdout } = spawnSync("getent", [this.#database, name], { encoding: "utf8" });
      return parseAccounts(stdout ?? "").find((each) => each.name === name);
    } catch {
      // Programs may not be run: the table is all there is.
      return undefined;
    }
  }
}

function readTable(file: string): Account[] {
  try {
    return parseAccounts(readFileSync(file, "utf8"));
  } catch {
    // Another system, or not ours to read: then no name is known, and it is said of the one that is used.
    return [];
  }
}

/**
 * Reads lines of a table: name, password and number are the first of their fields.
 *
 * @param text Lines as in `/etc/passwd` and `/etc/group`.
 * @returns The accounts in order; what is no account is left out.
 */
export function parseAccounts(text: string): Account[] {
  return text.split("\n").map((line) => line.split(":"))
    .filter(([name = "", , id = ""]) => name !== "" && /^\d+$/.test(id))
    .map(([name = "", , id]) => ({ name, id: Number(id) }));
}

/**
 * The permissions that this process takes from new files.
 *
 * @returns The umask; the usual one where the system does not tell.
 */
export function processUmask(): number {
  try {
    const [, octal] = /^Umask:\s*([0-7]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return octal === undefined ? USUAL_UMASK : parseInt(octal, 8);
  } catch {
    return USUAL_UMASK;
  }
}
