/**
 * The inodes of a tree in memory, and the world they share: capabilities, a clock that only counts, and the hook that
 * lets a test fail any call or change the tree just before it.
 *
 * @module
 */
import { isUnicodeName } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { SyncError, type SyncErrorCode } from "../errors.ts";
import type { Capabilities } from "./capabilities.ts";
import { type Entry, KEEP_OWNER, type Kind, type MetadataPatch, type Xattrs } from "./entry.ts";
import { SparseBytes } from "./memory_content.ts";
import type { Directory, FileReader, FileWriter, Tree, XattrScope } from "./tree.ts";

/** Names of the calls that a {@linkcode MemoryHook} sees. */
export type MemoryOperation = Exclude<
  keyof Tree | keyof Directory | keyof FileReader | keyof FileWriter | "updateFrom",
  "capabilities" | "identity"
>;

/**
 * Called before each operation with the path of its entry (of the new name where there are two). What it returns is
 * thrown by the operation; it may change the tree. Listing a directory calls it once more for each entry, as `lookup`.
 */
export type MemoryHook = (operation: MemoryOperation, path: string) => SyncError | undefined | void;

const SECOND = 1_000_000_000;
/** When a memory tree begins: the time of whatever a literal gives no time to. */
export const EPOCH_SECONDS = 1_000_000_000;

/** What all nodes of one tree share. */
export class MemoryWorld {
  /** What the tree offers. */
  readonly capabilities: Capabilities;
  /** Called before each operation. */
  hook: MemoryHook | undefined;
  #inodes = 0;
  #ticks = 0;

  /** Makes a world without nodes. */
  constructor(capabilities: Capabilities, hook: MemoryHook | undefined) {
    this.capabilities = capabilities;
    this.hook = hook;
  }

  /** Number for a new inode. */
  newInode(): number {
    return ++this.#inodes;
  }

  /** Lets the hook act; throws what it returns. */
  before(operation: MemoryOperation, path: string): void {
    const error = this.hook?.(operation, path);
    if (error !== undefined) throw error;
  }

  /** Gives a node the time of now. Every call is a nanosecond later than the one before. */
  touch(node: MemoryNode): void {
    this.changed(node);
    this.setTime(node, node.ctimeSeconds, node.ctimeNanoseconds);
  }

  /** Notes that something of a node was changed now. */
  changed(node: MemoryNode): void {
    this.#ticks += 1;
    node.ctimeSeconds = EPOCH_SECONDS + Math.floor(this.#ticks / SECOND);
    node.ctimeNanoseconds = this.#ticks % SECOND;
  }

  /** Gives a node a time, rounded down to the step of the tree. */
  setTime(node: MemoryNode, seconds: number, nanoseconds: number): void {
    node.mtimeSeconds = seconds;
    node.mtimeNanoseconds = nanoseconds - nanoseconds % this.capabilities.timeStepNanoseconds;
  }
}

/** One inode. */
export class MemoryNode {
  /** Number of the inode. */
  readonly inode: number;
  /** What it is. */
  readonly kind: Kind;
  /** Permission bits. */
  mode: number;
  /** Number of the owner. */
  uid = 0;
  /** Number of the group. */
  gid = 0;
  /** Whole seconds of the time of modification. */
  mtimeSeconds: number = EPOCH_SECONDS;
  /** Nanoseconds to add. */
  mtimeNanoseconds = 0;
  /** Whole seconds of the time of change. */
  ctimeSeconds: number = EPOCH_SECONDS;
  /** Nanoseconds to add. */
  ctimeNanoseconds = 0;
  /** How many names it has; 0 once it is removed. */
  links = 0;
  /** Extended attributes, values in base64. */
  xattrs: Map<string, string> = new Map();
  /** Entries of a directory. */
  readonly children: Map<string, MemoryNode> = new Map();
  /** Content of a file. */
  readonly content: SparseBytes = new SparseBytes();
  /** Where a symlink points. */
  readonly target: string;
  /** Numbers of a device. */
  readonly device: readonly [major: number, minor: number] | undefined;

  /** Makes an inode without a name. */
  constructor(
    world: MemoryWorld,
    kind: Kind,
    mode: number,
    extras: { target?: string; device?: readonly [number, number] | undefined } = {},
  ) {
    this.inode = world.newInode();
    this.kind = kind;
    this.mode = mode & 0o7777;
    this.target = extras.target ?? "";
    this.device = extras.device;
  }

