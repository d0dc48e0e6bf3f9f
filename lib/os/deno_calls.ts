/**
 * The C library as Deno calls it. A parameter that is an address or 64 bits wide is given as a `bigint`: optimised code
 * of V8 expects one, and with numbers it is thrown away and made again for ever (measured on Deno 2.9.6: a run with
 * nothing to do over a million files takes 7.0 s of CPU with numbers and 3.8 s with these). One function for each call
 * and no loop over arguments, since that is what V8 can inline.
 *
 * @module
 */
import type { Libc } from "./c_functions.ts";

/** Functions as `Deno.dlopen` gives them. */
export type DenoSymbols = Readonly<Record<keyof Libc, (...args: (number | bigint)[]) => number | bigint>>;

/**
 * Wraps the symbols that take wide parameters or give wide results.
 *
 * @param s The symbols.
 * @returns Functions over numbers.
 */
export function denoCalls(s: DenoSymbols): Libc {
  const narrow = s as unknown as Libc;
  return {
    openat: (directory, path, flags, mode) => s.openat(directory, BigInt(path), flags, mode) as number,
    close: narrow.close,
    statx: (directory, path, flags, mask, into) =>
      s.statx(directory, BigInt(path), flags, mask, BigInt(into)) as number,
    pread: (descriptor, into, length, offset) =>
      s.pread(descriptor, BigInt(into), BigInt(length), BigInt(offset)) as number,
    pwrite: (descriptor, from, length, offset) =>
      s.pwrite(descriptor, BigInt(from), BigInt(length), BigInt(offset)) as number,
    lseek: (descriptor, offset, whence) => Number(s.lseek(descriptor, BigInt(offset), whence)),
    ftruncate: (descriptor, size) => s.ftruncate(descriptor, BigInt(size)) as number,
    mkdirat: (directory, path, mode) => s.mkdirat(directory, BigInt(path), mode) as number,
    symlinkat: (target, directory, path) => s.symlinkat(BigInt(target), directory, BigInt(path)) as number,
    readlinkat: (directory, path, into, size) =>
      s.readlinkat(directory, BigInt(path), BigInt(into), BigInt(size)) as number,
    linkat: (fromDirectory, from, toDirectory, to, flags) =>
      s.linkat(fromDirectory, BigInt(from), toDirectory, BigInt(to), flags) as number,
    unlinkat: (directory, path, flags) => s.unlinkat(directory, BigInt(path), flags) as number,
    renameat: (fromDirectory, from, toDirectory, to) =>
      s.renameat(fromDirectory, BigInt(from), toDirectory, BigInt(to)) as number,
    mknodat: (directory, path, mode, device) => s.mknodat(directory, BigInt(path), mode, BigInt(device)) as number,
    fchmod: narrow.fchmod,
    fchmodat: (directory, path, mode, flags) => s.fchmodat(directory, BigInt(path), mode, flags) as number,
    fchown: narrow.fchown,
    fchownat: (directory, path, uid, gid, flags) => s.fchownat(directory, BigInt(path), uid, gid, flags) as number,
    futimens: (descriptor, times) => s.futimens(descriptor, BigInt(times)) as number,
    utimensat: (directory, path, times, flags) => s.utimensat(directory, BigInt(path), BigInt(times), flags) as number,
    ioctl: (descriptor, request, argument) => s.ioctl(descriptor, BigInt(request), BigInt(argument)) as number,
    fsync: narrow.fsync,
    syncfs: narrow.syncfs,
    fstatfs: (descriptor, into) => s.fstatfs(descriptor, BigInt(into)) as number,
    flock: narrow.flock,
    memcmp: (one, other, length) => s.memcmp(BigInt(one), BigInt(other), BigInt(length)) as number,
    geteuid: narrow.geteuid,
    getegid: narrow.getegid,
    getgroups: (size, into) => s.getgroups(size, BigInt(into)) as number,
    llistxattr: (path, into, size) => s.llistxattr(BigInt(path), BigInt(into), BigInt(size)) as number,
    lgetxattr: (path, name, into, size) =>
      s.lgetxattr(BigInt(path), BigInt(name), BigInt(into), BigInt(size)) as number,
    lsetxattr: (path, name, value, size, flags) =>
      s.lsetxattr(BigInt(path), BigInt(name), BigInt(value), BigInt(size), flags) as number,
    lremovexattr: (path, name) => s.lremovexattr(BigInt(path), BigInt(name)) as number,
    flistxattr: (descriptor, into, size) => s.flistxattr(descriptor, BigInt(into), BigInt(size)) as number,
    fgetxattr: (descriptor, name, into, size) =>
      s.fgetxattr(descriptor, BigInt(name), BigInt(into), BigInt(size)) as number,
    fsetxattr: (descriptor, name, value, size, flags) =>
      s.fsetxattr(descriptor, BigInt(name), BigInt(value), BigInt(size), flags) as number,
    fremovexattr: (descriptor, name) => s.fremovexattr(descriptor, BigInt(name)) as number,
    syscall: (number, a, b, c, d, e, f) =>
      s.syscall(BigInt(number), BigInt(a), BigInt(b), BigInt(c), BigInt(d), BigInt(e), BigInt(f)) as number,
  };
}
