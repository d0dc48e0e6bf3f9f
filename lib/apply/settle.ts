/**
 * A directory's own metadata. Making, replacing and removing entries changes the time of their directory, so it is set
 * after all of them; changes below a subdirectory do not reach it. Permissions that would keep this process out come
 * last for the same reason.
 *
 * @module
 */
import type { Entry } from "../model/entry.ts";
import type { Directory } from "../model/tree.ts";
import type { ApplyContext } from "./context.ts";
import { patchForExisting, setMetadata } from "./metadata.ts";

const OWNER_MAY_CHANGE = 0o700;

/**
 * Makes sure that entries of a directory can be changed by an owner without privileges.
 *
 * @param context Surroundings.
 * @param directory The directory of the destination.
 * @returns What the directory was before.
 */
export function openUp(context: ApplyContext, directory: Directory): Entry {
  const before = directory.entry();
  if (!context.rules.privileged && (before.mode & OWNER_MAY_CHANGE) !== OWNER_MAY_CHANGE) {
    directory.setMetadata(undefined, { mode: before.mode | OWNER_MAY_CHANGE });
  }
  return before;
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
