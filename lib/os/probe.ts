/**
 * What a file system can do, found out by doing it in a hidden folder that is removed again, and what this process runs
 * on.
 *
 * @module
 */
import { statfsSync } from "node:fs";
import { release } from "node:os";
import process from "node:process";
import { asSyncError, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { Listing } from "../model/listing.ts";
import { temporaryName } from "../model/leftover.ts";
import { ROOT } from "../model/rel_path.ts";
import type { Directory, Tree, XattrScope } from "../model/tree.ts";
import { fileSystemName } from "./file_systems.ts";
import { C } from "./libc.ts";
import { nativeCalls } from "./native_calls.ts";
import { NativeDirectory } from "./native_directory.ts";

/** What was tried and what came of it. */
export interface Probe {
  /** Stable name for programs, such as `"reflink"`. */
  readonly name: string;
  /** What it is, for people. */
  readonly title: string;
  /** Whether it works. */
  readonly works: boolean;
  /** Why it does not, or what exactly was found. */
  readonly detail?: string;
}

/** The file system that a directory is on. */
export interface FileSystemInfo {
  /** Its type, such as `"ext4"`; hexadecimal when it is not a known one. */
  readonly type: string;
  /** Size in bytes. */
  readonly totalBytes: number;
  /** Bytes that this process may still write. */
  readonly freeBytes: number;
}

/** The runtime and the machine. */
export interface RuntimeInfo {
  /** `"deno"`, `"bun"` or `"node"`. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** Operating system. */
  readonly platform: string;
  /** Processor. */
  readonly architecture: string;
  /** Release of the kernel; absent when it may not be asked. */
  readonly kernel?: string;
}

/**
 * Tells what this process runs on.
 *
 * @returns The runtime and the machine.
 */
export function runtimeInfo(): RuntimeInfo {
  const { versions, platform, arch } = process;
  // With the shim, Bun has a `Deno`, too; its versions say what it is.
  const name = versions["bun"] !== undefined ? "bun" : versions["deno"] !== undefined ? "deno" : "node";
  const kernel = attempted(release);
  return {
    name,
    version: versions[name] ?? "",
    platform,
    architecture: arch,
    ...(kernel === undefined ? {} : { kernel }),
  };
}

/**
 * Tells which file system a directory is on.
 *
 * @param path The directory.
 * @returns Type and sizes, or `undefined` when they cannot be asked.
 */
export function fileSystemInfo(path: string): FileSystemInfo | undefined {
  return attempted(() => {
    const { type, bsize, blocks, bavail } = statfsSync(path);
    return {
      type: fileSystemName(type),
      totalBytes: blocks * bsize,
      freeBytes: bavail * bsize,
    };
  });
}

function attempted<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined; // not on this platform, or not permitted
  }
}

/**
 * Tries what the file system of a tree can do. Makes a hidden folder in the root and removes it.
 *
 * @param tree The tree.
 * @param id Twelve hexadecimal digits that nobody else uses.
 * @returns What was tried.
 * @throws {SyncError} when the folder cannot be made.
 */
export function probeTree(tree: Tree, id: string): Probe[] {
  const root = tree.open(ROOT);
  const name = temporaryName(id, 0);
  try {
    root.makeDirectory(name, 0o700);
    try {
      const folder = root.openDirectory(name);
      try {
        return PROBES.map((probe) => tried(probe, folder));
      } finally {
        folder.close();
      }
    } finally {
      sweep(root, name);
    }
  } finally {
    root.close();
  }
}

/** Removes the folder and the files in it. */
function sweep(root: Directory, name: string): void {
  const folder = root.openDirectory(name);
  try {
    const listing = new Listing();
    listing.clear();
    while (folder.list(listing));
    for (let index = 0; index < listing.count; index++) folder.removeFile(listing.name(index));
  } finally {
    folder.close();
  }
  root.removeDirectory(name);
}

interface Trial {
  readonly name: string;
  readonly title: string;
  /** Returns whether it works, or what exactly was found; a `SyncError` counts as no. */
  readonly attempt: (folder: Directory) => boolean | string;
}

function tried({ name, title, attempt }: Trial, folder: Directory): Probe {
  try {
    const found = attempt(folder);
    if (typeof found === "boolean") return { name, title, works: found };
    return { name, title, works: true, detail: found };
  } catch (thrown) {
    return { name, title, works: false, detail: asSyncError(thrown).message };
  }
}

const PIECE = 4096;
const HOLE = 1 << 20;
const ATTRIBUTES: XattrScope = { attributes: true, lists: false };
const LISTS: XattrScope = { attributes: false, lists: true };

const PROBES: readonly Trial[] = [
  { name: "reflink", title: "copies that share blocks (reflink)", attempt: tryReflink },
  { name: "copy-file-range", title: "copies made by the kernel", attempt: tryKernelCopy },
  { name: "hard-links", title: "hard links", attempt: tryHardLinks },
  { name: "symlinks", title: "symlinks", attempt: trySymlinks },
  { name: "holes", title: "files with holes", attempt: tryHoles },
  { name: "nanoseconds", title: "times in nanoseconds", attempt: tryNanoseconds },
  { name: "xattrs", title: "extended attributes", attempt: tryXattrs },
  { name: "acls", title: "access control lists", attempt: tryLists },
  { name: "fifos", title: "FIFOs", attempt: tryFifos },
  { name: "byte-names", title: "names that are not UTF-8", attempt: tryByteNames },
  { name: "case-sensitive", title: "names that differ in case", attempt: tryCase },
  { name: "exchange", title: "exchange of two names at once", attempt: tryExchange },
];

