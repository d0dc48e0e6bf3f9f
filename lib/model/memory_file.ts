/**
 * Open files of a tree in memory.
 *
 * @module
 */
import { BLOCK_BYTES } from "../bytes/differing_runs.ts";
import { encodeName } from "../bytes/name.ts";
import type { Entry, MetadataPatch, Xattrs } from "./entry.ts";
import { type MemoryNode, type MemoryWorld, patchNode, setXattrsWithin } from "./memory_node.ts";
import { baseName, type RelPath } from "./rel_path.ts";
import type { Stamp } from "./stamp.ts";
import type { FileReader, FileUpdater, FileWriter, XattrScope } from "./tree.ts";

/** Bytes that one read or copy moves at most, so that callers meet short counts in tests. */
const CHUNK = 65_536;

/** A node, the path it was opened by, and its world. */
export interface Opened {
  /** World of the node. */
  readonly world: MemoryWorld;
  /** The inode. */
  readonly node: MemoryNode;
  /** Path it was opened by. */
  readonly path: RelPath;
}

/** Metadata of a node as its tree shows it. */
export function entryOf(world: MemoryWorld, node: MemoryNode): Entry {
  return node.entry((target) => encodeName(target).length, world.capabilities.holes);
}

/** What an ordinary write changes of a node. */
function stampOf(node: MemoryNode): Stamp {
  const { inode, mtimeSeconds, mtimeNanoseconds, ctimeSeconds, ctimeNanoseconds } = node;
  return { size: node.content.size, mtimeSeconds, mtimeNanoseconds, ctimeSeconds, ctimeNanoseconds, inode };
}

/** A file that is open for reading. */
export class MemoryFileReader implements FileReader {
  readonly #opened: Opened;

  /** Opens a node. */
  constructor(opened: Opened) {
    this.#opened = opened;
  }

  /** The inode that is open. */
  get node(): MemoryNode {
    return this.#opened.node;
  }

  /** Metadata as it is now. */
  entry(): Entry {
    this.#before("entry");
    return entryOf(this.#opened.world, this.node);
  }

  /** What an ordinary write changes. */
  stamp(): Stamp {
    this.#before("stamp");
    return stampOf(this.node);
  }

  /** Reads at most 64 KiB. */
  read(into: Uint8Array, position: number): number {
    this.#before("read");
    return this.node.content.read(into.subarray(0, CHUNK), position);
  }

  /** Next data; without the capability all content is. */
  nextData(position: number): number | undefined {
    this.#before("nextData");
    if (this.#opened.world.capabilities.holes) return this.node.content.nextData(position);
    return position < this.node.content.size ? position : undefined;
  }

  /** Next hole; without the capability the end of the file. */
  nextHole(position: number): number {
    this.#before("nextHole");
    const { content } = this.node;
    return this.#opened.world.capabilities.holes ? content.nextHole(position) : content.size;
  }

  /** Compares both in pieces. */
  sameBytes(other: FileReader, position: number, length: number): boolean {
    this.#before("sameBytes");
    const mine = new Uint8Array(Math.min(length, CHUNK));
    const theirs = new Uint8Array(mine.length);
    for (let at = position; at < position + length;) {
      const wanted = Math.min(mine.length, position + length - at);
      const count = this.node.content.read(mine.subarray(0, wanted), at);
      if (count === 0 || other.read(theirs.subarray(0, count), at) !== count) return false;
      if (mine.subarray(0, count).some((byte, index) => byte !== theirs[index])) return false;
      at += count;
    }
    return true;
  }

  /** Does nothing. */
  close(): void {}

  #before(operation: "entry" | "stamp" | "read" | "nextData" | "nextHole" | "sameBytes"): void {
    this.#opened.world.before(operation, this.#opened.path);
  }
}

/** A new file that is open for writing. */
export class MemoryFileWriter implements FileWriter {
  readonly #opened: Opened;
  #isOpen = true;

  /** Opens a node. */
  constructor(opened: Opened) {
    this.#opened = opened;
  }

  /** Takes over all content, where the tree copies in the kernel. */
  cloneFrom(source: FileReader): boolean {
    this.#before("cloneFrom");
    if (!this.#opened.world.capabilities.kernelCopy || !(source instanceof MemoryFileReader)) return false;
    this.#opened.node.content.become(source.node.content);
    this.#touch();
    return true;
  }

  /** Copies until the length is reached or the source ends. */
  copyFrom(source: FileReader, position: number, length: number): number {
    this.#before("copyFrom");
    return this.#copy(source, position, position, length);
  }

  /** The same to another position. */
  copyRange(source: FileReader, from: number, to: number, length: number): number {
    this.#before("copyRange");
    return this.#copy(source, from, to, length);
  }

  #copy(source: FileReader, from: number, to: number, length: number): number {
    const buffer = new Uint8Array(Math.min(length, CHUNK));
    let done = 0;
    while (done < length) {
      const count = source.read(buffer.subarray(0, length - done), from + done);
      if (count === 0) break;
      this.#opened.node.content.write(buffer.subarray(0, count), to + done);
      done += count;
    }
    this.#touch();
    return done;
  }

  /** Writes all of it. */
  write(bytes: Uint8Array, position: number): void {
    this.#before("write");
    this.#opened.node.content.write(bytes, position);
    this.#touch();
  }

  /** Sets the length. */
  truncate(size: number): void {
    this.#before("truncate");
    this.#opened.node.content.truncate(size);
    this.#touch();
  }

  /** Sets metadata. */
  setMetadata(patch: MetadataPatch): void {
    this.#before("setMetadata");
    patchNode(this.#opened.world, this.#opened.node, patch, baseName(this.#opened.path));
  }

  /** Sets extended attributes. */
  setXattrs(scope: XattrScope, xattrs: Xattrs): void {
    this.#before("setXattrs");
    setXattrsWithin(this.#opened.world, this.#opened.node, scope, xattrs, baseName(this.#opened.path));
  }

  /** Only the hook sees it. */
  flush(): void {
    this.#before("flush");
  }

  /** Only the hook sees it, the first time. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#before("close");
  }

  #before(operation: Parameters<MemoryWorld["before"]>[0]): void {
    this.#opened.world.before(operation, this.#opened.path);
  }

  #touch(): void {
    this.#opened.world.touch(this.#opened.node);
  }
}

/** A file that is brought up to date where it is. */
export class MemoryFileUpdater implements FileUpdater {
  readonly reader: MemoryFileReader;
  readonly writer: MemoryFileWriter;
  written = 0;
  readonly #opened: Opened;

  /** Opens a node. */
  constructor(opened: Opened) {
    this.#opened = opened;
    this.reader = new MemoryFileReader(opened);
    this.writer = new MemoryFileWriter(opened);
  }

  /** Compares and writes block by block. */
  updateFrom(source: FileReader, position: number, length: number): number {
    const { world, node, path } = this.#opened;
    world.before("updateFrom", path);
    const [theirs, mine] = [new Uint8Array(BLOCK_BYTES), new Uint8Array(BLOCK_BYTES)];
    for (let done = 0; done < length;) {
      const count = source.read(theirs.subarray(0, length - done), position + done);
      if (count === 0) return done;
      const had = node.content.read(mine.subarray(0, count), position + done);
      if (had < count || theirs.subarray(0, count).some((byte, index) => byte !== mine[index])) {
        this.writer.write(theirs.subarray(0, count), position + done);
        this.written += count;
      }
      done += count;
    }
    return length;
  }
}
