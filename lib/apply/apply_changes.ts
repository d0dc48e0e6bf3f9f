/**
 * Carries out the changes of one directory, in the order of the plan. What fails is told and the rest goes on; only a
 * full file system ends the run, since nothing after it would fit either.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { asSyncError, atPath, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory } from "../model/tree.ts";
import type {
  Action,
  Basis,
  Change,
  CreateDirectory,
  CreateSpecial,
  CreateSymlink,
  Delete,
  LinkFile,
  SetMetadata,
  WriteFile,
} from "../plan/action.ts";
import type { ApplyContext, Preserving } from "./context.ts";
import { patchForExisting, patchForNew, setNamed } from "./metadata.ts";
import { moveEntry } from "./move.ts";
import { makeInPlace, removeQuietly, swap } from "./place.ts";
import { removeEntry, removeTree, type WalkBelow } from "./remove.ts";
import { writeFromBasis } from "./from_basis.ts";
import { writeFile } from "./write_file.ts";

/** Permissions of a directory until everything in it is done. */
const UNFINISHED_DIRECTORY = 0o700;
const STEP_EVERY = 16;

/** The directory that is being changed, on both sides. */
export interface Place {
  /** In the source. */
  readonly source: Directory;
  /** In the destination. */
  readonly destination: Directory;
}

/**
 * Carries out changes and sweeps; deletions are not among them.
 *
 * @param context Surroundings.
 * @param at The directory.
 * @param actions Actions on entries of this directory.
 * @param walk How a leftover directory is walked when it is swept.
 * @returns Steps; the result tells whether an entry of the directory was made, replaced or removed.
 * @throws {SyncError} code `"no-space"` when the destination is full.
 */
export function* applyChanges(
  context: ApplyContext,
  at: Place,
  actions: readonly Action[],
  walk: WalkBelow,
): Steps<boolean> {
  let touched = false;
  let count = 0;
  for (const action of actions) {
    try {
      const steps = applyAction(context, at, action, walk);
      if (steps === undefined || (yield* steps) !== false) done(context, action);
    } catch (thrown) {
      context.staging?.forget();
      report(context, action.path, asSyncError(thrown));
    }
    touched ||= action.op !== "set-metadata";
    if (++count % STEP_EVERY === 0) yield;
  }
  return touched;
}

/** What waits for the switch is told when it is switched. */
function done({ staging, outcome }: ApplyContext, action: Action): void {
  if (staging === undefined || !isChange(action)) outcome.applied(action);
  else staging.hold(action);
}

/** Carries out one action; what takes long is returned as steps, with `false` for what did not succeed and was told. */
function applyAction(context: ApplyContext, at: Place, action: Action, walk: WalkBelow): Steps<boolean | void> | void {
  switch (action.op) {
    case "write-file":
      return action.basis === undefined
        ? writeFile(context, at.source, at.destination, action)
        : useBasis(context, at, action, action.basis);
    case "create-directory":
      return createDirectory(context, at, action);
    case "create-symlink":
    case "create-special":
      return createSpecial(context, at, action);
    case "link":
      return linkFile(context, at, action);
    case "set-metadata":
      return changeMetadata(context, at, action);
    case "move":
      return moveEntry(context, at, action);
    case "sweep":
      return sweep(context, action.path, action.have, walk);
    case "delete":
      return remove(context, at.destination, action);
    case "remove-source":
      throw new SyncError("internal", "Cannot remove from the source here: it is not known what has arrived");
  }
}

function isChange(action: Action): action is Change {
  return action.op !== "sweep" && action.op !== "delete" && action.op !== "remove-source";
}

/** What was done in fact is told: a file that could not be linked was copied. */
function* useBasis(context: ApplyContext, at: Place, action: WriteFile, basis: Basis): Steps<boolean> {
  done(context, yield* writeFromBasis(context, at.source, at.destination, action, basis));
  return false;
}

function remove(context: ApplyContext, directory: Directory, { path, have }: Delete): Steps | void {
  if (context.preserver !== undefined) return removeKept(context.preserver, directory, path, have);
  removeEntry(directory, baseName(path), have.kind);
}

function* removeKept(preserver: Preserving, directory: Directory, path: RelPath, have: Entry): Steps {
  yield* preserver.keep(directory, path, have);
  removeEntry(directory, baseName(path), have.kind);
}

/** A full file system is thrown on, everything else is told. */
function report(context: ApplyContext, path: RelPath, error: SyncError): void {
  if (error.code === "no-space" || error.code === "internal") throw atPath(error, path);
  context.failed(path, atPath(error, path));
}

