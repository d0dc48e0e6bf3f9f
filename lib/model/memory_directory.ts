/**
 * Open directories of a tree in memory. A handle means an inode, not a path, as a descriptor does: what is renamed or
 * swapped above it does not lead it elsewhere.
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { asSyncError, SyncError } from "../errors.ts";
import type { Entry, MetadataPatch, Xattrs } from "./entry.ts";
import type { Listing } from "./listing.ts";
import { entryOf, MemoryFileReader, MemoryFileUpdater, MemoryFileWriter, type Opened } from "./memory_file.ts";
import {
  checkNewName,
  memoryError,
  MemoryNode,
  type MemoryOperation,
  type MemoryWorld,
  patchNode,
  setXattrsWithin,
  xattrsWithin,
} from "./memory_node.ts";
import { baseName, childPath, type RelPath } from "./rel_path.ts";
import type { Directory, FileReader, FileUpdater, FileWriter, XattrScope } from "./tree.ts";

/** Entries that one call of `list` adds. */
const LIST_CHUNK = 1_000;

/** One open directory. */
export class MemoryDirectory implements Directory {
  readonly #world: MemoryWorld;
  readonly #node: MemoryNode;
  readonly #path: RelPath;
  #names: string[] | undefined;

  /** Opens a node that is a directory. */
  constructor({ world, node, path }: Opened) {
    this.#world = world;
    this.#node = node;
    this.#path = path;
  }

  /** Device and inode. */
  identity(): string {
    return this.#node.identity;
  }

