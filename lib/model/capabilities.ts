/**
 * What an implementation of a tree can do. Whatever is missing is said aloud once a run and kept in the report.
 *
 * @module
 */

/** Implementations of a tree. */
export type Layer = "native" | "portable" | "memory";

/** What one tree offers, on this machine and in this process. */
export interface Capabilities {
  /** Which implementation it is. */
  readonly layer: Layer;
  /** Whether every call is relative to an open directory, so that a swapped symlink cannot be followed. */
  readonly confined: boolean;
  /** Whether names that are not UTF-8 survive. */
  readonly byteNames: boolean;
  /** Finest step of a modification time that can be read and set, in nanoseconds. */
  readonly timeStepNanoseconds: number;
  /** Whether the process may change owners and make devices. */
  readonly privileged: boolean;
  /** Numbers of the groups this process may give files to, when it is not privileged. */
  readonly groups: readonly number[];
  /** Whether hard links can be told and made. */
  readonly hardLinks: boolean;
  /** Whether FIFOs and sockets can be made. */
  readonly specials: boolean;
  /** Whether holes in files can be seen and made. */
  readonly holes: boolean;
  /** Whether extended attributes can be read and set. */
  readonly xattrs: boolean;
  /** Whether the kernel copies content without passing it through this process. */
  readonly kernelCopy: boolean;
  /** Whether several threads can share the tree's handle. */
  readonly threads: boolean;
}

/** One thing a run could not do or keep, in words, said once. */
export interface Degradation {
  /** Stable name for programs, such as `"portable-layer"` or `"times-milliseconds"`. */
  readonly name: string;
  /** One sentence for people. */
  readonly message: string;
}

/**
 * Puts into words what a tree cannot keep.
 *
 * @param capabilities What the tree offers.
 * @returns One item for each guarantee that is missing; empty for a tree that has all.
 */
export function degradationsOf(capabilities: Capabilities): Degradation[] {
  const found: Degradation[] = [];
  const say = (missing: boolean, name: string, message: string) => {
    if (missing) found.push({ name, message });
  };
  say(
    !capabilities.confined,
    "paths-checked-not-held",
    "Paths are checked before use but not held open: a symlink swapped in at the same moment could be followed",
  );
  say(!capabilities.byteNames, "names-utf8-only", "Names that are not UTF-8 cannot be read or written");
  const step = capabilities.timeStepNanoseconds;
  say(step > 1, "times-rounded", `Times are kept to ${step >= 1_000_000 ? "milliseconds" : "microseconds"} only`);
  say(!capabilities.specials, "no-specials", "FIFOs, sockets and devices are left out");
  say(!capabilities.holes, "no-holes", "Holes in files are written as zeros");
  say(!capabilities.xattrs, "no-xattrs", "Extended attributes and access control lists cannot be carried");
  return found;
}