  /** Device and inode, in the form of a listing. */
  get identity(): string {
    return `1:0:${this.inode}`;
  }

  /** Metadata as plain data. */
  entry(targetBytes: (target: string) => number, holes: boolean): Entry {
    const size = this.kind === "symlink" ? targetBytes(this.target) : this.content.size;
    const entry: Entry = {
      kind: this.kind,
      mode: this.mode,
      uid: this.uid,
      gid: this.gid,
      size,
      mtimeSeconds: this.mtimeSeconds,
      mtimeNanoseconds: this.mtimeNanoseconds,
      allocated: holes || this.kind !== "file" ? this.content.allocated : Math.ceil(size / 4096) * 4096,
    };
    return this.device === undefined ? entry : { ...entry, device: this.device };
  }
}

/**
 * Sets metadata of a node as a kernel would: a new owner clears setuid and setgid, and needs privileges.
 *
 * @param world World of the node.
 * @param node The node.
 * @param patch What to set.
 * @param name Name for errors.
 * @throws {SyncError} code `"permission"`.
 */
export function patchNode(world: MemoryWorld, node: MemoryNode, patch: MetadataPatch, name: string): void {
  const { mode } = patch;
  world.changed(node);
  if (patch.uid !== undefined && patch.gid !== undefined) {
    const { privileged, groups } = world.capabilities;
    const uid = patch.uid === KEEP_OWNER ? node.uid : patch.uid;
    const gid = patch.gid === KEEP_OWNER ? node.gid : patch.gid;
    const isAllowed = privileged || (uid === node.uid && (gid === node.gid || groups.includes(gid)));
    if (!isAllowed) throw memoryError("permission", "set the owner of", name, "operation not permitted");
    node.uid = uid;
    node.gid = gid;
    if (node.kind === "file") node.mode &= ~0o6000;
  }
  if (mode !== undefined && node.kind !== "symlink") node.mode = mode & 0o7777;
  if (patch.mtimeSeconds !== undefined) world.setTime(node, patch.mtimeSeconds, patch.mtimeNanoseconds ?? 0);
}

/** Extended attributes of a node within a scope, in byte order. */
export function xattrsWithin(node: MemoryNode, scope: XattrScope): Xattrs {
  const found = [...node.xattrs].filter(([name]) => isWithin(name, scope));
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Makes the extended attributes of a node within a scope exactly these.
 *
 * @param world World of the node.
 * @param node The node.
 * @param scope What is meant.
 * @param xattrs The attributes.
 * @param name Name for errors.
 * @throws {SyncError} code `"unsupported"` where the tree has none.
 */
export function setXattrsWithin(
  world: MemoryWorld,
  node: MemoryNode,
  scope: XattrScope,
  xattrs: Xattrs,
  name: string,
): void {
  const wanted = Object.entries(xattrs).filter(([key]) => isWithin(key, scope));
  if (!world.capabilities.xattrs && wanted.length > 0) {
    throw memoryError("unsupported", "set extended attributes of", name, "this tree has none");
  }
  const kept = [...node.xattrs].filter(([key]) => !isWithin(key, scope));
  node.xattrs = new Map([...kept, ...wanted]);
}

function isWithin(name: string, scope: XattrScope): boolean {
  return name.startsWith("system.posix_acl_") ? scope.lists : scope.attributes;
}

/**
 * Checks a new name against the limits of Linux and of the tree's capabilities.
 *
 * @param world World of the directory.
 * @param name The name.
 * @param bytes Its length in bytes.
 * @throws {SyncError} code `"name-not-representable"`.
 */
export function checkNewName(world: MemoryWorld, name: string, bytes: number): void {
  if (bytes > 255) throw memoryError("name-not-representable", "use name", name, "it is longer than 255 bytes");
  if (world.capabilities.byteNames || isUnicodeName(name)) return;
  throw memoryError("name-not-representable", "use name", name, "it is not UTF-8");
}

/** An error about one entry. */
export function memoryError(code: SyncErrorCode, verb: string, name: string, why: string): SyncError {
  const what = name === "" ? "the directory" : `"${printable(name)}"`;
  return new SyncError(code, `Cannot ${verb} ${what}: ${why}`, { path: name });
}
