/**
 * A directory's own metadata. Making, replacing and removing entries changes the time of their directory, so it is set
 * after all of them; changes below a subdirectory do not reach it. Permissions that would keep this process out come
 * last for the same reason.
 *
 * @module
 */
import type { Entry } from "../model/entry.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory } from "../model/tree.ts";
import type { ApplyContext } from "./context.ts";
import { patchForExisting, setMetadata } from "./metadata.ts";

const OWNER_MAY_CHANGE = 0o700;

/**
 * Does work in a directory, and sets the directory's metadata after it. A directory that its owner may not change is
 * opened up for as long as the work takes, also when it fails or is stopped.
 *
 * @param context Surroundings.
 * @param directory The directory of the destination.
 * @param wanted Tells what the source has; `undefined` when it has no such directory any more.
 * @param work The work; its result tells whether the metadata has to be set.
 * @returns Steps.
 */
export function* changeWithin(
  context: ApplyContext,
  directory: Directory,
  wanted: () => Entry | undefined,
  work: Steps<boolean>,
): Steps {
  const before = directory.entry();
  const mode = before.mode | OWNER_MAY_CHANGE;
  const opened = !context.rules.privileged && mode !== before.mode;
  if (opened) directory.setMetadata(undefined, { mode });
  let settled = false;
  try {
    const touched = yield* work;
    const want = touched || opened ? wanted() : undefined;
    if (want === undefined) return;
    settle(context, directory, want, before);
    settled = true;
  } finally {
    if (opened && !settled) closeAgain(directory, before.mode);
  }
}

/**
 * Does work in a directory that looks afterwards as it did before, whatever happens.
 *
 * @param context Surroundings.
 * @param directory The directory of the destination.
 * @param before What it is, with its attributes.
 * @param work The work.
 * @returns Steps.
 */
export function* changeUnseen(
  context: ApplyContext,
  directory: Directory,
  before: Entry,
  work: Steps<boolean>,
): Steps {
  try {
    yield* changeWithin(context, directory, () => undefined, work);
  } finally {
    settleQuietly(context, directory, before);
  }
}

function settleQuietly(context: ApplyContext, directory: Directory, before: Entry): void {
  try {
    settle(context, directory, before, before);
  } catch {
    // Only its time may be another one, until it is set for good.
  }
}

function closeAgain(directory: Directory, mode: number): void {
  try {
    directory.setMetadata(undefined, { mode });
  } catch {
    // The failure that led here is the one to report.
  }
}

/**
 * Gives a directory the metadata it is to have.
 *
 * @param context Surroundings.
 * @param directory The directory of the destination.
 * @param want What the source has.
 * @param before What the destination had before anything in it was changed.
 */
export function settle(context: ApplyContext, directory: Directory, want: Entry, before: Entry): void {
  const { rules } = context;
  const now = directory.entry();
  const wanted = rules.modes ? want : { ...want, mode: before.mode };
  const patch = patchForExisting(wanted, now, { ...rules, modes: true });
  const target = {
    setMetadata: (part: typeof patch) => directory.setMetadata(undefined, part),
    setXattrs: (...rest: [Parameters<Directory["setXattrs"]>[1], Parameters<Directory["setXattrs"]>[2]]) =>
      directory.setXattrs(undefined, ...rest),
  };
  if (Object.keys(patch).length > 0 || rules.xattrs !== undefined) setMetadata(target, patch, wanted, rules);
}
