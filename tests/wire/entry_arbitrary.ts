/** Sessions and file lists of every kind. */
import fc from "fast-check";
import { encodeName } from "../../lib/bytes/name.ts";
import { type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Acl } from "../../lib/wire/acl.ts";
import { CHECKSUM_BYTES, COMPAT, type Dialect } from "../../lib/wire/dialect.ts";
import { hasDeviceNumbers, isSpecial } from "../../lib/wire/device_numbers.ts";
import { type FileEntry, NO_GROUP } from "../../lib/wire/file_entry.ts";
import type { XattrSet } from "../../lib/wire/xattrs.ts";

const compatArbitrary = fc.tuple(fc.boolean(), fc.boolean()).map(([flags, names]) =>
  COMPAT.safeFileList | (flags ? COMPAT.variableFlags : 0) | (names ? COMPAT.nameOfZero : 0)
);

/** Any session that lists entries. */
export const dialectArbitrary: fc.Arbitrary<Dialect> = fc.record({
  version: fc.constantFrom(30 as const, 31 as const, 32 as const),
  compat: compatArbitrary,
  carried: fc.record({
    owners: fc.boolean(),
    groups: fc.boolean(),
    symlinks: fc.boolean(),
    devices: fc.boolean(),
    specials: fc.boolean(),
    hardLinks: fc.boolean(),
    acls: fc.boolean(),
    xattrs: fc.boolean(),
    accessTimes: fc.boolean(),
    creationTimes: fc.boolean(),
    checksums: fc.boolean(),
    numericIds: fc.boolean(),
  }),
  checksum: fc.constant("md5" as const),
  listChecksum: fc.constantFrom("md5" as const, "xxh3" as const, "sha1" as const),
  compression: fc.constant("none" as const),
  seed: fc.constant(0),
  isListed: fc.constant(false),
  hasAbsoluteNames: fc.boolean(),
  hasMissing: fc.constant(false),
});

const nameArbitrary = fc.oneof(
  fc.constantFrom("a", "b", "a.b", "-x", "ä", "\udcff", "name", "name-1", "x".repeat(255)),
  fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" }),
).filter((name) => name !== "." && name !== ".." && name.isWellFormed() ? !/[/\0]/.test(name) : name === "\udcff");

/** Paths with some directories in common. */
export const pathArbitrary: fc.Arbitrary<RelPath> = fc.array(nameArbitrary, { minLength: 1, maxLength: 4 }).map((
  names,
) => names.join("/") as RelPath);

const time = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
const id = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 0xffff_ffff }));
const idName = fc.option(fc.constantFrom("root", "daemon", "ü"), { nil: undefined });
const permissions = fc.option(fc.nat({ max: 7 }), { nil: undefined });

const aclArbitrary: fc.Arbitrary<Acl> = fc.record({
  owner: permissions,
  group: permissions,
  mask: permissions,
  other: permissions,
  named: fc.array(
    fc.record({ id, isUser: fc.boolean(), permissions: fc.nat({ max: 7 }), name: fc.constant(undefined) }),
    { maxLength: 2 },
  ),
});

const itemArbitrary = fc.record({ name: fc.constantFrom("user.a", "user.ä"), length: fc.nat({ max: 50 }) }).map(
  ({ name, length }) => ({
    name: encodeName(name),
    length,
    content: new Uint8Array(length > 32 ? 16 : length).fill(length),
  }),
);
const xattrsArbitrary: fc.Arbitrary<XattrSet> = fc.array(itemArbitrary, { maxLength: 2 }).map((items) => ({
  number: 0,
  items,
}));

const TYPES = [0o100000, 0o040000, 0o120000, 0o010000, 0o140000, 0o060000, 0o020000];

const rawEntryArbitrary: fc.Arbitrary<FileEntry> = fc.record({
  path: pathArbitrary,
  isAbsolute: fc.boolean(),
  mode: fc.tuple(fc.constantFrom(...TYPES), fc.constantFrom(0o644, 0o755, 0o4755)).map(([type, rest]) => type | rest),
  size: fc.oneof(fc.constantFrom(0, 1, 2 ** 40), fc.nat()),
  mtimeSeconds: time,
  mtimeNanoseconds: fc.oneof(fc.constant(0), fc.nat({ max: 999_999_999 })),
  atimeSeconds: time,
  creationSeconds: time,
  uid: id,
  gid: id,
  userName: idName,
  groupName: idName,
  major: fc.nat({ max: 300 }),
  minor: fc.nat({ max: 300 }),
  target: fc.constantFrom("a", "../b", "\udc80"),
  group: fc.constant(NO_GROUP),
  isFirstOfGroup: fc.boolean(),
  checksum: fc.constant(undefined),
  acl: aclArbitrary,
  defaultAcl: aclArbitrary,
  xattrs: xattrsArbitrary,
  isTop: fc.boolean(),
  hasContent: fc.boolean(),
});

