/**
 * A tree in memory, for tests of this toolkit and of those who use it. It behaves as a Linux file system does, can be
 * written down and read back as plain data ({@linkcode TreeLiteral}), can lack what a real one may lack, and lets a
 * test fail any call or change the tree at that moment (a {@linkcode MemoryHook}).
 *
 * @module
 */
import { decodeName, isUnicodeName } from "../bytes/name.ts";
import type { Capabilities } from "./capabilities.ts";
import { compareNames } from "../bytes/name.ts";
import type { Kind } from "./entry.ts";
import { MemoryDirectory } from "./memory_directory.ts";
import { formatSeconds, type NodeContent, type NodeLiteral, parseSeconds, type TreeLiteral } from "./memory_literal.ts";
import { memoryError, type MemoryHook, MemoryNode, MemoryWorld } from "./memory_node.ts";
import { baseName, childPath, parentPath, parseRelPath, type RelPath, ROOT } from "./rel_path.ts";
import type { Space } from "./space.ts";
import type { Directory, Tree } from "./tree.ts";

export type { NodeAttributes, NodeContent, NodeLiteral, TreeLiteral } from "./memory_literal.ts";
export type { MemoryHook, MemoryOperation } from "./memory_node.ts";

/** Options of {@linkcode memoryTree}. */
export interface MemoryTreeOptions {
  /** What differs from a tree that can do everything. @default {{}} */
  readonly capabilities?: Partial<Capabilities>;
  /** Called before each operation. @default {undefined} */
  readonly onOperation?: MemoryHook;
  /** How much room it says it has; nothing is refused for want of it. @default {undefined} */
  readonly space?: Space;
}

/** What {@linkcode MemoryTree.dump} tells. */
export interface DumpOptions {
  /** Whether modes, owners, times and extended attributes are told. @default {true} */
  readonly attributes?: boolean;
}

const ALL_CAPABILITIES: Capabilities = {
  layer: "memory",
  confined: true,
  byteNames: true,
  timeStepNanoseconds: 1,
  privileged: true,
  groups: [],
  hardLinks: true,
  specials: true,
  holes: true,
  xattrs: true,
  kernelCopy: true,
  threads: false,
};

const DEFAULT_MODES: Readonly<Partial<Record<Kind, number>>> = { directory: 0o755, symlink: 0o777 };

/**
 * Makes a tree in memory.
 *
 * @param literal What is in it.
 * @param options What it cannot do, and a hook.
 * @returns The tree.
 * @throws {SyncError} code `"path-escape"` for a name that is not a single name.
 *
 * @example A tree with a file and a second name for it
 * ```ts
 * import { memoryTree } from "./memory_tree.ts";
 *
 * const tree = memoryTree({ a: { file: "x", mode: 0o600 }, d: { dir: { b: { hardLinkOf: "a" } } } });
 * console.log(tree.dump({ attributes: false }));
 * ```
 */
export function memoryTree(literal: TreeLiteral = {}, options: MemoryTreeOptions = {}): MemoryTree {
  return new MemoryTree(literal, options);
}

/** A tree in memory. See {@linkcode memoryTree}. */
export class MemoryTree implements Tree {
  readonly #world: MemoryWorld;
  readonly #root: MemoryNode;
  readonly #space: Space | undefined;

  /** Makes the tree that a literal says. */
  constructor(literal: TreeLiteral = {}, options: MemoryTreeOptions = {}) {
    this.#world = new MemoryWorld({ ...ALL_CAPABILITIES, ...options.capabilities }, undefined);
    this.#root = new MemoryNode(this.#world, "directory", 0o755);
    this.#root.links = 1;
    this.#fill(this.#root, literal, ROOT);
    this.#world.hook = options.onOperation;
    this.#space = options.space;
  }

  /** What this tree offers. */
  get capabilities(): Capabilities {
    return this.#world.capabilities;
  }

