/**
 * What counts as a difference. Made once a run from the options and from what the destination can hold, so that a
 * difference that could never be removed is never planned.
 *
 * @module
 */
import type { Capabilities } from "../model/capabilities.ts";

/** Rules of one comparison. */
export interface CompareRules {
  /** Whether files of equal size are compared byte by byte instead of by time. */
  readonly content: boolean;
  /** Whether times are carried; without them files of equal size and other time are compared byte by byte. */
  readonly times: boolean;
  /** Largest difference of two times that counts as none, in nanoseconds. */
  readonly windowNanoseconds: number;
  /** Whether permissions are carried. */
  readonly modes: boolean;
  /** Whether owners are carried. */
  readonly owners: boolean;
  /** Whether groups are carried. */
  readonly groups: boolean;
  /** The groups that can be given; `undefined` for all. */
  readonly settableGroups: ReadonlySet<number> | undefined;
  /** Whether extended attributes (with or without lists) are compared. */
  readonly xattrs: boolean;
}

/** What a task asks for, before the destination is known. */
export interface CompareWishes {
  /** Compare contents. */
  readonly content: boolean;
  /** Carry times. */
  readonly times: boolean;
  /** Tolerance of times in seconds. */
  readonly modifyWindowSeconds: number;
  /** Carry permissions. */
  readonly modes: boolean;
  /** Carry owners. */
  readonly owners: boolean;
  /** Carry groups. */
  readonly groups: boolean;
  /** Carry extended attributes or access control lists. */
  readonly xattrs: boolean;
}

const NANOSECONDS = 1_000_000_000;

/**
 * The rules for one pair of trees.
 *
 * @param wishes What the task asks for.
 * @param source What the source can tell.
 * @param destination What the destination can hold.
 * @returns Rules under which a finished mirror has no difference.
 */
export function resolveRules(wishes: CompareWishes, source: Capabilities, destination: Capabilities): CompareRules {
  const step = Math.max(source.timeStepNanoseconds, destination.timeStepNanoseconds);
  const window = Math.round(wishes.modifyWindowSeconds * NANOSECONDS);
  return {
    content: wishes.content,
    times: wishes.times,
    windowNanoseconds: Math.max(window, step - 1),
    modes: wishes.modes,
    owners: wishes.owners && destination.privileged,
    groups: wishes.groups,
    settableGroups: destination.privileged ? undefined : new Set(destination.groups),
    xattrs: wishes.xattrs && source.xattrs && destination.xattrs,
  };
}
