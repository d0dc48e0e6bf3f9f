/**
 * Access control lists of POSIX. What follows from the mode of an entry is left out.
 *
 * @module
 */
import { readIdName, writeIdName } from "./id_names.ts";
import type { WireInput } from "./input.ts";
import { readCount, readVarint, writeVarint } from "./integers.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";
import { StoreReader, StoreWriter } from "./stored_sets.ts";

/** What a list says of one user or group. */
export interface AclEntry {
  /** Number of the user or group. */
  readonly id: number;
  /** Which of the two. */
  readonly isUser: boolean;
  /** Read 4, write 2, execute 1. */
  readonly permissions: number;
  /** Its name, where it comes along. */
  readonly name: string | undefined;
}

/** A list. Permissions that are absent follow from the mode. */
export interface Acl {
  /** Permissions of the owner. */
  readonly owner: number | undefined;
  /** Permissions of the group. */
  readonly group: number | undefined;
  /** What named ones and the group have at most. */
  readonly mask: number | undefined;
  /** Permissions of all others. */
  readonly other: number | undefined;
  /** Named users, then named groups, each by number. */
  readonly named: readonly AclEntry[];
}

const HAS = { owner: 1, group: 2, mask: 4, other: 8, named: 16 } as const;
const ALL = 7;
const IS_USER = 2;
const NAME_FOLLOWS = 1;

/** Reads the lists of one kind. */
export class AclReader {
  readonly #store = new StoreReader<Acl>("access control lists");

  /**
   * Reads a list.
   *
   * @param input Where it is.
   * @returns The list.
   * @throws {SyncError} code `"peer-protocol"` when it cannot be one.
   */
  read(input: WireInput): Acl {
    return this.#store.read(input, readAcl);
  }

  /** Keeps what the last entry brought. */
  keep(): void {
    this.#store.keep();
  }

  /** Forgets what an incomplete entry brought. */
  rewind(): void {
    this.#store.rewind();
  }
}

function readAcl(input: WireInput): Acl {
  const flags = input.u8();
  if (flags > 0x1f) throw input.breach("the parts of an access control list", `0x${flags.toString(16)}`);
  const part = (bit: number) => (flags & bit) === 0 ? undefined : permissionsOf(input, readVarint(input));
  const owner = part(HAS.owner);
  const group = part(HAS.group);
  const mask = part(HAS.mask);
  const other = part(HAS.other);
  const named: AclEntry[] = [];
  const count = (flags & HAS.named) === 0 ? 0 : readCount(input, PEER_LIMITS.aclEntries, "a number of names");
  for (let left = count; left > 0; left--) named.push(readAclEntry(input));
  return { owner, group, mask, other, named };
}

function readAclEntry(input: WireInput): AclEntry {
  const id = readVarint(input) >>> 0;
  const access = readVarint(input);
  const permissions = permissionsOf(input, access >>> 2);
  const name = (access & NAME_FOLLOWS) === 0 ? undefined : readIdName(input);
  return { id, isUser: (access & IS_USER) !== 0, permissions, name };
}

function permissionsOf(input: WireInput, value: number): number {
  if (value < 0 || value > ALL) throw input.breach("permissions from 0 to 7", `${value}`);
  return value;
}

/** Writes the lists of one kind. */
export class AclWriter {
  readonly #store = new StoreWriter();

  /**
   * Writes a list.
   *
   * @param output Where to.
   * @param acl The list.
   */
  write(output: WireOutput, acl: Acl): void {
    this.#store.write(output, keyOf(acl), () => writeAcl(output, acl));
  }
}

function keyOf({ owner, group, mask, other, named }: Acl): string {
  const names = named.map(({ id, isUser, permissions }) => `${isUser ? "u" : "g"}${id}:${permissions}`);
  return `${owner},${group},${mask},${other},${names.join()}`;
}

function writeAcl(output: WireOutput, { owner, group, mask, other, named }: Acl): void {
  const parts = [owner, group, mask, other];
  const bits = [HAS.owner, HAS.group, HAS.mask, HAS.other];
  const present = bits.filter((_, at) => parts[at] !== undefined).reduce((all, bit) => all | bit, 0);
  output.u8(present | (named.length > 0 ? HAS.named : 0));
  for (const part of parts) if (part !== undefined) writeVarint(output, part);
  if (named.length === 0) return;
  writeVarint(output, named.length);
  for (const { id, isUser, permissions, name } of named) {
    writeVarint(output, id);
    writeVarint(output, permissions << 2 | (isUser ? IS_USER : 0) | (name === undefined ? 0 : NAME_FOLLOWS));
    if (name !== undefined) writeIdName(output, name);
  }
}