  /** Called before each operation. */
  get onOperation(): MemoryHook | undefined {
    return this.#world.hook;
  }

  /** Sets what is called before each operation. */
  set onOperation(hook: MemoryHook | undefined) {
    this.#world.hook = hook;
  }

  /** Opens a directory below the root. */
  open(path: RelPath): Directory {
    this.#world.before("open", path);
    let directory = new MemoryDirectory({ world: this.#world, node: this.#root, path: ROOT });
    if (path === "") return directory;
    for (const name of path.split("/")) directory = directory.openDirectory(name);
    return directory;
  }

  /** What the options say. */
  space(): Space | undefined {
    this.#world.before("space", ROOT);
    return this.#space;
  }

  /** Only the hook sees it. */
  flush(): void {
    this.#world.before("flush", ROOT);
  }

  /** Only the hook sees it. */
  close(): void {
    this.#world.before("close", ROOT);
  }

  /**
   * Puts an entry in place of whatever is there, behind the back of who uses the tree. The hook does not see it.
   *
   * @param path Path of the entry; its directory exists.
   * @param literal What to put there.
   * @throws {SyncError} code `"vanished"` when the directory does not exist.
   */
  put(path: string, literal: NodeLiteral): void {
    const target = parseRelPath(path);
    if (this.#find(target) !== undefined) this.remove(path);
    const directory = this.#directory(parentPath(target));
    this.#fill(directory, { [baseName(target)]: literal }, parentPath(target));
    this.#world.touch(directory);
  }

  /**
   * Changes one bit of a file's content as a failing disk does: no time tells of it. The hook does not see it.
   *
   * @param path Path of the file.
   * @param position Position of the byte. @default {0}
   * @throws {SyncError} code `"vanished"` when there is no such byte.
   */
  flipBit(path: string, position = 0): void {
    const node = this.#find(parseRelPath(path));
    const byte = new Uint8Array(1);
    if (node?.kind !== "file" || node.content.read(byte, position) === 0) {
      throw memoryError("vanished", "change", path, "no such byte");
    }
    node.content.write(Uint8Array.of(byte[0]! ^ 1), position);
  }

  /**
   * Removes an entry with all that is in it. The hook does not see it.
   *
   * @param path Path of the entry.
   * @throws {SyncError} code `"vanished"` when there is none.
   */
  remove(path: string): void {
    const target = parseRelPath(path);
    const directory = this.#directory(parentPath(target));
    const node = directory.children.get(baseName(target));
    if (node === undefined) throw memoryError("vanished", "remove", path, "no such file or directory");
    directory.children.delete(baseName(target));
    unlinkAll(node);
    this.#world.touch(directory);
  }

  /**
   * Writes the tree down. Names are in byte order; of several names of one file the first holds the content.
   *
   * @param options Whether attributes are told.
   * @returns A literal that makes an equal tree.
   */
  dump(options: DumpOptions = {}): TreeLiteral {
    return dumpDirectory(this.#root, ROOT, { attributes: options.attributes ?? true, seen: new Map() });
  }

  #find(path: RelPath): MemoryNode | undefined {
    let node: MemoryNode | undefined = this.#root;
    if (path === "") return node;
    for (const name of path.split("/")) node = node?.children.get(name);
    return node;
  }

  #directory(path: RelPath): MemoryNode {
    const node = this.#find(path);
    if (node?.kind === "directory") return node;
    throw memoryError("vanished", "use", path, "no such directory");
  }

  /** Adds what a literal says; hard links last, since they may name what comes later. */
  #fill(directory: MemoryNode, literal: TreeLiteral, path: RelPath): void {
    const links: [directory: MemoryNode, name: string, of: string][] = [];
    this.#addAll(directory, literal, path, links);
    for (const [holder, name, of] of links) {
      const node = this.#find(parseRelPath(of));
      if (node === undefined) throw memoryError("vanished", "link", of, "no such file or directory");
      node.links += 1;
      holder.children.set(name, node);
    }
  }

  #addAll(holder: MemoryNode, literal: TreeLiteral, path: RelPath, links: [MemoryNode, string, string][]): void {
    for (const [name, item] of Object.entries(literal)) {
      const own = childPath(path, name);
      if ("hardLinkOf" in item) {
        links.push([holder, name, item.hardLinkOf]);
        continue;
      }
      const node = this.#nodeOf(item);
      holder.children.set(name, node);
      if ("dir" in item) this.#addAll(node, item.dir, own, links);
    }
  }

