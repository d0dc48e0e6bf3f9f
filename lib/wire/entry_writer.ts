/**
 * Writes the entries of file lists, each as short as it can be beside the one before. The reading side is
 * `entry_reader.ts`.
 *
 * @module
 */
import { encodeName, encodeNameInto } from "../bytes/name.ts";
import { TYPE_FILE, TYPE_MASK, TYPE_SYMLINK } from "../model/entry.ts";
import { AclWriter } from "./acl.ts";
import { hasDeviceNumbers, isSpecial } from "./device_numbers.ts";
import { COMPAT, type Dialect, says } from "./dialect.ts";
import { type EntryBefore, leave, nothingBefore } from "./entry_before.ts";
import { END_WITH_ERROR, FLAG } from "./entry_flags.ts";
import type { ListEnd } from "./entry_reader.ts";
import { type FileEntry, isDirectory, NO_GROUP } from "./file_entry.ts";
import { writeIdName } from "./id_names.ts";
import { writeVarint, writeVarlong } from "./integers.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";
import { XattrWriter } from "./xattrs.ts";

const SLASH = 0x2f;
const DOT = 0x2e;
const MOST_SHARED = 255;
const MOST_SHORT = 255;
/** A name is at most so many bytes for each character of its string. */
const BYTES_PER_CHARACTER = 3;

/** Writes the entries of all lists of one session. */
export class EntryWriter {
  readonly #dialect: Dialect;
  readonly #accessLists = new AclWriter();
  readonly #defaultLists = new AclWriter();
  readonly #xattrs = new XattrWriter();
  #pathBefore = new Uint8Array(PEER_LIMITS.path + 1);
  #pathAt = new Uint8Array(PEER_LIMITS.path + 1);
  #lengthBefore = 0;
  #lengthAt = 0;
  readonly #before: EntryBefore = nothingBefore();
  #start = 0;

