/**
 * Which metadata is set on an entry, and in which order: owner first (it clears setuid), then attributes and lists,
 * then permissions, times last.
 *
 * @module
 */
import { type Entry, KEEP_OWNER, type MetadataPatch, type Xattrs } from "../model/entry.ts";
import type { Directory, XattrScope } from "../model/tree.ts";
import type { ApplyContext, ApplyRules } from "./context.ts";

/** Anything whose metadata can be set. */
export interface MetadataTarget {
  /** Sets what is present. */
  setMetadata(patch: MetadataPatch): void;
  /** Makes the attributes within a scope exactly these. */
  setXattrs(scope: XattrScope, xattrs: Xattrs): void;
}

/**
 * The metadata for a new entry.
 *
 * @param want What the source has.
 * @param have What the new entry replaces; whatever is not carried is taken over from it when it is of the same kind.
 * @param rules What is carried.
 * @returns What to set.
 */
export function patchForNew(want: Entry, have: Entry | undefined, rules: ApplyRules): MetadataPatch {
  const before = have?.kind === want.kind ? have : undefined;
  const uid = rules.owners ? want.uid : rules.privileged ? before?.uid : undefined;
  const gid = mayGive(want.gid, rules) ? want.gid : settable(before?.gid, rules);
  const mode = rules.modes ? want.mode : before?.mode;
  // Set one by one: spreading parts together costs more than the rest of this (measured over small files).
  const patch: Writable<MetadataPatch> = {};
  if (uid !== undefined || gid !== undefined) {
    patch.uid = uid ?? KEEP_OWNER;
    patch.gid = gid ?? KEEP_OWNER;
  }
  if (mode !== undefined && want.kind !== "symlink") patch.mode = mode;
  if (rules.times) addTimes(patch, want);
  return patch;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The metadata that makes an existing entry right.
 *
 * @param want What the source has.
 * @param have What is there.
 * @param rules What is carried.
 * @returns Only what differs; empty when nothing does.
 */
export function patchForExisting(want: Entry, have: Entry, rules: ApplyRules): MetadataPatch {
  const uid = rules.owners && want.uid !== have.uid;
  const gid = want.gid !== have.gid && mayGive(want.gid, rules);
  const mode = rules.modes ? want.mode : have.mode;
  const modeMatters = want.kind !== "symlink" && (mode !== have.mode || uid || gid);
  const time = want.mtimeSeconds !== have.mtimeSeconds || want.mtimeNanoseconds !== have.mtimeNanoseconds;
  const patch: Writable<MetadataPatch> = {};
  if (uid || gid) {
    patch.uid = uid ? want.uid : KEEP_OWNER;
    patch.gid = gid ? want.gid : KEEP_OWNER;
  }
  if (modeMatters) patch.mode = mode;
  if (time && rules.times) addTimes(patch, want);
  return patch;
}

function mayGive(gid: number, rules: ApplyRules): boolean {
  return rules.groups && settable(gid, rules) !== undefined;
}

/** A group, if this process can give it. */
function settable(gid: number | undefined, { settableGroups }: ApplyRules): number | undefined {
  return gid !== undefined && (settableGroups === undefined || settableGroups.has(gid)) ? gid : undefined;
}

function addTimes(patch: Writable<MetadataPatch>, want: Entry): void {
  patch.mtimeSeconds = want.mtimeSeconds;
  patch.mtimeNanoseconds = want.mtimeNanoseconds;
}

/**
 * Sets metadata in the order that keeps it.
 *
 * @param target Whose.
 * @param patch What to set.
 * @param want Where extended attributes come from.
 * @param rules What is carried.
 */
export function setMetadata(target: MetadataTarget, patch: MetadataPatch, want: Entry, rules: ApplyRules): void {
  if (rules.xattrs === undefined) {
    target.setMetadata(patch);
    return;
  }
  const { uid, gid, ...rest } = patch;
  if (uid !== undefined && gid !== undefined) target.setMetadata({ uid, gid });
  target.setXattrs(rules.xattrs, want.xattrs ?? {});
  target.setMetadata(rest);
}

/**
 * Sets metadata of an entry by its name.
 *
 * @param context Surroundings.
 * @param directory The directory that holds it.
 * @param name Its name.
 * @param patch What to set.
 * @param want Where extended attributes come from.
 */
export function setNamed(
  context: ApplyContext,
  directory: Directory,
  name: string,
  patch: MetadataPatch,
  want: Entry,
): void {
  const target: MetadataTarget = {
    setMetadata: (part) => directory.setMetadata(name, part),
    setXattrs: (scope, xattrs) => directory.setXattrs(name, scope, xattrs),
  };
  setMetadata(target, patch, want, context.rules);
}