  /** Metadata of the directory itself. */
  entry(): Entry {
    this.#world.before("entry", this.#path);
    return entryOf(this.#world, this.#node);
  }

  /** Adds up to a thousand entries. */
  list(into: Listing): boolean {
    this.#world.before("list", this.#path);
    this.#names ??= [...this.#node.children.keys()];
    const names = this.#names.splice(0, LIST_CHUNK);
    for (const name of names) this.#addTo(into, name);
    return names.length > 0;
  }

  #addTo(into: Listing, name: string): void {
    const bytes = encodeName(name);
    try {
      this.#world.before("lookup", childPath(this.#path, name));
    } catch (thrown) {
      into.setError(into.add(bytes, 0, bytes.length), asSyncError(thrown));
      return;
    }
    const node = this.#node.children.get(name);
    if (node === undefined) return;
    const links = node.kind === "directory" ? 2 : node.links;
    const { inode, ctimeSeconds, ctimeNanoseconds } = node;
    into.addEntry(bytes, entryOf(this.#world, node), { device: 1, inode, links, ctimeSeconds, ctimeNanoseconds });
  }

  /** Metadata of one entry. */
  lookup(name: string): Entry | undefined {
    const node = this.#find("lookup", name);
    return node === undefined ? undefined : entryOf(this.#world, node);
  }

  /** Device and inode of one entry. */
  identityOf(name: string): string | undefined {
    return this.#find("identityOf", name)?.identity;
  }

  /** Target of a symlink. */
  readLink(name: string): string {
    const node = this.#existing("readLink", name);
    if (node.kind !== "symlink") throw memoryError("unsupported", "read the symlink", name, "it is not a symlink");
    return node.target;
  }

  /** Opens a directory in this one. */
  openDirectory(name: string): MemoryDirectory {
    const node = this.#existing("openDirectory", name);
    if (node.kind === "symlink") throw memoryError("symlink-refused", "open", name, "it is a symlink");
    if (node.kind !== "directory") throw memoryError("not-directory", "open", name, "not a directory");
    return new MemoryDirectory({ world: this.#world, node, path: childPath(this.#path, name) });
  }

  /** Opens a regular file for reading. */
  openFile(name: string): FileReader {
    const node = this.#existing("openFile", name);
    if (node.kind === "symlink") throw memoryError("symlink-refused", "open", name, "it is a symlink");
    if (node.kind === "directory") throw memoryError("is-directory", "open", name, "it is a directory");
    if (node.kind !== "file") throw memoryError("unsupported", "open", name, `it is a ${node.kind}`);
    return new MemoryFileReader({ world: this.#world, node, path: childPath(this.#path, name) });
  }

  /** Opens a regular file to change it where it is, unless it has further names. */
  openToUpdate(name: string): FileUpdater | undefined {
    const node = this.#existing("openToUpdate", name);
    if (node.kind === "symlink") throw memoryError("symlink-refused", "open", name, "it is a symlink");
    if (node.kind !== "file") throw memoryError("unsupported", "open", name, `it is a ${node.kind}`);
    if (node.links > 1) return undefined;
    return new MemoryFileUpdater({ world: this.#world, node, path: childPath(this.#path, name) });
  }

  /** Makes a new regular file. */
  createFile(name: string, mode: number): FileWriter {
    this.#before("createFile", name);
    const node = this.#make(name, new MemoryNode(this.#world, "file", mode));
    return new MemoryFileWriter({ world: this.#world, node, path: childPath(this.#path, name) });
  }

  createUnnamedFile(): undefined {}

  nameFile(_file: FileWriter, name: string): void {
    throw new SyncError("unsupported", `Cannot create "${printable(name)}": files without a name are not offered here`);
  }

  makeDirectory(name: string, mode: number): void {
    this.#before("makeDirectory", name);
    this.#make(name, new MemoryNode(this.#world, "directory", mode));
  }

  /** Makes a symlink. */
  makeSymlink(name: string, target: string): void {
    this.#before("makeSymlink", name);
    if (target === "") throw memoryError("vanished", "make symlink", name, "its target is empty");
    this.#make(name, new MemoryNode(this.#world, "symlink", 0o777, { target }));
  }

  /** Makes a FIFO, socket or device. */
  makeSpecial(name: string, entry: Entry): void {
    this.#before("makeSpecial", name);
    const { specials, privileged } = this.#world.capabilities;
    if (!specials) throw memoryError("unsupported", `make ${entry.kind}`, name, "this tree has none");
    if (entry.device !== undefined && !privileged) {
      throw memoryError("permission", `make ${entry.kind}`, name, "operation not permitted");
    }
    this.#make(name, new MemoryNode(this.#world, entry.kind, entry.mode, { device: entry.device }));
  }

  /** Makes a hard link. */
  link(name: string, directory: Directory, existing: string): void {
    this.#before("link", name);
    if (!(directory instanceof MemoryDirectory) || directory.#world !== this.#world) {
      throw memoryError("unsupported", "link", name, "it is on another file system");
    }
    if (!this.#world.capabilities.hardLinks) throw memoryError("unsupported", "link", name, "this tree has none");
    const node = directory.#node.children.get(existing);
    if (node === undefined) throw memoryError("vanished", "link", existing, "no such file or directory");
    if (node.kind === "directory") throw memoryError("permission", "link", existing, "it is a directory");
    this.#make(name, node, false);
  }

  /** Renames as POSIX says: two names of one file both stay. */
  renameNew(from: string, to: string): void {
    if (this.#node.children.has(to)) {
      throw new SyncError("exists", `Cannot create "${printable(to)}": it exists already`, { path: to });
    }
    this.rename(from, to);
  }

  rename(from: string, to: string): void {
    this.#before("rename", to);
    const node = this.#existing(undefined, from);
    this.#checkNew(to);
    const replaced = this.#node.children.get(to);
    if (replaced === node) return;
    if (replaced !== undefined) this.#checkReplaceable(node, replaced, to);
    this.#node.children.delete(from);
    if (replaced !== undefined) replaced.links -= 1;
    this.#node.children.set(to, node);
    this.#world.touch(this.#node);
  }

  #checkReplaceable(node: MemoryNode, replaced: MemoryNode, to: string): void {
    if (replaced.kind === "directory" && node.kind !== "directory") {
      throw memoryError("is-directory", "replace", to, "it is a directory");
    }
    if (replaced.kind !== "directory" && node.kind === "directory") {
      throw memoryError("not-directory", "replace", to, "not a directory");
    }
    if (replaced.children.size > 0) throw memoryError("not-empty", "replace", to, "the directory is not empty");
  }

  /** Moves an entry of another directory here. */
  moveHere(name: string, directory: Directory, existing: string): void {
    this.#before("moveHere", name);
    if (!(directory instanceof MemoryDirectory) || directory.#world !== this.#world) {
      throw memoryError("unsupported", "move", name, "it is on another file system");
    }
    const node = directory.#existing(undefined, existing);
    this.#checkNew(name);
    if (this.#node.children.has(name)) throw memoryError("exists", "move", name, "it exists already");
    if (holds(node, this.#node)) throw memoryError("unsupported", "move", name, "it would be in itself");
    directory.#node.children.delete(existing);
    this.#node.children.set(name, node);
    this.#world.touch(directory.#node);
    this.#world.touch(this.#node);
  }

  /** Swaps two names. */
  exchange(one: string, other: string): void {
    this.#before("exchange", other);
    const first = this.#existing(undefined, one);
    const second = this.#existing(undefined, other);
    this.#node.children.set(one, second);
    this.#node.children.set(other, first);
    this.#world.touch(this.#node);
  }

  /** Removes an entry that is not a directory. */
  removeFile(name: string): void {
    const node = this.#existing("removeFile", name);
    if (node.kind === "directory") throw memoryError("is-directory", "remove", name, "it is a directory");
    this.#unlink(name, node);
  }

  /** Removes an empty directory. */
  removeDirectory(name: string): void {
    const node = this.#existing("removeDirectory", name);
    if (node.kind !== "directory") throw memoryError("not-directory", "remove directory", name, "not a directory");
    if (node.children.size > 0) throw memoryError("not-empty", "remove directory", name, "the directory is not empty");
    this.#unlink(name, node);
  }

  /** Sets metadata of an entry or of this directory. */
  setMetadata(name: string | undefined, patch: MetadataPatch): void {
    patchNode(this.#world, this.#own("setMetadata", name), patch, name ?? baseName(this.#path));
  }

  /** Extended attributes of an entry or of this directory. */
  xattrs(name: string | undefined, scope: XattrScope): Xattrs {
    return xattrsWithin(this.#own("xattrs", name), scope);
  }

  /** Sets extended attributes of an entry or of this directory. */
  setXattrs(name: string | undefined, scope: XattrScope, xattrs: Xattrs): void {
    const node = this.#own("setXattrs", name);
    setXattrsWithin(this.#world, node, scope, xattrs, name ?? baseName(this.#path));
  }

  /** Forgets the names that were not handed out. */
  close(): void {
    this.#names = undefined;
  }

  #own(operation: MemoryOperation, name: string | undefined): MemoryNode {
    if (name !== undefined) return this.#existing(operation, name);
    this.#world.before(operation, this.#path);
    return this.#node;
  }

  #before(operation: MemoryOperation, name: string): void {
    this.#world.before(operation, childPath(this.#path, name));
  }

  #find(operation: MemoryOperation | undefined, name: string): MemoryNode | undefined {
    const path = childPath(this.#path, name);
    if (operation !== undefined) this.#world.before(operation, path);
    return this.#node.children.get(name);
  }

  #existing(operation: MemoryOperation | undefined, name: string): MemoryNode {
    const node = this.#find(operation, name);
    if (node === undefined) throw memoryError("vanished", "use", name, "no such file or directory");
    return node;
  }

  #checkNew(name: string): void {
    childPath(this.#path, name);
    checkNewName(this.#world, name, encodeName(name).length);
    if (this.#node.links === 0) throw memoryError("vanished", "make", name, "its directory was removed");
  }

  /** Gives a node a name here; `isNew` when it was made for it. */
  #make(name: string, node: MemoryNode, isNew = true): MemoryNode {
    this.#checkNew(name);
    if (this.#node.children.has(name)) throw memoryError("exists", "make", name, "it exists already");
    node.links += 1;
    this.#node.children.set(name, node);
    if (isNew) this.#world.touch(node);
    this.#world.touch(this.#node);
    return node;
  }

  #unlink(name: string, node: MemoryNode): void {
    this.#node.children.delete(name);
    node.links -= 1;
    this.#world.touch(this.#node);
  }
}

function holds(node: MemoryNode, other: MemoryNode): boolean {
  return node === other || [...node.children.values()].some((child) => holds(child, other));
}