  /**
   * Makes a writer.
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
  }

  /**
   * Writes an entry.
   *
   * @param output Where to.
   * @param entry The entry. The group of an entry with hard links is the number that its first one had in the order of
   * sending.
   */
  write(output: WireOutput, entry: FileEntry): void {
    this.#encodePath(entry);
    const shared = this.#sharedLength();
    const length = this.#lengthAt - shared;
    const flags = this.#flagsOf(entry) | (shared > 0 ? FLAG.sameName : 0) | (length > MOST_SHORT ? FLAG.longName : 0);
    this.#writeFlags(output, flags, isDirectory(entry));
    if (shared > 0) output.u8(shared);
    if (length > MOST_SHORT) writeVarint(output, length);
    else output.u8(length);
    output.bytes(this.#pathAt.subarray(shared, this.#lengthAt));
    const isLater = entry.group !== NO_GROUP && !entry.isFirstOfGroup;
    if (isLater) writeVarint(output, entry.group);
    if (!isLater || entry.group < this.#start) this.#writeContent(output, entry, flags);
    this.#writeSets(output, entry);
    this.#keep(entry, flags);
  }

  /**
   * Ends a list.
   *
   * @param output Where to.
   * @param end What went wrong; where it cannot be said here, it has to go as a message.
   */
  end(output: WireOutput, { ioError }: ListEnd): void {
    if (says(this.#dialect, COMPAT.variableFlags)) {
      output.u8(0);
      writeVarint(output, ioError);
    } else if (ioError !== 0 && (says(this.#dialect, COMPAT.safeFileList) || this.#dialect.version >= 31)) {
      output.u16(END_WITH_ERROR);
      writeVarint(output, ioError);
    } else output.u8(0);
  }

  #encodePath({ path, isAbsolute }: FileEntry): void {
    const most = 2 + path.length * BYTES_PER_CHARACTER;
    if (most > this.#pathAt.length) this.#pathAt = new Uint8Array(most);
    const bytes = this.#pathAt;
    const from = isAbsolute ? 1 : 0;
    if (isAbsolute) bytes[0] = SLASH;
    if (path === "") bytes[from] = DOT;
    this.#lengthAt = path === "" ? from + 1 : encodeNameInto(path, bytes, from);
    if (this.#lengthAt > PEER_LIMITS.path) {
      throw new RangeError(`Cannot send a path of ${this.#lengthAt} bytes, more than ${PEER_LIMITS.path}`);
    }
  }

  #sharedLength(): number {
    const most = Math.min(this.#lengthBefore, this.#lengthAt, MOST_SHARED);
    const before = this.#pathBefore;
    const at = this.#pathAt;
    let shared = 0;
    while (shared < most && before[shared] === at[shared]) shared++;
    return shared;
  }

  #flagsOf(entry: FileEntry): number {
    const { carried } = this.#dialect;
    const before = this.#before;
    const isFolder = isDirectory(entry);
    const hasBefore = this.#lengthBefore > 0;
    const isSameUser = !carried.owners || (hasBefore && entry.uid === before.uid);
    const isSameGroup = !carried.groups || (hasBefore && entry.gid === before.gid);
    let flags = 0;
    if (entry.mode === before.mode) flags |= FLAG.sameMode;
    if (entry.mtimeSeconds === before.mtimeSeconds) flags |= FLAG.sameTime;
    if (isSameUser) flags |= FLAG.sameUser;
    else if (entry.userName !== undefined) flags |= FLAG.userName;
    if (isSameGroup) flags |= FLAG.sameGroup;
    else if (entry.groupName !== undefined) flags |= FLAG.groupName;
    if (entry.mtimeNanoseconds !== 0 && this.#dialect.version >= 31) flags |= FLAG.nanoseconds;
    if (isFolder && entry.isTop) flags |= FLAG.topDirectory;
    if (isFolder && !entry.hasContent) flags |= FLAG.noContent;
    if (this.#isSameMajor(entry)) flags |= FLAG.sameMajor;
    if (entry.group !== NO_GROUP) flags |= FLAG.hardLinked | (entry.isFirstOfGroup ? FLAG.firstOfGroup : 0);
    if (carried.accessTimes && !isFolder && entry.atimeSeconds === before.atimeSeconds) flags |= FLAG.sameAccessTime;
    if (carried.creationTimes && entry.creationSeconds === entry.mtimeSeconds) flags |= FLAG.creationIsMtime;
    return flags;
  }

  /** The major number of what is no device means nothing, and is not sent. */
  #isSameMajor({ mode, major }: FileEntry): boolean {
    if (!hasDeviceNumbers(this.#dialect, mode)) return false;
    return isSpecial(mode) || major === this.#before.major;
  }

  /** Zero would end the list. */
  #writeFlags(output: WireOutput, flags: number, isFolder: boolean): void {
    if (says(this.#dialect, COMPAT.variableFlags)) return writeVarint(output, flags === 0 ? FLAG.extended : flags);
    if (flags === 0 && !isFolder) output.u8(FLAG.topDirectory);
    else if (flags > 0 && flags <= 0xff) output.u8(flags);
    else output.u16(flags | FLAG.extended);
  }

  #writeContent(output: WireOutput, entry: FileEntry, flags: number): void {
    const { carried, version } = this.#dialect;
    writeVarlong(output, entry.size, 3);
    if ((flags & FLAG.sameTime) === 0) writeVarlong(output, entry.mtimeSeconds, 4);
    if (version >= 31 && (flags & FLAG.nanoseconds) !== 0) writeVarint(output, entry.mtimeNanoseconds);
    if (carried.creationTimes && (flags & FLAG.creationIsMtime) === 0) writeVarlong(output, entry.creationSeconds, 4);
    if ((flags & FLAG.sameMode) === 0) output.i32(entry.mode);
    if (carried.accessTimes && !isDirectory(entry) && (flags & FLAG.sameAccessTime) === 0) {
      writeVarlong(output, entry.atimeSeconds, 4);
    }
    if ((flags & FLAG.sameUser) === 0) writeId(output, entry.uid, entry.userName);
    if ((flags & FLAG.sameGroup) === 0) writeId(output, entry.gid, entry.groupName);
    if (hasDeviceNumbers(this.#dialect, entry.mode)) {
      if ((flags & FLAG.sameMajor) === 0) writeVarint(output, entry.major);
      writeVarint(output, entry.minor);
    }
    const type = entry.mode & TYPE_MASK;
    if (type === TYPE_SYMLINK && carried.symlinks) {
      const target = encodeName(entry.target ?? "");
      writeVarint(output, target.length);
      output.bytes(target);
    }
    if (type === TYPE_FILE && carried.checksums && entry.checksum !== undefined) output.bytes(entry.checksum);
  }

  #writeSets(output: WireOutput, { acl, defaultAcl, xattrs }: FileEntry): void {
    if (acl !== undefined) this.#accessLists.write(output, acl);
    if (defaultAcl !== undefined) this.#defaultLists.write(output, defaultAcl);
    if (xattrs !== undefined) this.#xattrs.write(output, xattrs);
  }

  #keep(entry: FileEntry, flags: number): void {
    const path = this.#pathBefore;
    this.#pathBefore = this.#pathAt;
    this.#lengthBefore = this.#lengthAt;
    this.#pathAt = path;
    leave(this.#before, entry, flags, this.#dialect);
  }
}

function writeId(output: WireOutput, id: number, name: string | undefined): void {
  writeVarint(output, id);
  if (name !== undefined) writeIdName(output, name);
}
