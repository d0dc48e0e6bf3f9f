/**
 * Directories through `node:fs`, which knows paths only. A directory remembers its device and inode, and every
 * operation first checks that its path still leads there and not through a symlink. Between that check and the call a
 * racing process can still swap a symlink in, which is why this layer does not call itself confined.
 *
 * @module
 */
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { dirname } from "node:path";
import { decodeName } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { asSyncError, SyncError, type SyncErrorCode } from "../errors.ts";
import type { Entry, Kind, MetadataPatch, Xattrs } from "../model/entry.ts";
import type { Listing } from "../model/listing.ts";
import type { Directory, FileReader, FileUpdater, FileWriter, XattrScope } from "../model/tree.ts";
import { dangling, type Following, loop } from "./following.ts";
import { isWithin } from "./mounts.ts";
import { PortableFileReader, PortableFileWriter } from "./portable_file.ts";
import { PortableFileUpdater } from "./portable_updater.ts";
import { refuseXattrs, replaced, setMetadataAt } from "./portable_metadata.ts";
import { NameSource } from "./portable_names.ts";
import {
  attempt,
  BYTE_NAMES,
  checkName,
  joinPath,
  notRepresentable,
  PLATFORM,
  systemPath,
} from "./portable_runtime.ts";
import { entryOfStat, hasIdentity, identityOfStat, kindOfStat, setStat, statOf } from "./portable_stat.ts";

/** Entries that one call of `list` adds. */
const LIST_CHUNK = 1_000;

const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;
const UPDATE_FLAGS = constants.O_RDWR | constants.O_NONBLOCK;
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Where a directory is and how it is found again. */
export interface Place {
  /** Path from the folder of the process or absolute. */
  readonly path: string;
  /** Last name below the root; empty for the root. */
  readonly name: string;
  /** The directory that holds it; none for the root. */
  readonly parent: PortableDirectory | undefined;
  /** Which symlinks in it are followed, if any. */
  readonly following?: Following;
  /** Real path of the root, when symlinks to directories beneath it are passed through. */
  readonly beneath?: string;
  /** Looks at what is at the path now; only the root's path may go through symlinks. */
  stat(): BigIntStats | undefined;
}

/** One directory. */
export class PortableDirectory implements Directory {
  readonly #place: Place;
  readonly #identity: string;
  readonly #identified: boolean;
  #names: NameSource | undefined;

  /** Remembers what is at a place. */
  constructor(place: Place) {
    this.#place = place;
    const found = directoryAt(place, "open");
    this.#identity = identityOfStat(found);
    this.#identified = hasIdentity(found);
  }

