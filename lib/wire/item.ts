/**
 * Items: what the generator says of an entry, and what the sender repeats before it sends the entry's content.
 *
 * @module
 */
import { COMPAT, type Dialect, says } from "./dialect.ts";
import type { WireInput } from "./input.ts";
import { readText, writeText } from "./integers.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";
import { readValues, readWanted, writeValues, writeWanted, type XattrValue } from "./xattrs.ts";

/** What an item says. The low ones say what differs. */
export const ITEM = {
  accessTime: 0x1,
  /** Content, target or numbers of a device. */
  change: 0x2,
  size: 0x4,
  time: 0x8,
  permissions: 0x10,
  owner: 0x20,
  group: 0x40,
  acl: 0x80,
  xattrs: 0x100,
  creationTime: 0x400,
  /** Which file is the basis follows. */
  basisFollows: 0x800,
  /** A name follows. */
  nameFollows: 0x1000,
  isNew: 0x2000,
  /** The receiving side did it by itself. */
  local: 0x4000,
  /** Content is asked for. */
  transfer: 0x8000,
} as const;

/** Which file is the basis. Below `destination` it is the number of another tree, above `fuzzy` that number and 0x84. */
export const BASIS = {
  /** The file that is replaced. */
  destination: 0x80,
  /** What was left of an interrupted run. */
  partial: 0x81,
  /** The backup that was just made. */
  backup: 0x82,
  /** A file with a similar name, which follows. */
  fuzzy: 0x83,
  /** The same in another tree, plus its number. */
  fuzzyElsewhere: 0x84,
} as const;

/** What an item says before sums or content. */
export interface Item {
  /** Number of the entry. */
  readonly index: number;
  /** Bits of {@linkcode ITEM}. */
  readonly flags: number;
  /** One of {@linkcode BASIS}, or the number of a tree. */
  readonly basis: number;
  /** The name of a similar file, or the other one of a hard link. */
  readonly name: Uint8Array | undefined;
  /** From the generator: which long values of attributes it wants, by place. */
  readonly wanted: readonly number[] | undefined;
  /** From the sender: those values. */
  readonly values: readonly XattrValue[] | undefined;
}

/** Who speaks. */
export type Speaker = "generator" | "sender";

/** Whether values of attributes are exchanged with an item. */
function exchangesValues(dialect: Dialect, flags: number): boolean {
  if ((flags & ITEM.xattrs) === 0 || dialect.isListed || !dialect.carried.xattrs) return false;
  const hasShortcut = dialect.version >= 31 && !says(dialect, COMPAT.xattrsOfLinks);
  const isLink = (flags & ITEM.nameFollows) !== 0 && (flags & ITEM.local) !== 0;
  return !(hasShortcut && isLink);
}

/**
 * Reads what follows the number of an item.
 *
 * @param input Where it is.
 * @param dialect The session.
 * @param speaker Who speaks.
 * @param index The number.
 * @returns The item.
 * @throws {SyncError} code `"peer-protocol"` when it cannot be one.
 */
export function readItem(input: WireInput, dialect: Dialect, speaker: Speaker, index: number): Item {
  const flags = input.u16();
  const basis = (flags & ITEM.basisFollows) === 0 ? BASIS.destination : input.u8();
  const name = (flags & ITEM.nameFollows) === 0
    ? undefined
    : readText(input, PEER_LIMITS.itemName, "the name in an item").slice();
  if (name?.includes(0)) throw input.breach("the name in an item", "one with a NUL");
  const hasValues = exchangesValues(dialect, flags);
  return {
    index,
    flags,
    basis,
    name,
    wanted: hasValues && speaker === "generator" ? readWanted(input) : undefined,
    values: hasValues && speaker === "sender" ? readValues(input) : undefined,
  };
}

/**
 * Writes what follows the number of an item.
 *
 * @param output Where to.
 * @param dialect The session.
 * @param item The item.
 */
export function writeItem(output: WireOutput, dialect: Dialect, item: Item): void {
  output.u16(item.flags);
  if ((item.flags & ITEM.basisFollows) !== 0) output.u8(item.basis);
  if ((item.flags & ITEM.nameFollows) !== 0) writeText(output, item.name ?? new Uint8Array(0));
  if (!exchangesValues(dialect, item.flags)) return;
  if (item.values !== undefined) writeValues(output, item.values);
  else writeWanted(output, item.wanted ?? []);
}

/**
 * Whether sums or content follow an item.
 *
 * @param dialect The session.
 * @param item The item.
 * @returns `true` when content is asked for and will be sent.
 */
export function isTransferred(dialect: Dialect, item: Item): boolean {
  return (item.flags & ITEM.transfer) !== 0 && !dialect.isListed;
}

/** Whether an item asks for content. */
export function asksForContent({ flags }: Item): boolean {
  return (flags & ITEM.transfer) !== 0;
}
