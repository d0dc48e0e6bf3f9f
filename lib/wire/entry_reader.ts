/**
 * Reads the entries of file lists. What an entry has in common with the one before it is left out, so a reader keeps
 * state, across all lists of a session. The state changes when an entry is complete, and not before.
 *
 * @module
 */
import { TYPE_FILE, TYPE_MASK, TYPE_SYMLINK } from "../model/entry.ts";
import { decodeName } from "../bytes/name.ts";
import { AclReader } from "./acl.ts";
import { hasDeviceNumbers, isSpecial } from "./device_numbers.ts";
import { CHECKSUM_BYTES, COMPAT, type Dialect, says } from "./dialect.ts";
import { type EntryBefore, leave, nothingBefore } from "./entry_before.ts";
import { END_WITH_ERROR, FLAG, KNOWN_FLAGS } from "./entry_flags.ts";
import { type FileEntry, isDirectory, NO_GROUP } from "./file_entry.ts";
import { readIdName } from "./id_names.ts";
import type { WireInput } from "./input.ts";
import { readCount, readVarint, readVarlong } from "./integers.ts";
import { PEER_LIMITS } from "./limits.ts";
import { IO_ERROR_MASK } from "./message.ts";
import { provePath } from "./wire_path.ts";
import { XattrReader } from "./xattrs.ts";

/** The end of a list. */
export interface ListEnd {
  /** What went wrong while it was made, bits of `IO_ERROR`. */
  readonly ioError: number;
}

/** Fields that an entry of a group takes from another one of the same list. */
type Content = Omit<
  FileEntry,
  "path" | "isAbsolute" | "group" | "isFirstOfGroup" | "acl" | "defaultAcl" | "xattrs" | "isTop" | "hasContent"
>;

const TYPES: ReadonlySet<number> = new Set([
  0o100000,
  0o040000,
  0o120000,
  0o010000,
  0o140000,
  0o060000,
  0o020000,
]);
/** Reads the entries of all lists of one session. */
export class EntryReader {
  readonly #dialect: Dialect;
  readonly #accessLists = new AclReader();
  readonly #defaultLists = new AclReader();
  readonly #xattrs = new XattrReader();
  /** The path before, and the one at hand. */
  #pathBefore = new Uint8Array(PEER_LIMITS.path + 1);
  #pathAt = new Uint8Array(PEER_LIMITS.path + 1);
  #lengthBefore = 0;
  #lengthAt = 0;
  readonly #before: EntryBefore = nothingBefore();
  /** Type bits of the first entry of each group of hard links, by its number. */
  readonly #groups = new Map<number, number>();
  /** Entries of the list at hand, in the order in which they come, and the number of the first. */
  #list: FileEntry[] = [];
  #start = 0;

  /**
   * Makes a reader.
   *
   * @param dialect The session.
   */
  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /**
   * Begins a list.
   *
   * @param start Number of its first entry.
   */
  begin(start: number): void {
    this.#start = start;
    this.#list = [];
  }

  /** Entries of the list at hand, in the order in which they came. */
  get entries(): readonly FileEntry[] {
    return this.#list;
  }