  /** A second handle of the same directory, with its own place in the listing. */
  another(): PortableDirectory {
    this.#verify("open");
    return new PortableDirectory(this.#place);
  }

  /** Device and inode. */
  identity(): string {
    return this.#identity;
  }

  /** Metadata of the directory itself. */
  entry(): Entry {
    return entryOfStat(this.#verify("read the metadata of"));
  }

  /** Adds up to a thousand entries. */
  list(into: Listing): boolean {
    this.#verify("list");
    this.#names ??= new NameSource(this.#place.path, this.#place.name);
    if (this.#names.ended) return false;
    const from = into.count;
    this.#names.add(into, this.#place.path, LIST_CHUNK);
    if (this.#place.following !== undefined) this.#addFollowed(into, from, this.#place.following);
    // A directory that was swapped while its entries were read may have given those of another.
    this.#verify("list");
    return true;
  }

  /** Metadata of one entry. */
  lookup(name: string): Entry | undefined {
    const stat = this.#stat(name, "read the metadata of");
    return stat === undefined ? undefined : entryOfStat(stat);
  }

  /** Device and inode of one entry. */
  identityOf(name: string): string | undefined {
    const stat = this.#stat(name, "read the metadata of");
    return stat === undefined ? undefined : identityOfStat(stat);
  }

  /** Target of a symlink, refused where the runtime has lost bytes of it. */
  readLink(name: string): string {
    const path = this.#path(name, "read the symlink");
    if (BYTE_NAMES) {
      return decodeName(attempt("read the symlink", name, () => readlinkSync(path, { encoding: "buffer" })));
    }
    const target = attempt("read the symlink", name, () => readlinkSync(path));
    if (target.includes("\ufffd")) throw notRepresentable(name, "its target holds bytes that are not UTF-8");
    return target;
  }

  /** Opens a directory in this one. */
  openDirectory(name: string): Directory {
    this.#path(name, "open");
    const path = joinPath(this.#place.path, name);
    const { following, beneath } = this.#place;
    if (following === undefined && beneath === undefined) {
      return new PortableDirectory({ path, name, parent: this, stat: () => statOf(path, name) });
    }
    const stat = () => this.#followed(name) ?? statOf(path, name);
    if (following === undefined) return new PortableDirectory({ path, name, parent: this, stat, beneath: beneath! });
    const found = stat();
    const identity = found === undefined ? "" : identityOfStat(found);
    return new PortableDirectory({ path, name, parent: this, stat, following: following.into(identity, name) });
  }

  #addFollowed(into: Listing, from: number, following: Following): void {
    for (let index = from; index < into.count; index++) {
      if (!into.isSymlink(index)) continue;
      const name = into.name(index);
      try {
        const found = this.#followed(name);
        if (found === undefined) continue;
        setStat(into, index, found);
        if (!into.isDirectory(index)) continue;
        if (following.isAbove(identityOfStat(found))) throw loop(name);
        if (following.isWritten(() => identitiesAbove(joinPath(this.#place.path, name)))) throw loop(name);
      } catch (thrown) {
        into.setError(index, asSyncError(thrown));
      }
    }
  }

  /** What a symlink leads to, if it is one and is followed. */
  #followed(name: string): BigIntStats | undefined {
    const { following, beneath } = this.#place;
    if (following === undefined && beneath === undefined) return undefined;
    const path = joinPath(this.#place.path, name);
    const own = statOf(path, name);
    if (own === undefined || kindOfStat(own) !== "symlink") return undefined;
    if (following === undefined) return isBeneath(path, beneath!) ? statTarget(path, name) : undefined;
    if (!following.follows(() => this.readLink(name))) return undefined;
    const found = statTarget(path, name);
    if (found === undefined) throw dangling(name);
    return found;
  }

  /** Opens a regular file for reading. The kind is looked at first, since opening a device may do something. */
  openFile(name: string): FileReader {
    return new PortableFileReader(this.#openExisting(name, READ_FLAGS), name);
  }

  /** Opens a regular file that is there for reading and writing, unless it has further names. */
  openToUpdate(name: string): FileUpdater | undefined {
    const found = this.#existing(name, "open");
    refuseAllBut("file", kindOfStat(found), name);
    if (found.nlink > 1n) return undefined;
    const descriptor = this.#openExisting(name, UPDATE_FLAGS);
    return new PortableFileUpdater(descriptor, joinPath(this.#place.path, name), name);
  }

  /** Opens what a look at the name has found to be a regular file. */
  #openExisting(name: string, access: number): number {
    const found = this.#existing(name, "open");
    refuseAllBut("file", kindOfStat(found), name);
    const path = this.#target(name);
    const follows = this.#place.following !== undefined && this.#followed(name) !== undefined;
    const flags = follows ? access : access | constants.O_NOFOLLOW;
    const descriptor = attempt("open", name, () => openSync(path, flags));
    try {
      const opened = attempt("open", name, () => fstatSync(descriptor, { bigint: true }));
      if (identityOfStat(opened) !== identityOfStat(found)) throw replaced("open", name);
    } catch (thrown) {
      closeSync(descriptor);
      throw thrown;
    }
    return descriptor;
  }

  /** Makes a new regular file. */
  createFile(name: string, mode: number, shownAs = name): FileWriter {
    const path = this.#path(name, "create");
    const descriptor = attempt("create", shownAs, () => openSync(path, CREATE_FLAGS, mode));
    return new PortableFileWriter(descriptor, joinPath(this.#place.path, name), shownAs);
  }

  createUnnamedFile(): undefined {}

  nameFile(_file: FileWriter, name: string): void {
    throw new SyncError("unsupported", `Cannot create "${printable(name)}": files without a name are not offered here`);
  }

  makeDirectory(name: string, mode: number): void {
    const path = this.#path(name, "make directory");
    attempt("make directory", name, () => mkdirSync(path, mode));
  }

  /** Makes a symlink. */
  makeSymlink(name: string, target: string): void {
    const path = this.#path(name, "make symlink");
    const content = systemPath(target, name);
    attempt("make symlink", name, () => symlinkSync(content, path));
  }

  /** `node:fs` makes no FIFOs, sockets or devices. */
  makeSpecial(name: string, entry: Entry): void {
    this.#path(name, "make");
    throw unsupported(`make ${entry.kind}`, name, "the portable layer makes no special files");
  }

  /** Makes a hard link. */
  link(name: string, directory: Directory, existing: string): void {
    const path = this.#path(name, "link");
    if (!(directory instanceof PortableDirectory)) {
      throw unsupported("link", name, "the other directory is of another implementation");
    }
    // Only Linux is known to link a symlink itself; elsewhere the call may follow it.
    const kind = kindOfStat(directory.#existing(existing, "link"));
    if (kind === "symlink" && PLATFORM !== "linux") throw unsupported("link", name, "this platform links no symlinks");
    const from = directory.#target(existing);
    attempt("link", name, () => linkSync(from, path));
  }

  /** Renames within this directory. */
  rename(from: string, to: string): void {
    const before = this.#path(from, "rename");
    const after = this.#path(to, "rename");
    attempt("rename", from, () => renameSync(before, after));
  }

  renameNew(from: string, to: string): void {
    if (this.lookup(to) !== undefined) {
      throw new SyncError("exists", `Cannot create "${printable(to)}": it exists already`, { path: to });
    }
    this.rename(from, to);
  }

  moveHere(name: string, directory: Directory, existing: string): void {
    const path = this.#path(name, "move");
    if (!(directory instanceof PortableDirectory)) {
      throw unsupported("move", name, "the other directory is of another implementation");
    }
    if (this.lookup(name) !== undefined) throw failure("exists", "move", name, "it exists already");
    directory.#existing(existing, "move");
    const from = directory.#target(existing);
    attempt("move", name, () => renameSync(from, path));
  }

  /** `node:fs` has no such call. */
  exchange(one: string, _other: string): void {
    throw unsupported("exchange", one, "the portable layer cannot do it at once");
  }

  /** Removes an entry that is not a directory; Deno's call alone would remove an empty directory, too. */
  removeFile(name: string): void {
    if (kindOfStat(this.#existing(name, "remove")) === "directory") {
      throw failure("is-directory", "remove", name, "it is a directory");
    }
    const path = this.#target(name);
    attempt("remove", name, () => unlinkSync(path));
  }

  /** Removes an empty directory. */
  removeDirectory(name: string): void {
    const path = this.#path(name, "remove");
    attempt("remove", name, () => rmdirSync(path));
  }

  /** Sets metadata of an entry or of this directory. */
  setMetadata(name: string | undefined, patch: MetadataPatch): void {
    if (name !== undefined) this.#path(name, "set metadata of");
    else this.#verify("set metadata of");
    const path = name === undefined ? this.#place.path : joinPath(this.#place.path, name);
    setMetadataAt(path, name ?? this.#place.name, patch);
  }

  /** None are seen. */
  xattrs(name: string | undefined, _scope: XattrScope): Xattrs {
    if (name !== undefined) this.#existing(name, "read extended attributes of");
    return {};
  }

  /** Refused, unless there is nothing to set. */
  setXattrs(name: string | undefined, _scope: XattrScope, xattrs: Xattrs): void {
    if (name !== undefined) this.#existing(name, "set extended attributes of");
    refuseXattrs(name ?? this.#place.name, xattrs);
  }

  /** Forgets the names that were not handed out. Nothing is held open. */
  close(): void {
    this.#names = undefined;
  }

  /** Checks that the path still leads to this directory. */
  #verify(verb: string): BigIntStats {
    const found = directoryAt(this.#place, verb);
    // One look is enough where inodes are told: a path through a symlink would lead to another inode.
    const isSame = identityOfStat(found) === this.#identity;
    if (isSame && this.#identified) return found;
    if (this.#place.parent !== undefined) this.#place.parent.#verify(verb);
    if (isSame) return found;
    throw failure("vanished", verb, this.#place.name, "another directory has taken its place");
  }

  /** Path of an entry, for a call that comes next: the name and this directory are checked. */
  #path(name: string, verb: string): ReturnType<typeof systemPath> {
    checkName(name);
    this.#verify(verb);
    return this.#target(name);
  }

  /** Path of an entry whose name and directory were checked just before. */
  #target(name: string): ReturnType<typeof systemPath> {
    return systemPath(joinPath(this.#place.path, name), name);
  }

  #stat(name: string, verb: string): BigIntStats | undefined {
    this.#path(name, verb);
    return (this.#place.following && this.#followed(name)) ?? statOf(joinPath(this.#place.path, name), name);
  }

  #existing(name: string, verb: string): BigIntStats {
    const stat = this.#stat(name, verb);
    if (stat === undefined) throw failure("vanished", verb, name, "no such file or directory");
    return stat;
  }
}

function statTarget(path: string, name: string): BigIntStats | undefined {
  const target = systemPath(path, name);
  return attempt("follow the symlink", name, () => statSync(target, { bigint: true, throwIfNoEntry: false }));
}

/** Whether a symlink stays below a root; its text alone does not tell. */
function isBeneath(path: string, root: string): boolean {
  try {
    return isWithin(realpathSync(path), root);
  } catch {
    // It leads nowhere, or not for us.
    return false;
  }
}

function directoryAt(place: Place, verb: string): BigIntStats {
  const found = place.stat();
  if (found === undefined) throw failure("vanished", verb, place.name, "no such file or directory");
  refuseAllBut("directory", kindOfStat(found), place.name, verb);
  return found;
}

const REFUSALS: Readonly<Record<Kind, readonly [code: SyncErrorCode, why: string]>> = {
  "file": ["not-directory", "not a directory"],
  "directory": ["is-directory", "it is a directory"],
  "symlink": ["symlink-refused", "it is a symlink, which is never followed here"],
  "fifo": ["unsupported", "it is a FIFO"],
  "socket": ["unsupported", "it is a socket"],
  "block-device": ["unsupported", "it is a device"],
  "character-device": ["unsupported", "it is a device"],
};

function refuseAllBut(wanted: "file" | "directory", kind: Kind, name: string, verb = "open"): void {
  if (kind === wanted) return;
  const special = wanted === "directory" && kind !== "symlink";
  const [code, why] = special ? REFUSALS.file : REFUSALS[kind];
  throw failure(code, verb, name, why);
}

function unsupported(verb: string, name: string, why: string): SyncError {
  return failure("unsupported", verb, name, why);
}

function failure(code: SyncErrorCode, verb: string, name: string, why: string): SyncError {
  const what = name === "" ? "the directory" : `"${printable(name)}"`;
  return new SyncError(code, `Cannot ${verb} ${what}: ${why}`, { path: name });
}

/** Device and inode of the directory that a path leads to, and of all above it, as far as they are for us to see. */
function* identitiesAbove(path: string): Generator<string> {
  try {
    for (let at = realpathSync(path), last = ""; at !== last; at = dirname(at)) {
      yield identityOfStat(statSync(at, { bigint: true }));
      last = at;
    }
  } catch {
    // It leads nowhere, or not for us.
  }
}