function makeFile(folder: Directory, name: string, bytes: Uint8Array = new Uint8Array()): void {
  const file = folder.createFile(name, 0o600);
  try {
    if (bytes.length > 0) file.write(bytes, 0);
  } finally {
    file.close();
  }
}

function tryReflink(folder: Directory): boolean {
  makeFile(folder, "clone-from", new Uint8Array(PIECE).fill(1));
  const from = folder.openFile("clone-from");
  const to = folder.createFile("clone-to", 0o600);
  try {
    return to.cloneFrom(from);
  } finally {
    to.close();
    from.close();
  }
}

/** The writer of a tree falls back to reading and writing by itself, so the call is made directly. */
function tryKernelCopy(folder: Directory): boolean {
  if (!(folder instanceof NativeDirectory)) return false;
  makeFile(folder, "copy-from", new Uint8Array(PIECE).fill(1));
  const { c } = nativeCalls();
  const open = (name: string, flags: number) =>
    c.calls.openat(folder.descriptor, nativeCalls().name(name), flags | C.O_CLOEXEC, 0o600);
  const from = open("copy-from", C.O_RDONLY);
  const to = open("copy-to", C.O_WRONLY | C.O_CREAT | C.O_EXCL);
  try {
    return c.calls.syscall(c.machine.copyFileRange, from, 0, to, 0, PIECE, 0) === PIECE;
  } finally {
    if (from >= 0) c.calls.close(from);
    if (to >= 0) c.calls.close(to);
  }
}

function tryHardLinks(folder: Directory): boolean {
  makeFile(folder, "linked");
  folder.link("linked-too", folder, "linked");
  return folder.identityOf("linked") === folder.identityOf("linked-too");
}

function trySymlinks(folder: Directory): boolean {
  folder.makeSymlink("symlink", "some/where");
  return folder.readLink("symlink") === "some/where";
}

function tryHoles(folder: Directory): boolean | string {
  const file = folder.createFile("holes", 0o600);
  try {
    file.truncate(HOLE);
    file.write(new Uint8Array(PIECE).fill(1), HOLE / 2);
  } finally {
    file.close();
  }
  const reader = folder.openFile("holes");
  try {
    const { allocated } = reader.entry();
    if (allocated >= HOLE) return false;
    return (reader.nextData(0) ?? 0) > 0 ? true : "made, but not told: they are read as zeros";
  } finally {
    reader.close();
  }
}

function tryNanoseconds(folder: Directory): boolean | string {
  makeFile(folder, "time");
  folder.setMetadata("time", { mtimeSeconds: 1_000_000_000, mtimeNanoseconds: 123_456_789 });
  const kept = folder.lookup("time")!.mtimeNanoseconds;
  if (kept === 123_456_789) return true;
  throw new SyncError("unsupported", `Cannot keep nanoseconds: 123456789 became ${kept}`);
}

function tryXattrs(folder: Directory): boolean {
  makeFile(folder, "attributes");
  const wanted = { "user.undrift": "MQ==" };
  folder.setXattrs("attributes", ATTRIBUTES, wanted);
  return folder.xattrs("attributes", ATTRIBUTES)["user.undrift"] === wanted["user.undrift"];
}

/** A list that gives one more user leave to read (linux/posix_acl_xattr.h: version, then tag, permission, number). */
function tryLists(folder: Directory): boolean {
  makeFile(folder, "list");
  const entries = [[0x01, 6, -1], [0x02, 4, 65_534], [0x04, 4, -1], [0x10, 4, -1], [0x20, 0, -1]] as const;
  const view = new DataView(new ArrayBuffer(4 + entries.length * 8));
  view.setUint32(0, 2, true);
  entries.forEach(([tag, permission, id], index) => {
    view.setUint16(4 + index * 8, tag, true);
    view.setUint16(6 + index * 8, permission, true);
    view.setInt32(8 + index * 8, id, true);
  });
  const wanted = new Uint8Array(view.buffer).toBase64();
  folder.setXattrs("list", LISTS, { "system.posix_acl_access": wanted });
  return folder.xattrs("list", LISTS)["system.posix_acl_access"] === wanted;
}

function tryFifos(folder: Directory): boolean {
  const fifo: Entry = {
    kind: "fifo",
    mode: 0o600,
    uid: 0,
    gid: 0,
    size: 0,
    mtimeSeconds: 0,
    mtimeNanoseconds: 0,
    allocated: 0,
  };
  folder.makeSpecial("fifo", fifo);
  return folder.lookup("fifo")?.kind === "fifo";
}

function tryByteNames(folder: Directory): boolean {
  const name = "bytes-\udcff\udcfe";
  makeFile(folder, name);
  return folder.lookup(name) !== undefined;
}

function tryCase(folder: Directory): boolean {
  makeFile(folder, "case");
  return folder.lookup("CASE") === undefined;
}

function tryExchange(folder: Directory): boolean {
  makeFile(folder, "one", new Uint8Array(1));
  makeFile(folder, "two");
  folder.exchange("one", "two");
  return folder.lookup("two")?.size === 1;
}
