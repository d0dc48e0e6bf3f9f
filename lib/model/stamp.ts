/**
 * What the file system says of a file beside its content, as far as it tells whether the content may be another now.
 *
 * An ordinary write changes the time of change, which no program can set. So content that differs under an equal stamp
 * was changed by something else than a program: a failing disk, cable or memory.
 *
 * @module
 */

/** The metadata of a file that an ordinary write changes. Plain data; every number is exact. */
export interface Stamp {
  /** Length in bytes. */
  readonly size: number;
  /** Time of last modification: whole seconds since 1970. */
  readonly mtimeSeconds: number;
  /** Nanoseconds to add. */
  readonly mtimeNanoseconds: number;
  /** Time of last change, of metadata or content: whole seconds since 1970; 0 where the system has none. */
  readonly ctimeSeconds: number;
  /** Nanoseconds to add. */
  readonly ctimeNanoseconds: number;
  /** The low 53 bits of the inode's number, which are all of it nearly everywhere. */
  readonly inode: number;
}

/** The bits of the upper half of an inode's number that a {@linkcode Stamp} keeps. */
export const INODE_HIGH_MASK = 0x1f_ffff;

/** File systems that keep nanoseconds stamp in steps of the kernel's clock, at most 10 ms. */
const FINE_STEP_MS = 100;
/** Others keep seconds, or two of them. */
const COARSE_STEP_MS = 2_100;
const MILLISECOND = 1_000_000;

/**
 * Whether two stamps are equal in everything.
 *
 * @param a One.
 * @param b The other.
 * @returns `true` when an ordinary write between them is ruled out.
 */
export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.size === b.size && a.mtimeSeconds === b.mtimeSeconds && a.mtimeNanoseconds === b.mtimeNanoseconds &&
    a.ctimeSeconds === b.ctimeSeconds && a.ctimeNanoseconds === b.ctimeNanoseconds && a.inode === b.inode;
}

/**
 * Whether a later write would show in a stamp. A file system stamps in steps: a file that is written twice within one
 * keeps its stamp, so what was read directly after a write says nothing of what is there later.
 *
 * @param stamp What the file had when it was read.
 * @param readAtMs When that began, in milliseconds since 1970.
 * @returns `false` for a file that was changed within the last step, or in the future.
 */
export function isSettled(stamp: Stamp, readAtMs: number): boolean {
  const { ctimeSeconds, ctimeNanoseconds, mtimeSeconds, mtimeNanoseconds } = stamp;
  const hasChangeTime = ctimeSeconds !== 0 || ctimeNanoseconds !== 0;
  const [seconds, nanoseconds] = hasChangeTime ? [ctimeSeconds, ctimeNanoseconds] : [mtimeSeconds, mtimeNanoseconds];
  const step = nanoseconds === 0 ? COARSE_STEP_MS : FINE_STEP_MS;
  return seconds * 1000 + nanoseconds / MILLISECOND + step <= readAtMs;
}
