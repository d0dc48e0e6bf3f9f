/**
 * Names of users and groups: within the entries of incremental lists, or behind the one list.
 *
 * @module
 */
import { decodeName, encodeName } from "../bytes/name.ts";
import { COMPAT, type Dialect, says } from "./dialect.ts";
import type { WireInput } from "./input.ts";
import { readVarint, writeVarint } from "./integers.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";

/** A number and what the sender calls it. */
export interface IdName {
  /** Number of a user or group. */
  readonly id: number;
  /** Its name; empty when 0 has none. */
  readonly name: string;
}

// deno-lint-ignore no-control-regex
const CONTROL_REGEXP = /[\x00-\x1f\x7f]/;

/**
 * Reads a name.
 *
 * @param input Where it is.
 * @returns The name.
 * @throws {SyncError} code `"peer-protocol"` when it holds control characters.
 */
export function readIdName(input: WireInput): string {
  const name = decodeName(input.bytes(input.u8()));
  if (CONTROL_REGEXP.test(name)) throw input.breach("the name of a user or group", "control characters");
  return name;
}

/**
 * Writes a name.
 *
 * @param output Where to.
 * @param name The name; one that is too long goes as none.
 */
export function writeIdName(output: WireOutput, name: string): void {
  const bytes = encodeName(name);
  const sent = bytes.length > PEER_LIMITS.idName ? new Uint8Array(0) : bytes;
  output.u8(sent.length);
  output.bytes(sent);
}

/**
 * Reads the list of names that follows a file list.
 *
 * @param input Where it is.
 * @param dialect The session.
 * @returns The names.
 * @throws {SyncError} code `"peer-protocol"` when there are too many.
 */
export function readIdNames(input: WireInput, dialect: Dialect): IdName[] {
  const names: IdName[] = [];
  for (let id = readVarint(input); id !== 0; id = readVarint(input)) {
    if (names.length === PEER_LIMITS.idNames) throw input.breach(`at most ${PEER_LIMITS.idNames} names`, "one more");
    names.push({ id: id >>> 0, name: readIdName(input) });
  }
  if (says(dialect, COMPAT.nameOfZero)) names.push({ id: 0, name: readIdName(input) });
  return names;
}

/**
 * Writes the list of names that follows a file list.
 *
 * @param output Where to.
 * @param dialect The session.
 * @param names The names; that of 0 is sent last, where it can be.
 */
export function writeIdNames(output: WireOutput, dialect: Dialect, names: readonly IdName[]): void {
  for (const { id, name } of names) {
    if (id === 0 || name === "") continue;
    writeVarint(output, id);
    writeIdName(output, name);
  }
  writeVarint(output, 0);
  if (says(dialect, COMPAT.nameOfZero)) writeIdName(output, names.find(({ id }) => id === 0)?.name ?? "");
}
