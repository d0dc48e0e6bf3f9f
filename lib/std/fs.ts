/**
 * `@std/fs` as it can be had from the npm registry: typed, and working on Bun too.
 *
 * A subset of upstream with upstream's signatures, so that moving to `jsr:@std/fs` is a change of the import map.
 * For set-up, tests and examples. The engine has its own walker and copier: this one cuts times to milliseconds,
 * follows paths instead of directory handles, and knows neither hard links, holes nor extended attributes.
 */
import "./deno_shim.ts";
import * as copyJs from "deno-std/fs/copy.js";
import * as emptyDirJs from "deno-std/fs/empty_dir.js";
import * as ensureDirJs from "deno-std/fs/ensure_dir.js";
import * as ensureFileJs from "deno-std/fs/ensure_file.js";
import * as ensureLinkJs from "deno-std/fs/ensure_link.js";
import * as ensureSymlinkJs from "deno-std/fs/ensure_symlink.js";
import * as existsJs from "deno-std/fs/exists.js";
import * as expandGlobJs from "deno-std/fs/expand_glob.js";
import * as moveJs from "deno-std/fs/move.js";
import * as walkJs from "deno-std/fs/walk.js";

/** Which entries {@linkcode walk} and {@linkcode walkSync} visit. */
export interface WalkOptions {
  /** How deep below the root to go. @default {Infinity} */
  maxDepth?: number;
  /** Whether files are yielded. @default {true} */
  includeFiles?: boolean;
  /** Whether directories are yielded. @default {true} */
  includeDirs?: boolean;
  /** Whether symlinks are yielded. @default {true} */
  includeSymlinks?: boolean;
  /** Whether symlinks are followed. @default {false} */
  followSymlinks?: boolean;
  /** Whether paths of followed symlinks are resolved. @default {true} */
  canonicalize?: boolean;
  /** Endings of names to yield; without it, all. */
  exts?: string[];
  /** Patterns one of which a path must match to be yielded. */
  match?: RegExp[];
  /** Patterns none of which a path may match to be yielded or entered. */
  skip?: RegExp[];
}

/** What {@linkcode walk} and {@linkcode expandGlob} yield. */
export interface WalkEntry {
  /** Path of the entry, beginning with the root that was given. */
  path: string;
  /** Last part of the path. */
  name: string;
  /** Whether it is a regular file. */
  isFile: boolean;
  /** Whether it is a directory. */
  isDirectory: boolean;
  /** Whether it is a symlink. */
  isSymlink: boolean;
}

/** How {@linkcode copy} copies. */
export interface CopyOptions {
  /** Whether what exists is overwritten. @default {false} */
  overwrite?: boolean;
  /** Whether access and modification times are kept, in milliseconds. @default {false} */
  preserveTimestamps?: boolean;
}

/** How {@linkcode move} moves. */
export interface MoveOptions {
  /** Whether what exists is removed first. @default {false} */
  overwrite?: boolean;
}

/** What {@linkcode exists} asks for beside existence. */
export interface ExistsOptions {
  /** Whether it must be readable. @default {false} */
  isReadable?: boolean;
  /** Whether it must be a directory; not together with `isFile`. @default {false} */
  isDirectory?: boolean;
  /** Whether it must be a regular file; not together with `isDirectory`. @default {false} */
  isFile?: boolean;
}

/** How {@linkcode expandGlob} expands a pattern. */
export interface ExpandGlobOptions extends Omit<WalkOptions, "exts" | "match" | "skip" | "maxDepth" | "includeFiles"> {
  /** Folder that relative patterns start from. @default {the current folder} */
  root?: string;
  /** Patterns of what to leave out. @default {[]} */
  exclude?: string[];
  /** Whether `*(a)`, `+(a)` and the like have their extended meaning. @default {true} */
  extended?: boolean;
  /** Whether `**` matches any number of folders. @default {true} */
  globstar?: boolean;
  /** Whether letter case is ignored. @default {false} */
  caseInsensitive?: boolean;
}

