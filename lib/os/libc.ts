/**
 * The C library of Linux (glibc and musl, x86-64 and arm64): where it is, its constants, and how a failed call is told.
 * Opened once a thread.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import { type Libc, SIGNATURES } from "./c_functions.ts";
import { denoCalls, type DenoSymbols } from "./deno_calls.ts";
import { type Address, allocateMemory, type ForeignInterface, foreignInterface, type Memory } from "./ffi.ts";

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
  RENAME_NOREPLACE: 1,
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
    const { functions, library } = openFirst(ffi, LIBRARIES[machine]);
    const location = ffi.open(library, { __errno_location: { args: [], returns: "ptr" } });
    const errno = new Int32Array(ffi.viewOf(Number(location.__errno_location!()), 4));
    return {
      calls: functions,
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
      const raw: unknown = ffi.open(library, SIGNATURES);
      return { functions: ffi.wideIsBigint ? denoCalls(raw as DenoSymbols) : raw as Libc, library };
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