  #nodeOf(literal: NodeLiteral): MemoryNode {
    const kind = kindOfLiteral(literal);
    const mode = literal.mode ?? DEFAULT_MODES[kind] ?? 0o644;
    const device = "blockDevice" in literal
      ? literal.blockDevice
      : "characterDevice" in literal
      ? literal.characterDevice
      : undefined;
    const target = "link" in literal ? literal.link : "";
    const node = new MemoryNode(this.#world, kind, mode, { target, device });
    if ("file" in literal) node.content.write(bytesOf(literal.file), 0);
    node.links = 1;
    node.uid = literal.uid ?? 0;
    node.gid = literal.gid ?? 0;
    node.xattrs = new Map(Object.entries(literal.xattrs ?? {}));
    if (literal.mtime !== undefined) this.#world.setTime(node, ...parseSeconds(literal.mtime));
    return node;
  }
}

function kindOfLiteral(literal: NodeContent): Kind {
  if ("file" in literal) return "file";
  if ("dir" in literal) return "directory";
  if ("link" in literal) return "symlink";
  if ("fifo" in literal) return "fifo";
  if ("socket" in literal) return "socket";
  return "blockDevice" in literal ? "block-device" : "character-device";
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

function unlinkAll(node: MemoryNode): void {
  node.links -= 1;
  for (const child of node.children.values()) unlinkAll(child);
}

interface DumpState {
  readonly attributes: boolean;
  readonly seen: Map<MemoryNode, string>;
}

function dumpDirectory(directory: MemoryNode, path: RelPath, state: DumpState): TreeLiteral {
  const literal: Record<string, NodeLiteral> = {};
  for (const [name, node] of [...directory.children].sort(([a], [b]) => compareNames(a, b))) {
    literal[name] = dumpNode(node, childPath(path, name), state);
  }
  return literal;
}

function dumpNode(node: MemoryNode, path: RelPath, state: DumpState): NodeLiteral {
  const first = state.seen.get(node);
  if (first !== undefined) return { hardLinkOf: first };
  state.seen.set(node, path);
  const content = dumpContent(node, path, state);
  if (!state.attributes) return content;
  return {
    ...content,
    ...(node.kind === "symlink" ? {} : { mode: node.mode }),
    ...(node.uid === 0 ? {} : { uid: node.uid }),
    ...(node.gid === 0 ? {} : { gid: node.gid }),
    mtime: formatSeconds(node.mtimeSeconds, node.mtimeNanoseconds),
    ...(node.xattrs.size === 0 ? {} : { xattrs: Object.fromEntries(node.xattrs) }),
  };
}

function dumpContent(node: MemoryNode, path: RelPath, state: DumpState): NodeContent {
  switch (node.kind) {
    case "file":
      return { file: textOrBytes(node.content.toBytes()) };
    case "directory":
      return { dir: dumpDirectory(node, path, state) };
    case "symlink":
      return { link: node.target };
    case "fifo":
      return { fifo: true };
    case "socket":
      return { socket: true };
    case "block-device":
      return { blockDevice: node.device ?? [0, 0] };
    case "character-device":
      return { characterDevice: node.device ?? [0, 0] };
  }
}

/** Text where it is UTF-8, so that expectations read well. */
function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  const text = decodeName(bytes);
  return isUnicodeName(text) ? text : bytes;
}