/** The same entry, with what a session carries and nothing else. */
function carriedBy(dialect: Dialect, entry: FileEntry): FileEntry {
  const { carried, version } = dialect;
  const type = entry.mode & 0o170000;
  const isFolder = type === 0o040000;
  const isDevice = hasDeviceNumbers(dialect, entry.mode);
  const hasAcl = carried.acls && type !== 0o120000;
  return {
    ...entry,
    isAbsolute: entry.isAbsolute && dialect.hasAbsoluteNames,
    mtimeNanoseconds: version >= 31 ? entry.mtimeNanoseconds : 0,
    atimeSeconds: carried.accessTimes && !isFolder ? entry.atimeSeconds : 0,
    creationSeconds: carried.creationTimes ? entry.creationSeconds : 0,
    uid: carried.owners ? entry.uid : 0,
    gid: carried.groups ? entry.gid : 0,
    userName: carried.owners ? entry.userName : undefined,
    groupName: carried.groups ? entry.groupName : undefined,
    major: isDevice && !isSpecial(entry.mode) ? entry.major : 0,
    minor: isDevice ? entry.minor : 0,
    target: type === 0o120000 && carried.symlinks ? entry.target : undefined,
    isFirstOfGroup: entry.isFirstOfGroup && !isFolder && carried.hardLinks,
    checksum: type === 0o100000 && carried.checksums
      ? new Uint8Array(CHECKSUM_BYTES[dialect.listChecksum]).fill(entry.size)
      : undefined,
    acl: hasAcl ? entry.acl : undefined,
    defaultAcl: hasAcl && isFolder ? entry.defaultAcl : undefined,
    xattrs: carried.xattrs ? entry.xattrs : undefined,
    isTop: isFolder && entry.isTop,
    hasContent: isFolder && entry.hasContent,
  };
}

/** Lists of a session, each with entries in the order of sending; hard links reach over lists. */
export interface Lists {
  readonly dialect: Dialect;
  readonly lists: readonly (readonly FileEntry[])[];
}

/** Any session and its lists. */
export const listsArbitrary: fc.Arbitrary<Lists> = fc.record({
  dialect: dialectArbitrary,
  raw: fc.array(fc.array(rawEntryArbitrary, { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
  links: fc.array(fc.nat({ max: 20 }), { maxLength: 6 }),
}).map(({ dialect, raw, links }) => {
  let start = 1;
  const firsts: FileEntry[] = [];
  const said = { users: new Set<number>(), groups: new Set<number>() };
  const lists = raw.map((entries, turn) => {
    const list: FileEntry[] = entries.map((entry, at) => {
      const plain = sayingOnce(carriedBy(dialect, entry), said);
      return plain.isFirstOfGroup ? { ...plain, group: start + at } : plain;
    });
    firsts.push(...list.filter(({ isFirstOfGroup }) => isFirstOfGroup));
    const chosen = firsts[links[turn] ?? 0];
    if (chosen !== undefined) list.push(furtherName(chosen, chosen.group >= start, turn));
    start += list.length + 1;
    return list;
  });
  return { dialect, lists };
});

/** Names of users and groups are said with the first entry that has their number. */
function sayingOnce(entry: FileEntry, said: { users: Set<number>; groups: Set<number> }): FileEntry {
  const userName = said.users.has(entry.uid) ? undefined : entry.userName;
  const groupName = said.groups.has(entry.gid) ? undefined : entry.groupName;
  said.users.add(entry.uid);
  said.groups.add(entry.gid);
  return { ...entry, userName, groupName };
}

/** What came with the list before comes whole once more; user names were said. */
function furtherName(first: FileEntry, isInList: boolean, turn: number): FileEntry {
  const path = `${"deep/".repeat(turn)}further` as RelPath;
  return { ...first, path, isFirstOfGroup: false, ...(isInList ? {} : { userName: undefined, groupName: undefined }) };
}

/** The root, as it comes first in most lists. */
export function rootEntry(entry: Partial<FileEntry> = {}): FileEntry {
  return {
    path: ROOT,
    isAbsolute: false,
    mode: 0o040755,
    size: 4096,
    mtimeSeconds: 1_700_000_000,
    mtimeNanoseconds: 0,
    atimeSeconds: 0,
    creationSeconds: 0,
    uid: 0,
    gid: 0,
    userName: undefined,
    groupName: undefined,
    major: 0,
    minor: 0,
    target: undefined,
    group: NO_GROUP,
    isFirstOfGroup: false,
    checksum: undefined,
    acl: undefined,
    defaultAcl: undefined,
    xattrs: undefined,
    isTop: false,
    hasContent: true,
    ...entry,
  };
}

/** An entry of a path and a mode. */
export function entryOf(path: string, mode = 0o100644, rest: Partial<FileEntry> = {}): FileEntry {
  return rootEntry({ path: path as RelPath, mode, hasContent: (mode & 0o170000) === 0o040000, size: 1, ...rest });
}

/** A session that carries nothing but names, modes, sizes and times. */
export function plainDialect(rest: Partial<Dialect> = {}, carried: Partial<Dialect["carried"]> = {}): Dialect {
  return {
    version: 32,
    compat: COMPAT.variableFlags | COMPAT.safeFileList,
    carried: {
      owners: false,
      groups: false,
      symlinks: true,
      devices: false,
      specials: false,
      hardLinks: false,
      acls: false,
      xattrs: false,
      accessTimes: false,
      creationTimes: false,
      checksums: false,
      numericIds: false,
      ...carried,
    },
    checksum: "md5",
    listChecksum: "md5",
    compression: "none",
    seed: 0,
    isListed: false,
    hasAbsoluteNames: false,
    hasMissing: false,
    ...rest,
  };
}
