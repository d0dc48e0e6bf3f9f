/**
 * The C library of Linux (glibc and musl, x86-64 and arm64), typed: which functions are used, with which constants, and
 * how a failed call is told. Opened once a thread.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import {
  type Address,
  allocateMemory,
  type ForeignInterface,
  foreignInterface,
  type Memory,
  type Signature,
} from "./ffi.ts";

/** Functions of the C library. Descriptors, flags and lengths are 32-bit integers; offsets are up to 2^53. */
export interface Libc {
  openat(directory: number, path: Address, flags: number, mode: number): number;
  close(descriptor: number): number;
  statx(directory: number, path: Address, flags: number, mask: number, into: Address): number;
  read(descriptor: number, into: Address, length: number): number;
  write(descriptor: number, from: Address, length: number): number;
  pread(descriptor: number, into: Address, length: number, offset: number): number;
  pwrite(descriptor: number, from: Address, length: number, offset: number): number;
  lseek(descriptor: number, offset: number, whence: number): number;
  ftruncate(descriptor: number, size: number): number;
  fallocate(descriptor: number, mode: number, offset: number, length: number): number;
  mkdirat(directory: number, path: Address, mode: number): number;
  symlinkat(target: Address, directory: number, path: Address): number;
  readlinkat(directory: number, path: Address, into: Address, size: number): number;
  linkat(fromDirectory: number, from: Address, toDirectory: number, to: Address, flags: number): number;
  unlinkat(directory: number, path: Address, flags: number): number;
  renameat(fromDirectory: number, from: Address, toDirectory: number, to: Address): number;
  mknodat(directory: number, path: Address, mode: number, device: number): number;
  fchmod(descriptor: number, mode: number): number;
  fchmodat(directory: number, path: Address, mode: number, flags: number): number;
  fchown(descriptor: number, uid: number, gid: number): number;
  fchownat(directory: number, path: Address, uid: number, gid: number, flags: number): number;
  futimens(descriptor: number, times: Address): number;
  utimensat(directory: number, path: Address, times: Address, flags: number): number;
  ioctl(descriptor: number, request: number, argument: number): number;
  fsync(descriptor: number): number;
  syncfs(descriptor: number): number;
  flock(descriptor: number, operation: number): number;
  memcmp(one: Address, other: Address, length: number): number;
  geteuid(): number;
  getegid(): number;
  getgroups(size: number, into: Address): number;
  llistxattr(path: Address, into: Address, size: number): number;
  lgetxattr(path: Address, name: Address, into: Address, size: number): number;
  lsetxattr(path: Address, name: Address, value: Address, size: number, flags: number): number;
  lremovexattr(path: Address, name: Address): number;
  flistxattr(descriptor: number, into: Address, size: number): number;
  fgetxattr(descriptor: number, name: Address, into: Address, size: number): number;
  fsetxattr(descriptor: number, name: Address, value: Address, size: number, flags: number): number;
  fremovexattr(descriptor: number, name: Address): number;
  fstatfs(descriptor: number, into: Address): number;
  syscall(number: number, a: number, b: number, c: number, d: number, e: number, f: number): number;
}

