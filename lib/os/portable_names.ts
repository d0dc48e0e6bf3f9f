/**
 * The names in a directory through `node:fs`, and which of them it can address.
 *
 * @module
 */
import { readdirSync } from "node:fs";
import { decodeName, encodeName } from "../bytes/name.ts";
import { asSyncError } from "../errors.ts";
import type { Listing } from "../model/listing.ts";
import { attempt, BYTE_NAMES, joinPath, notRepresentable, systemPath } from "./portable_runtime.ts";
import { addStat, statOf } from "./portable_stat.ts";

/** What stands where a runtime could not decode a byte. */
const REPLACEMENT = "\ufffd";
const WHY = "it holds bytes that are not UTF-8, which only the native layer can handle";

/** The names of one directory, handed out in pieces. */
export class NameSource {
  readonly #names: readonly (string | Uint8Array)[];
  readonly #doubtful: ReadonlySet<string>;
  readonly #said = new Set<string>();
  #next = 0;

  /**
   * Reads all names.
   *
   * @param path Path of the directory.
   * @param name Its last name, for errors.
   */
  constructor(path: string, name: string) {
    this.#names = readNames(path, name);
    this.#doubtful = doubtfulNames(this.#names);
  }

  /** Whether every name was handed out. */
  get ended(): boolean {
    return this.#next >= this.#names.length;
  }

  /**
   * Adds the next entries to a listing.
   *
   * @param into The listing.
   * @param directory Path of the directory.
   * @param limit How many at most.
   */
  add(into: Listing, directory: string, limit: number): void {
    const end = Math.min(this.#next + limit, this.#names.length);
    for (; this.#next < end; this.#next++) {
      const given = this.#names[this.#next] ?? "";
      if (typeof given === "string") this.#addText(into, directory, given);
      else addOne(into, directory, decodeName(given), given, false);
    }
  }

  #addText(into: Listing, directory: string, name: string): void {
    const bytes = encodeName(name);
    if (this.#said.has(name)) return;
    if (this.#doubtful.has(name)) {
      this.#said.add(name);
      into.setError(addStat(into, bytes, undefined), notRepresentable(name, WHY));
      return;
    }
    addOne(into, directory, name, bytes, !BYTE_NAMES && name.includes(REPLACEMENT));
  }
}

/** Adds one entry: not at all if it is gone, with its error if its metadata cannot be read. */
function addOne(into: Listing, directory: string, name: string, bytes: Uint8Array, mangled: boolean): void {
  try {
    const stat = statOf(joinPath(directory, name), name);
    // What was listed a moment ago and is not there is gone, unless its name is one that cannot be said.
    if (stat !== undefined) addStat(into, bytes, stat);
    else if (mangled) into.setError(addStat(into, bytes, undefined), notRepresentable(name, WHY));
  } catch (thrown) {
    into.setError(addStat(into, bytes, undefined), asSyncError(thrown));
  }
}

function readNames(path: string, name: string): (string | Uint8Array)[] {
  const target = systemPath(path, name);
  return attempt("list", name, () => BYTE_NAMES ? readdirSync(target, { encoding: "buffer" }) : readdirSync(target));
}

/** Names that came more than once: at most one of them is true, and nobody can tell which. */
function doubtfulNames(names: readonly (string | Uint8Array)[]): Set<string> {
  const seen = new Set<string>();
  const doubtful = new Set<string>();
  for (const name of names) {
    if (typeof name !== "string" || !name.includes(REPLACEMENT)) continue;
    if (seen.has(name)) doubtful.add(name);
    seen.add(name);
  }
  return doubtful;
}
