/**
 * The functions of the C library that are used, typed twice: for the compiler and for the foreign interface.
 *
 * @module
 */
import type { Address, Signature } from "./ffi.ts";

/** Functions of the C library. Descriptors, flags and lengths are 32-bit integers; offsets are up to 2^53. */
export interface Libc {
  openat(directory: number, path: Address, flags: number, mode: number): number;
  close(descriptor: number): number;
  statx(directory: number, path: Address, flags: number, mask: number, into: Address): number;
  pread(descriptor: number, into: Address, length: number, offset: number): number;
  pwrite(descriptor: number, from: Address, length: number, offset: number): number;
  lseek(descriptor: number, offset: number, whence: number): number;
  ftruncate(descriptor: number, size: number): number;
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
  fstatfs(descriptor: number, into: Address): number;
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
  syscall(number: number, a: number, b: number, c: number, d: number, e: number, f: number): number;
}

// Results of ssize_t functions are declared i32: no call here asks for 2 GiB or more, and it spares Deno a bigint.
/** Types of all functions. */
export const SIGNATURES: Readonly<Record<keyof Libc, Signature>> = {
  openat: { args: ["i32", "ptr", "i32", "u32"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
  statx: { args: ["i32", "ptr", "i32", "u32", "ptr"], returns: "i32" },
  pread: { args: ["i32", "ptr", "ptr", "i64"], returns: "i32" },
  pwrite: { args: ["i32", "ptr", "ptr", "i64"], returns: "i32" },
  lseek: { args: ["i32", "i64", "i32"], returns: "i64" },
  ftruncate: { args: ["i32", "i64"], returns: "i32" },
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
  fstatfs: { args: ["i32", "ptr"], returns: "i32" },
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
  syscall: { args: ["i64", "i64", "i64", "i64", "i64", "i64", "i64"], returns: "i32" },
};