/** The directory is entered next, and gets its metadata when everything in it is done (`settle.ts`). */
function createDirectory(context: ApplyContext, at: Place, action: CreateDirectory): Steps | undefined {
  // Where permissions are not carried, those that the system gives at birth are the final ones.
  const mode = context.rules.modes ? UNFINISHED_DIRECTORY : action.want.mode & 0o777;
  if (context.waits) return stageDirectory(context, at.destination, mode);
  if (action.have !== undefined) return replaceByDirectory(context, at.destination, action, action.have, mode);
  at.destination.makeDirectory(baseName(action.path), mode);
  return undefined;
}

function stageDirectory(context: ApplyContext, directory: Directory, mode: number): undefined {
  const temporary = context.temporaryName();
  directory.makeDirectory(temporary, mode);
  context.staging!.wait(temporary);
}

function* replaceByDirectory(
  context: ApplyContext,
  directory: Directory,
  action: CreateDirectory,
  have: Entry,
  mode: number,
): Steps {
  if (context.preserver !== undefined) yield* context.preserver.keep(directory, action.path, have);
  const temporary = context.temporaryName();
  directory.makeDirectory(temporary, mode);
  removeOld(context, directory, action, swapDirectory(context, directory, temporary, baseName(action.path)));
}

function swapDirectory(context: ApplyContext, directory: Directory, temporary: string, name: string): string {
  try {
    return swap(context, directory, temporary, name);
  } catch (thrown) {
    removeQuietly(directory, temporary, "directory");
    throw thrown;
  }
}

/** What cannot be removed now is tried again with the deletions; the new directory is there in any case. */
function removeOld(context: ApplyContext, directory: Directory, action: CreateDirectory, aside: string): void {
  try {
    removeEntry(directory, aside, action.have?.kind ?? "file");
  } catch {
    context.outcome.leftBehind(parentPath(action.path));
  }
}

function createSpecial(
  context: ApplyContext,
  at: Place,
  action: CreateSymlink | CreateSpecial,
): Steps | undefined {
  const { want, have } = action;
  return makeInPlace(context, at.destination, action.path, have, (name) => {
    if (want.kind === "symlink") at.destination.makeSymlink(name, targetOf(want, action.path));
    else at.destination.makeSpecial(name, want);
    setNamed(context, at.destination, name, patchForNew(want, have, context.rules), want);
  });
}

function targetOf(want: Entry, path: RelPath): string {
  if (want.target !== undefined) return want.target;
  throw new SyncError("internal", `Cannot make symlink "${printable(baseName(path))}": its target was not read`, {
    path,
  });
}

function* linkFile(context: ApplyContext, at: Place, action: LinkFile): Steps {
  if (context.isUnmade(action.to)) throw cannotLink(action, "vanished", "could not be made");
  // What it becomes a further name of may still wait under another one.
  const to = context.staging?.locate(action.to) ?? action.to;
  const holder = context.destination.open(parentPath(to));
  try {
    const existing = baseName(to);
    const found = holder.lookup(existing);
    // Whatever happened to it since it was planned: nothing becomes a further name of another file.
    if (found === undefined) throw cannotLink(action, "vanished", "is not there");
    if (found.kind !== action.want.kind || found.size !== action.want.size) {
      throw cannotLink(action, "drift", "is not what the source has");
    }
    const steps = makeInPlace(context, at.destination, action.path, action.have, (name) => {
      at.destination.link(name, holder, existing);
    });
    if (steps !== undefined) yield* steps;
  } finally {
    holder.close();
  }
}

function cannotLink({ path, to }: LinkFile, code: "vanished" | "drift", why: string): SyncError {
  const [name, existing] = [baseName(path), to].map(printable);
  return new SyncError(code, `Cannot make hard link "${name}": "${existing}" ${why}`, { path });
}

function changeMetadata(context: ApplyContext, at: Place, action: SetMetadata): void {
  // A directory is settled after what is in it.
  if (action.want.kind === "directory" || context.waits) return;
  setNow(context, at.destination, action);
}

/**
 * Sets the metadata of an entry that is not a directory.
 *
 * @param context Surroundings.
 * @param directory The directory that holds it.
 * @param action What is wanted.
 */
export function setNow(context: ApplyContext, directory: Directory, action: SetMetadata): void {
  const patch = patchForExisting(action.want, action.have, context.rules);
  setNamed(context, directory, baseName(action.path), patch, action.want);
}

function* sweep(context: ApplyContext, path: RelPath, have: Entry, walk: WalkBelow): Steps<boolean> {
  let swept = true;
  yield* removeTree(context.destination, path, have, walk, {
    removed() {},
    failed: (at, error) => {
      swept = false;
      context.failed(at, error);
    },
  });
  return swept;
}