// Results of ssize_t functions are declared i32: no call here asks for 2 GiB or more, and it spares Deno a bigint.
const SIGNATURES: Readonly<Record<keyof Libc, Signature>> = {
  openat: { args: ["i32", "ptr", "i32", "u32"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
  statx: { args: ["i32", "ptr", "i32", "u32", "ptr"], returns: "i32" },
  read: { args: ["i32", "ptr", "ptr"], returns: "i32" },
  write: { args: ["i32", "ptr", "ptr"], returns: "i32" },
  pread: { args: ["i32", "ptr", "ptr", "i64"], returns: "i32" },
  pwrite: { args: ["i32", "ptr", "ptr", "i64"], returns: "i32" },
  lseek: { args: ["i32", "i64", "i32"], returns: "i64" },
  ftruncate: { args: ["i32", "i64"], returns: "i32" },
  fallocate: { args: ["i32", "i32", "i64", "i64"], returns: "i32" },
  mkdirat: { args: ["i32", "ptr", "u32"], returns: "i32" },
  symlinkat: { args: ["ptr", "i32", "ptr"], returns: "i32" },
  readlinkat: { args: ["i32", "ptr", "ptr", "ptr"], returns: "i32" },
  linkat: { args: ["i32", "ptr", "i32", "ptr", "i32"], returns: "i32" },
  unlinkat: { args: ["i32", "ptr", "i32"], returns: "i32" },
  renameat: { args: ["i32", "ptr", "i32", "ptr"], returns: "i32" },
  mknodat: { args: ["i32", "ptr", "u32", "i64"], returns: "i32" },
  fchmod: { args: ["i32", "u32"], returns: "i32" },
  fchmodat: { args: ["i32", "ptr", "u32", "i32"], returns: "i32" },
  fchown: { args: ["i32", "u32", "u32"], returns: "i32" },
  fchownat: { args: ["i32", "ptr", "u32", "u32", "i32"], returns: "i32" },
  futimens: { args: ["i32", "ptr"], returns: "i32" },
  utimensat: { args: ["i32", "ptr", "ptr", "i32"], returns: "i32" },
  ioctl: { args: ["i32", "i64", "i64"], returns: "i32" },
  fsync: { args: ["i32"], returns: "i32" },
  syncfs: { args: ["i32"], returns: "i32" },
  flock: { args: ["i32", "i32"], returns: "i32" },
  memcmp: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
  geteuid: { args: [], returns: "u32" },
  getegid: { args: [], returns: "u32" },
  getgroups: { args: ["i32", "ptr"], returns: "i32" },
  llistxattr: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
  lgetxattr: { args: ["ptr", "ptr", "ptr", "ptr"], returns: "i32" },
  lsetxattr: { args: ["ptr", "ptr", "ptr", "ptr", "i32"], returns: "i32" },
  lremovexattr: { args: ["ptr", "ptr"], returns: "i32" },
  flistxattr: { args: ["i32", "ptr", "ptr"], returns: "i32" },
  fgetxattr: { args: ["i32", "ptr", "ptr", "ptr"], returns: "i32" },
  fsetxattr: { args: ["i32", "ptr", "ptr", "ptr", "i32"], returns: "i32" },
  fremovexattr: { args: ["i32", "ptr"], returns: "i32" },
  fstatfs: { args: ["i32", "ptr"], returns: "i32" },
  syscall: { args: ["i64", "i64", "i64", "i64", "i64", "i64", "i64"], returns: "i32" },
};

/** The C library of one thread. */
export interface LoadedLibc {
  /** The functions. */
  readonly calls: Libc;
  /** Error number of the last failed call; read it directly after the call. */
  errno(): number;
  /** Makes memory that C may write to. */
  allocate(size: number): Memory;
  /** Address of a view for the next call. */
  addressOf(bytes: Uint8Array): Address;
  /** Numbers of flags and system calls that differ between processors. */
  readonly machine: MachineNumbers;
}

/** Numbers that differ between processors. */
export interface MachineNumbers {
  /** `O_DIRECTORY`. */
  readonly directory: number;
  /** `O_NOFOLLOW`. */
  readonly noFollow: number;
  /** System call `getdents64`. */
  readonly getdents64: number;
  /** System call `renameat2`. */
  readonly renameat2: number;
  /** System call `copy_file_range`. */
  readonly copyFileRange: number;
}

const MACHINES: Readonly<Record<"x64" | "arm64", MachineNumbers>> = {
  x64: { directory: 0o200000, noFollow: 0o400000, getdents64: 217, renameat2: 316, copyFileRange: 326 },
  arm64: { directory: 0o40000, noFollow: 0o100000, getdents64: 61, renameat2: 276, copyFileRange: 285 },
};

const LIBRARIES: Readonly<Record<"x64" | "arm64", readonly string[]>> = {
  x64: ["libc.so.6", "libc.musl-x86_64.so.1"],
  arm64: ["libc.so.6", "libc.musl-aarch64.so.1"],
};

/** Flags and constants that are the same on both processors. */
export const C = {
  AT_FDCWD: -100,
  AT_SYMLINK_NOFOLLOW: 0x100,
  AT_REMOVEDIR: 0x200,
  AT_SYMLINK_FOLLOW: 0x400,
  AT_NO_AUTOMOUNT: 0x800,
  AT_EMPTY_PATH: 0x1000,
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_CREAT: 0o100,
  O_EXCL: 0o200,
  /** `O_TMPFILE` without the `O_DIRECTORY` that belongs to it. */
  O_TMPFILE: 0o20000000,
  O_NONBLOCK: 0o4000,
  O_CLOEXEC: 0o2000000,
  SEEK_DATA: 3,
  SEEK_HOLE: 4,
  FICLONE: 0x40049409,
  STATX_BASIC_STATS: 0x7ff,
  OPENAT2: 437,
  RESOLVE_NO_SYMLINKS: 0x04,
  RESOLVE_BENEATH: 0x08,
  RENAME_EXCHANGE: 2,
  UTIME_OMIT: 0x3ffffffe,
  LOCK_EXCLUSIVE_NOW: 2 | 4,
} as const;

let loaded: LoadedLibc | SyncError | undefined;

/**
 * The C library of this thread.
 *
 * @returns The library; the same value at every call.
 * @throws {SyncError} code `"unsupported"` when this is not Linux on a known processor, or foreign functions are not
 * available or not permitted.
 */
export function libc(): LoadedLibc {
  loaded ??= load();
  if (loaded instanceof SyncError) throw loaded;
  return loaded;
}

function load(): LoadedLibc | SyncError {
  try {
    const machine = machineName();
    const ffi = foreignInterface();
    const calls = openFirst(ffi, LIBRARIES[machine]);
    const location = ffi.open(calls.library, { __errno_location: { args: [], returns: "ptr" } });
    const errno = new Int32Array(ffi.viewOf(location.__errno_location!(), 4));
    return {
      calls: calls.functions,
      errno: () => errno[0]!,
      allocate: (size) => allocateMemory(ffi, size),
      addressOf: (bytes) => ffi.addressOf(bytes),
      machine: MACHINES[machine],
    };
  } catch (thrown) {
    if (thrown instanceof SyncError) return thrown;
    return new SyncError("unsupported", `Cannot use the C library: ${(thrown as Error).message}`, { cause: thrown });
  }
}

function openFirst(ffi: ForeignInterface, libraries: readonly string[]): { functions: Libc; library: string } {
  let failure: unknown;
  for (const library of libraries) {
    try {
      return { functions: ffi.open(library, SIGNATURES) as unknown as Libc, library };
    } catch (thrown) {
      failure = thrown;
    }
  }
  throw failure;
}

function machineName(): "x64" | "arm64" {
  const globals = globalThis as {
    Deno?: { build: { os: string; arch: string } };
    Bun?: unknown;
    process?: { platform: string; arch: string };
  };
  const os = globals.Bun === undefined ? globals.Deno?.build.os : globals.process?.platform;
  const arch = globals.Bun === undefined ? globals.Deno?.build.arch : globals.process?.arch;
  if (os !== "linux") {
    throw new SyncError("unsupported", `Cannot use the C library: only Linux is known, this is ${os}`);
  }
  if (arch === "x86_64" || arch === "x64") return "x64";
  if (arch === "aarch64" || arch === "arm64") return "arm64";
  throw new SyncError("unsupported", `Cannot use the C library: processor ${arch} is not known`);
}
