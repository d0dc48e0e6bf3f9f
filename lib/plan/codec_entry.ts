/**
 * Entries in a saved plan: the fields of an {@linkcode Entry} under their own names. A target that is not UTF-8 has its
 * bytes beside it; extended attributes are a list, since their names need not be UTF-8 either.
 *
 * @module
 */
import type { Entry, Kind, Xattrs } from "../model/entry.ts";
import { damage, type Fields, type Known, nameFields } from "./codec_fields.ts";

const KINDS: Known<Kind> = {
  "file": true,
  "directory": true,
  "symlink": true,
  "fifo": true,
  "socket": true,
  "block-device": true,
  "character-device": true,
};

/** Largest number that 32 bits hold: owners, groups and numbers of devices. */
const MOST_32 = 0xffff_ffff;
/** Bounds of what a kernel can say in 64 bits; such numbers are doubles here, and are written as doubles. */
const MOST_64 = 2 ** 64;
const MOST_SECONDS = 2 ** 63;
const SECTOR = 512;
const LAST_NANOSECOND = 999_999_999;
const PERMISSIONS = 0o7777;

/**
 * Gives an entry the form it has in a plan.
 *
 * @param entry The entry.
 * @returns Plain data, fields always in the same order.
 */
export function encodeEntry(entry: Entry): Record<string, unknown> {
  const { kind, mode, uid, gid, size, mtimeSeconds, mtimeNanoseconds, allocated } = entry;
  return {
    ...{ kind, mode, uid, gid, size, mtimeSeconds, mtimeNanoseconds, allocated },
    ...(entry.target === undefined ? {} : nameFields("target", entry.target)),
    ...(entry.device === undefined ? {} : { device: entry.device }),
    ...(entry.xattrs === undefined ? {} : { xattrs: encodeXattrs(entry.xattrs) }),
  };
}

function encodeXattrs(xattrs: Xattrs): Record<string, string>[] {
  return Object.entries(xattrs).map(([name, value]) => ({ ...nameFields("name", name), value }));
}

/**
 * Reads an entry.
 *
 * @param fields What arrived.
 * @returns The entry.
 * @throws {SyncError} code `"plan-damaged"`.
 */
export function decodeEntry(fields: Fields): Entry {
  const kind = fields.oneOf("kind", KINDS);
  return {
    kind,
    mode: fields.integer("mode", 0, PERMISSIONS),
    uid: fields.integer("uid", 0, MOST_32),
    gid: fields.integer("gid", 0, MOST_32),
    size: fields.integer("size", 0, MOST_64),
    mtimeSeconds: fields.integer("mtimeSeconds", -MOST_SECONDS, MOST_SECONDS),
    mtimeNanoseconds: fields.integer("mtimeNanoseconds", 0, LAST_NANOSECOND),
    allocated: fields.integer("allocated", 0, MOST_64 * SECTOR),
    ...(fields.has("target") ? { target: decodeTarget(fields, kind) } : {}),
    ...(fields.has("device") ? { device: decodeDevice(fields, kind) } : {}),
    ...(fields.has("xattrs") ? { xattrs: decodeXattrs(fields) } : {}),
  };
}

function decodeTarget(fields: Fields, kind: Kind): string {
  const target = fields.name("target");
  if (kind !== "symlink") throw damage(`a ${kind} has no target`);
  if (target === "" || target.includes("\0")) throw damage("the target of a symlink must not be empty or hold NUL");
  return target;
}

function decodeDevice(fields: Fields, kind: Kind): readonly [number, number] {
  const [major, minor, ...more] = fields.list("device");
  if (!isDevice(kind)) throw damage(`a ${kind} has no device numbers`);
  if (isWord(major) && isWord(minor) && more.length === 0) return [major, minor];
  throw damage(`"device" must be two whole numbers from 0 to ${MOST_32}`);
}

/**
 * Whether a kind has numbers of a device.
 *
 * @param kind The kind.
 * @returns `true` for block and character devices.
 */
export function isDevice(kind: Kind): boolean {
  return kind === "block-device" || kind === "character-device";
}

function isWord(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MOST_32;
}

function decodeXattrs(fields: Fields): Xattrs {
  const xattrs = new Map<string, string>();
  for (const each of fields.objects("xattrs")) {
    const name = each.name("name");
    if (name === "" || name.includes("\0")) throw damage("the name of an attribute must not be empty or hold NUL");
    if (xattrs.has(name)) throw damage("an attribute is there twice");
    xattrs.set(name, each.base64("value"));
  }
  return Object.fromEntries(xattrs);
}