interface Fs {
  walk(root: string | URL, options?: WalkOptions): AsyncIterableIterator<WalkEntry>;
  walkSync(root: string | URL, options?: WalkOptions): IterableIterator<WalkEntry>;
  copy(src: string | URL, dest: string | URL, options?: CopyOptions): Promise<void>;
  copySync(src: string | URL, dest: string | URL, options?: CopyOptions): void;
  move(src: string | URL, dest: string | URL, options?: MoveOptions): Promise<void>;
  moveSync(src: string | URL, dest: string | URL, options?: MoveOptions): void;
  ensureDir(dir: string | URL): Promise<void>;
  ensureDirSync(dir: string | URL): void;
  ensureFile(filePath: string | URL): Promise<void>;
  ensureFileSync(filePath: string | URL): void;
  ensureLink(src: string | URL, dest: string | URL): Promise<void>;
  ensureLinkSync(src: string | URL, dest: string | URL): void;
  ensureSymlink(target: string | URL, linkName: string | URL): Promise<void>;
  ensureSymlinkSync(target: string | URL, linkName: string | URL): void;
  emptyDir(dir: string | URL): Promise<void>;
  emptyDirSync(dir: string | URL): void;
  exists(path: string | URL, options?: ExistsOptions): Promise<boolean>;
  existsSync(path: string | URL, options?: ExistsOptions): boolean;
  expandGlob(glob: string | URL, options?: ExpandGlobOptions): AsyncIterableIterator<WalkEntry>;
  expandGlobSync(glob: string | URL, options?: ExpandGlobOptions): IterableIterator<WalkEntry>;
}

const js = {
  ...copyJs,
  ...emptyDirJs,
  ...ensureDirJs,
  ...ensureFileJs,
  ...ensureLinkJs,
  ...ensureSymlinkJs,
  ...existsJs,
  ...expandGlobJs,
  ...moveJs,
  ...walkJs,
} as unknown as Fs;

/** Yields the entries below `root`, `root` included. */
export const walk: Fs["walk"] = js.walk;
/** Like {@linkcode walk}, synchronously. */
export const walkSync: Fs["walkSync"] = js.walkSync;
/** Copies a file, symlink or directory with all below it. */
export const copy: Fs["copy"] = js.copy;
/** Like {@linkcode copy}, synchronously. */
export const copySync: Fs["copySync"] = js.copySync;
/** Renames a file or directory; refuses when `dest` exists, unless told to overwrite. */
export const move: Fs["move"] = js.move;
/** Like {@linkcode move}, synchronously. */
export const moveSync: Fs["moveSync"] = js.moveSync;
/** Makes a directory and those above it, where they are missing. */
export const ensureDir: Fs["ensureDir"] = js.ensureDir;
/** Like {@linkcode ensureDir}, synchronously. */
export const ensureDirSync: Fs["ensureDirSync"] = js.ensureDirSync;
/** Makes an empty file and the directories above it, where they are missing. */
export const ensureFile: Fs["ensureFile"] = js.ensureFile;
/** Like {@linkcode ensureFile}, synchronously. */
export const ensureFileSync: Fs["ensureFileSync"] = js.ensureFileSync;
/** Makes a hard link and the directories above it. */
export const ensureLink: Fs["ensureLink"] = js.ensureLink;
/** Like {@linkcode ensureLink}, synchronously. */
export const ensureLinkSync: Fs["ensureLinkSync"] = js.ensureLinkSync;
/** Makes a symlink and the directories above it. */
export const ensureSymlink: Fs["ensureSymlink"] = js.ensureSymlink;
/** Like {@linkcode ensureSymlink}, synchronously. */
export const ensureSymlinkSync: Fs["ensureSymlinkSync"] = js.ensureSymlinkSync;
/** Removes all that is in a directory, and makes it where it is missing. */
export const emptyDir: Fs["emptyDir"] = js.emptyDir;
/** Like {@linkcode emptyDir}, synchronously. */
export const emptyDirSync: Fs["emptyDirSync"] = js.emptyDirSync;
/** Tells whether a path exists, following symlinks. */
export const exists: Fs["exists"] = js.exists;
/** Like {@linkcode exists}, synchronously. */
export const existsSync: Fs["existsSync"] = js.existsSync;
/** Yields the entries that a glob pattern matches. */
export const expandGlob: Fs["expandGlob"] = js.expandGlob;
/** Like {@linkcode expandGlob}, synchronously. */
export const expandGlobSync: Fs["expandGlobSync"] = js.expandGlobSync;
