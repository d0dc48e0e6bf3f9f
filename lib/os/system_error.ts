/**
 * Errors of the operating system as {@linkcode SyncError}: one table from errno names to codes and words, used by both
 * implementations. Numbers are Linux's (asm-generic/errno.h, the same on x86-64 and arm64).
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError, type SyncErrorCode } from "../errors.ts";

/** Error numbers that the code tells apart. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOTTY: 25,
  ETXTBSY: 26,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  EMLINK: 31,
  ERANGE: 34,
  ENAMETOOLONG: 36,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  ELOOP: 40,
  ENODATA: 61,
  EILSEQ: 84,
  EOPNOTSUPP: 95,
  ESTALE: 116,
  EDQUOT: 122,
} as const;

/** Name of an error number. */
export type ErrnoName = keyof typeof ERRNO;

const MEANING: Readonly<Record<ErrnoName, readonly [code: SyncErrorCode, words: string]>> = {
  EPERM: ["permission", "operation not permitted"],
  ENOENT: ["vanished", "no such file or directory"],
  EINTR: ["io", "interrupted"],
  EIO: ["io", "input/output error"],
  ENXIO: ["unsupported", "nothing is on the other side of this special file"],
  EAGAIN: ["io", "not available now"],
  ENOMEM: ["io", "out of memory"],
  EACCES: ["permission", "permission denied"],
  EBUSY: ["io", "in use"],
  EEXIST: ["exists", "it exists already"],
  EXDEV: ["unsupported", "it is on another file system"],
  ENODEV: ["unsupported", "no such device"],
  ENOTDIR: ["not-directory", "not a directory"],
  EISDIR: ["is-directory", "it is a directory"],
  EINVAL: ["unsupported", "the file system does not accept this"],
  ENFILE: ["io", "too many open files in the system"],
  EMFILE: ["io", "too many open files in this process"],
  ENOTTY: ["unsupported", "the file system does not offer this"],
  ETXTBSY: ["io", "the program is running"],
  EFBIG: ["file-too-large", "larger than the file system or a limit allows"],
  ENOSPC: ["no-space", "no space is left on the file system"],
  EROFS: ["read-only", "the file system is mounted read-only"],
  EMLINK: ["too-many-links", "it has as many hard links as the file system allows"],
  ERANGE: ["io", "the result is larger than its buffer"],
  ENAMETOOLONG: ["name-not-representable", "the name is longer than the file system allows"],
  ENOSYS: ["unsupported", "the kernel does not offer this"],
  ENOTEMPTY: ["not-empty", "the directory is not empty"],
  ELOOP: ["symlink-refused", "it is a symlink, which is never followed here"],
  ENODATA: ["vanished", "no such attribute"],
  EILSEQ: ["name-not-representable", "the file system cannot hold this name"],
  EOPNOTSUPP: ["unsupported", "the file system does not support this"],
  ESTALE: ["io", "the file handle is stale"],
  EDQUOT: ["no-space", "the disk quota is used up"],
};

const NAME_OF_NUMBER: ReadonlyMap<number, ErrnoName> = new Map(
  Object.entries(ERRNO).map(([name, number]) => [number, name as ErrnoName]),
);

/**
 * The error for a failed call.
 *
 * @param verb What was attempted, as in `open` or `rename`.
 * @param name Name of the entry; empty for the directory itself.
 * @param errno The error number.
 * @returns An error whose message says what, which and why.
 */
export function systemError(verb: string, name: string, errno: number): SyncError {
  return namedError(verb, name, NAME_OF_NUMBER.get(errno), `error ${errno}`);
}

/**
 * The error for an exception of `node:fs`.
 *
 * @param verb What was attempted.
 * @param name Name of the entry.
 * @param thrown What was thrown.
 * @returns The same failure with our code; an exception without an error name becomes code `"io"`.
 */
export function nodeError(verb: string, name: string, thrown: unknown): SyncError {
  if (thrown instanceof SyncError) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return namedError(verb, name, Object.hasOwn(ERRNO, code) ? (code as ErrnoName) : undefined, printable(message));
}

function namedError(verb: string, name: string, errno: ErrnoName | undefined, otherwise: string): SyncError {
  const [code, words] = errno === undefined ? (["io", otherwise] as const) : MEANING[errno];
  const what = name === "" ? "the directory" : `"${printable(name)}"`;
  const detail = errno === undefined ? words : `${words} (${errno})`;
  return new SyncError(code, `Cannot ${verb} ${what}: ${detail}`, { path: name });
}