  /**
   * Reads an entry, or the end of the list. Where the entry is not complete, nothing has changed.
   *
   * @param input Where it is.
   * @returns The entry, or the end.
   * @throws {SyncError} code `"peer-protocol"` when it is none.
   */
  read(input: WireInput): FileEntry | ListEnd {
    this.#forgetIncomplete();
    const flags = says(this.#dialect, COMPAT.variableFlags) ? readVarint(input) : readByteFlags(input);
    if (flags === 0) return { ioError: says(this.#dialect, COMPAT.variableFlags) ? readIoError(input) : 0 };
    if (flags === END_WITH_ERROR && this.#mayEndWithError()) return { ioError: readIoError(input) };
    if ((flags & ~KNOWN_FLAGS) !== 0) throw input.breach("the flags of an entry", `0x${(flags >>> 0).toString(16)}`);
    return this.#readEntry(input, flags);
  }

  #mayEndWithError(): boolean {
    const { version } = this.#dialect;
    return !says(this.#dialect, COMPAT.variableFlags) && (says(this.#dialect, COMPAT.safeFileList) || version >= 31);
  }

  #readEntry(input: WireInput, flags: number): FileEntry {
    this.#readPath(input, flags);
    const { path, isAbsolute } = provePath(
      this.#pathAt.subarray(0, this.#lengthAt),
      this.#dialect.hasAbsoluteNames,
      input,
    );
    const isLinked = (flags & FLAG.hardLinked) !== 0 && this.#dialect.carried.hardLinks;
    const isFirst = isLinked && (flags & FLAG.firstOfGroup) !== 0;
    const number = this.#start + this.#list.length;
    const group = isFirst ? number : isLinked ? this.#readGroup(input, number) : NO_GROUP;
    const content = isLinked && !isFirst && group >= this.#start
      ? this.#list[group - this.#start]!
      : this.#readContent(input, flags);
    const isFolder = isDirectory(content);
    if (path === "" && !isFolder) throw input.breach('a directory of the name "."', "something else");
    this.#checkGroup(input, group, isFirst, content.mode);
    const { carried } = this.#dialect;
    const hasAcl = carried.acls && (content.mode & TYPE_MASK) !== TYPE_SYMLINK;
    const entry: FileEntry = {
      path,
      isAbsolute,
      mode: content.mode,
      size: content.size,
      mtimeSeconds: content.mtimeSeconds,
      mtimeNanoseconds: content.mtimeNanoseconds,
      atimeSeconds: content.atimeSeconds,
      creationSeconds: content.creationSeconds,
      uid: content.uid,
      gid: content.gid,
      userName: content.userName,
      groupName: content.groupName,
      major: content.major,
      minor: content.minor,
      target: content.target,
      group: isFolder ? NO_GROUP : group,
      isFirstOfGroup: isFirst && !isFolder,
      checksum: content.checksum,
      acl: hasAcl ? this.#accessLists.read(input) : undefined,
      defaultAcl: hasAcl && isFolder ? this.#defaultLists.read(input) : undefined,
      xattrs: carried.xattrs ? this.#xattrs.read(input) : undefined,
      isTop: isFolder && (flags & FLAG.topDirectory) !== 0,
      hasContent: isFolder && (flags & FLAG.noContent) === 0,
    };
    this.#keep(entry, flags);
    return entry;
  }

  #readPath(input: WireInput, flags: number): void {
    const shared = (flags & FLAG.sameName) === 0 ? 0 : input.u8();
    const length = (flags & FLAG.longName) === 0
      ? input.u8()
      : readCount(input, PEER_LIMITS.path, "the length of a name");
    if (shared > this.#lengthBefore) {
      throw input.breach(`at most ${this.#lengthBefore} bytes of the path before`, `${shared}`);
    }
    if (shared + length > PEER_LIMITS.path) {
      throw input.breach(`a path of at most ${PEER_LIMITS.path} bytes`, `one of ${shared + length}`);
    }
    const rest = input.bytes(length);
    const path = this.#pathAt;
    path.set(this.#pathBefore.subarray(0, shared));
    path.set(rest, shared);
    this.#lengthAt = shared + length;
  }

  #readGroup(input: WireInput, number: number): number {
    const group = readVarint(input);
    if (group >= 0 && group < number && this.#groups.has(group)) return group;
    throw input.breach("the number of an entry with hard links", `${group}`);
  }

  /** All names of a file are of one kind. */
  #checkGroup(input: WireInput, group: number, isFirst: boolean, mode: number): void {
    if (group === NO_GROUP || isFirst || this.#groups.get(group) === (mode & TYPE_MASK)) return;
    throw input.breach("an entry of the kind that its hard links have", `mode 0${mode.toString(8)}`);
  }

  #readContent(input: WireInput, flags: number): Content {
    const { carried, version } = this.#dialect;
    const before = this.#before;
    const size = readVarlong(input, 3);
    if (size < 0) throw input.breach("a size from 0", `${size}`);
    const mtimeSeconds = (flags & FLAG.sameTime) === 0 ? readVarlong(input, 4) : before.mtimeSeconds;
    const mtimeNanoseconds = version >= 31 && (flags & FLAG.nanoseconds) !== 0
      ? readCount(input, PEER_LIMITS.nanoseconds, "nanoseconds")
      : 0;
    const creationSeconds = carried.creationTimes
      ? (flags & FLAG.creationIsMtime) === 0 ? readVarlong(input, 4) : mtimeSeconds
      : 0;
    const mode = (flags & FLAG.sameMode) === 0 ? this.#readMode(input) : before.mode;
    const atimeSeconds = carried.accessTimes && !isDirectory({ mode })
      ? (flags & FLAG.sameAccessTime) === 0 ? readVarlong(input, 4) : before.atimeSeconds
      : 0;
    const isNewUser = carried.owners && (flags & FLAG.sameUser) === 0;
    const uid = isNewUser ? readVarint(input) >>> 0 : before.uid;
    const userName = isNewUser && (flags & FLAG.userName) !== 0 ? readIdName(input) : undefined;
    const isNewGroup = carried.groups && (flags & FLAG.sameGroup) === 0;
    const gid = isNewGroup ? readVarint(input) >>> 0 : before.gid;
    const groupName = isNewGroup && (flags & FLAG.groupName) !== 0 ? readIdName(input) : undefined;
    const isDevice = hasDeviceNumbers(this.#dialect, mode);
    const sent = isDevice ? (flags & FLAG.sameMajor) === 0 ? readVarint(input) >>> 0 : before.major : 0;
    const major = isSpecial(mode) ? 0 : sent;
    const minor = isDevice ? readVarint(input) >>> 0 : 0;
    const target = (mode & TYPE_MASK) === TYPE_SYMLINK && carried.symlinks ? readTarget(input) : undefined;
    const checksum = carried.checksums && (mode & TYPE_MASK) === TYPE_FILE
      ? input.bytes(CHECKSUM_BYTES[this.#dialect.listChecksum]).slice()
      : undefined;
    return {
      mode,
      size,
      mtimeSeconds,
      mtimeNanoseconds,
      atimeSeconds,
      creationSeconds,
      uid,
      gid,
      userName,
      groupName,
      major,
      minor,
      target,
      checksum,
    };
  }

  #readMode(input: WireInput): number {
    const mode = input.i32();
    const isKnown = mode >>> 16 === 0 && TYPES.has(mode & TYPE_MASK);
    if (isKnown || (mode === 0 && this.#dialect.hasMissing)) return mode;
    throw input.breach("the mode of an entry", `0${(mode >>> 0).toString(8)}`);
  }

  #keep(entry: FileEntry, flags: number): void {
    const { carried } = this.#dialect;
    const path = this.#pathBefore;
    this.#pathBefore = this.#pathAt;
    this.#lengthBefore = this.#lengthAt;
    this.#pathAt = path;
    leave(this.#before, entry, flags, this.#dialect);
    if (entry.isFirstOfGroup) this.#groups.set(entry.group, entry.mode & TYPE_MASK);
    if (carried.acls) {
      this.#accessLists.keep();
      this.#defaultLists.keep();
    }
    if (carried.xattrs) this.#xattrs.keep();
    this.#list.push(entry);
  }

  #forgetIncomplete(): void {
    const { acls, xattrs } = this.#dialect.carried;
    if (acls) {
      this.#accessLists.rewind();
      this.#defaultLists.rewind();
    }
    if (xattrs) this.#xattrs.rewind();
  }
}

/** Flags of one or two bytes. */
function readByteFlags(input: WireInput): number {
  const low = input.u8();
  return (low & FLAG.extended) === 0 ? low : low | input.u8() << 8;
}

function readIoError(input: WireInput): number {
  return readVarint(input) & IO_ERROR_MASK;
}

function readTarget(input: WireInput): string {
  const length = readCount(input, PEER_LIMITS.linkTarget, "the length of a symlink's target");
  const bytes = input.bytes(length);
  if (length === 0 || bytes.includes(0)) {
    throw input.breach("the target of a symlink", "an empty one, or one with a NUL");
  }
  return decodeName(bytes);
}
