/**
 * Writes a file that another tree holds already: as a further name of the file there, or with the content from there.
 * Whatever does not work out there, the file is copied from the source.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { asSyncError, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName, parentPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory } from "../model/tree.ts";
import type { Basis, WriteFile } from "../plan/action.ts";
import type { ApplyContext } from "./context.ts";
import { CANNOT_LEND } from "./link_shared.ts";
import { makeInPlace, removeQuietly } from "./place.ts";
import { copyOnce, writeFile } from "./write_file.ts";

/**
 * Carries out one `write-file` that has a basis.
 *
 * @param context Surroundings.
 * @param source The directory of the source.
 * @param destination The directory of the destination.
 * @param action What to write.
 * @param basis Where it is found.
 * @returns Steps; the result is what was done in fact: without its basis when that was of no use.
 * @throws {SyncError} as `writeFile` does.
 */
export function* writeFromBasis(
  context: ApplyContext,
  source: Directory,
  destination: Directory,
  action: WriteFile,
  basis: Basis,
): Steps<WriteFile> {
  const directory = openBasis(context, action, basis);
  try {
    if (directory !== undefined) {
      if (basis.links && (yield* linkToBasis(context, directory, destination, action, basis))) return action;
      if (!basis.links && (yield* copyFromBasis(context, directory, destination, action))) return action;
    }
  } finally {
    directory?.close();
  }
  const { basis: _basis, ...plain } = action;
  const steps = writeFile(context, source, destination, plain);
  if (steps !== undefined) yield* steps;
  return plain;
}

/** The directory of the basis, when the file in it is what the plan has found. */
function openBasis(context: ApplyContext, { path }: WriteFile, { index, found }: Basis): Directory | undefined {
  let directory: Directory | undefined;
  try {
    directory = context.bases[index]?.open(parentPath(path));
    if (directory !== undefined && isSame(directory.lookup(baseName(path)), found)) return directory;
  } catch (thrown) {
    if (asSyncError(thrown).code === "internal") throw thrown;
  }
  directory?.close();
  return undefined;
}

function* linkToBasis(
  context: ApplyContext,
  directory: Directory,
  destination: Directory,
  { path, have }: WriteFile,
  { found }: Basis,
): Steps<boolean> {
  const name = baseName(path);
  if (context.lent?.takeIdentity(directory.identityOf(name) ?? "") === false) return false;
  try {
    const steps = makeInPlace(context, destination, path, have, (to) => {
      destination.link(to, directory, name);
      if (isSame(destination.lookup(to), found)) return;
      removeQuietly(destination, to);
      throw new SyncError("drift", `Cannot link "${printable(name)}": its basis has changed just now`, { path });
    });
    if (steps !== undefined) yield* steps;
    return true;
  } catch (thrown) {
    const { code } = asSyncError(thrown);
    if (!CANNOT_LEND.has(code)) throw thrown;
    context.staging?.forget();
    context.outcome.notLinked?.();
    return false;
  }
}

function* copyFromBasis(
  context: ApplyContext,
  directory: Directory,
  destination: Directory,
  action: WriteFile,
): Steps<boolean> {
  try {
    yield* copyOnce(context, directory, destination, action);
    context.outcome.fromBasis?.(action.want.size, context.cloned);
    return true;
  } catch (thrown) {
    const { code } = asSyncError(thrown);
    if (code === "no-space" || code === "internal" || code === "exists") throw thrown;
    context.staging?.forget();
    return false;
  }
}

function isSame(now: Entry | undefined, found: Entry): boolean {
  return now !== undefined && now.kind === found.kind && now.size === found.size && now.mode === found.mode &&
    now.uid === found.uid && now.gid === found.gid && now.mtimeSeconds === found.mtimeSeconds &&
    now.mtimeNanoseconds === found.mtimeNanoseconds;
}
