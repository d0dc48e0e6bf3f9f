/**
 * How two sides agree upon an algorithm: each sends the names it knows, in order of preference.
 *
 * Some servers take the first name of the client's list that they know, others the first of their own list that the
 * client knows. Both come to the same when the two lists are in one order, so the names of this file are in the order
 * that all peers use.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import type { ChecksumName, CompressionName } from "./dialect.ts";
import { breach, type WireInput } from "./input.ts";
import { readText, writeText } from "./integers.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";

/** Checksums in the order in which all peers name them. */
export const CHECKSUM_ORDER: readonly ChecksumName[] = ["xxh128", "xxh3", "xxh64", "md5", "md4", "sha1", "none"];

/** Compressions in the order in which all peers name them. */
export const COMPRESSION_ORDER: readonly CompressionName[] = ["zstd", "lz4", "zlibx", "zlib", "none"];

const encoder = new TextEncoder();

/**
 * Reads a list of names.
 *
 * @param input Where it is.
 * @returns The names, known and unknown ones.
 * @throws {SyncError} code `"peer-protocol"` when it is too long or no text.
 */
export function readNames(input: WireInput): string[] {
  const bytes = readText(input, PEER_LIMITS.choiceText, "a list of algorithms");
  const text = String.fromCharCode(...bytes);
  if (/[^\x20-\x7e]/.test(text)) throw input.breach("a list of algorithms", "bytes that are no text");
  return text.split(" ").filter((name) => name !== "");
}

/**
 * Writes a list of names.
 *
 * @param output Where to.
 * @param names The names, in order of preference.
 */
export function writeNames(output: WireOutput, names: readonly string[]): void {
  writeText(output, encoder.encode(names.join(" ")));
}

/**
 * Chooses as all peers do.
 *
 * @param what What is chosen, for the error.
 * @param client Names that the client sent.
 * @param server Names that the server sent.
 * @param known Names that can be chosen here.
 * @returns The first name of the client that the server has, too.
 * @throws {SyncError} code `"peer-protocol"` when there is none.
 */
export function choose<T extends string>(
  what: string,
  client: readonly string[],
  server: readonly string[],
  known: readonly T[],
): T {
  const chosen = client.find((name) => server.includes(name));
  const found = known.find((name) => name === chosen);
  if (found !== undefined) return found;
  const names = (list: readonly string[]) => list.length === 0 ? "nothing" : list.join(", ");
  throw new SyncError(
    "peer-protocol",
    `Cannot agree upon a ${what}: the client knows ${names(client)}, the server knows ${names(server)}`,
  );
}

/**
 * Takes a name that was given as an option.
 *
 * @param text The name.
 * @param known Names there are.
 * @param what What it names, for the error.
 * @returns The name.
 * @throws {SyncError} code `"peer-protocol"` when it is unknown.
 */
export function knownName<T extends string>(text: string, known: readonly T[], what: string): T {
  const found = known.find((name) => name === text);
  if (found === undefined) throw breach("the arguments", 0, `a ${what}`, `"${text}"`);
  return found;
}
