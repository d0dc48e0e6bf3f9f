/**
 * Writes one regular file: into a file that nobody sees, with its metadata; then it gets its name, or is renamed over
 * the old one. The source is looked at again after it was read: a file that changed meanwhile is copied once more, and a file
 * that changes again is a failure, never a torn copy.
 *
 * @module
 */
import { asSyncError, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, FileReader, FileWriter } from "../model/tree.ts";
import type { WriteFile } from "../plan/action.ts";
import type { ApplyContext } from "./context.ts";
import { copyContent } from "./copy_content.ts";
import { patchForNew, setMetadata } from "./metadata.ts";
import { place, removeQuietly } from "./place.ts";

/** Permissions of a file that is not finished: nobody else may read it. */
const UNFINISHED_MODE = 0o600;
const OWNER_MAY_WRITE = 0o200;

/**
 * Carries out one `write-file`.
 *
 * @param context Surroundings.
 * @param source The directory of the source.
 * @param destination The directory of the destination.
 * @param action What to write.
 * @returns Steps.
 * @throws {SyncError} code `"vanished"` when the source is gone, `"changed-while-read"` when it does not hold still,
 * `"no-space"` when the destination is full; the old file is untouched then.
 */
export function* writeFile(
  context: ApplyContext,
  source: Directory,
  destination: Directory,
  action: WriteFile,
): Steps {
  const name = baseName(action.path);
  const reader = source.openFile(name);
  try {
    if (yield* firstAttempt(context, reader, destination, action)) return;
    const again = { ...reader.entry(), ...(action.want.xattrs === undefined ? {} : { xattrs: action.want.xattrs }) };
    if (again.kind === "file" && (yield* attempt(context, reader, destination, action, again))) return;
  } finally {
    reader.close();
  }
  throw new SyncError("changed-while-read", `Cannot copy "${name}": it changed twice while it was read`, {
    path: action.path,
    hint: "run again when it is at rest, or mirror from a snapshot of the file system",
  });
}

/** Where it turns out that files without a name cannot be named, the copy is made again with a temporary name. */
function* firstAttempt(
  context: ApplyContext,
  reader: FileReader,
  destination: Directory,
  action: WriteFile,
): Steps<boolean> {
  try {
    return yield* attempt(context, reader, destination, action, action.want);
  } catch (thrown) {
    if (!context.naming || action.have !== undefined || asSyncError(thrown).code !== "unsupported") throw thrown;
    context.naming = false;
    return yield* attempt(context, reader, destination, action, action.want);
  }
}

/** Copies once; answers whether the source held still. */
function* attempt(
  context: ApplyContext,
  reader: FileReader,
  destination: Directory,
  action: WriteFile,
  want: Entry,
): Steps<boolean> {
  const file = newFile(context, destination, action, want);
  let placed = false;
  try {
    const size = yield* copyContent(context, reader, file.writer, want);
    setMetadata(file.writer, patchForNew(want, action.have, context.rules), want, context.rules);
    if (size !== want.size || !sameState(want, reader.entry())) return false;
    if (file.temporary === undefined) destination.nameFile(file.writer, baseName(action.path));
    file.writer.close();
    if (file.temporary !== undefined) place(context, destination, file.temporary, action.path, action.have);
    placed = true;
    return true;
  } finally {
    // Also reached when the run is stopped at a step.
    if (!placed) abandon(destination, file);
  }
}

/** A file that nobody sees yet: without a name where the file system can, otherwise under a temporary one. */
interface NewFile {
  readonly writer: FileWriter;
  readonly temporary: string | undefined;
}

function newFile(context: ApplyContext, destination: Directory, action: WriteFile, want: Entry): NewFile {
  const plain = want.mode & 0o777;
  if (action.have === undefined && context.naming) {
    // Attributes can be set only while the owner may write; the permissions follow them.
    const { modes, xattrs } = context.rules;
    const writer = destination.createUnnamedFile(modes && xattrs !== undefined ? plain | OWNER_MAY_WRITE : plain);
    if (writer !== undefined) return { writer, temporary: undefined };
  }
  const temporary = context.temporaryName();
  const writer = destination.createFile(temporary, context.rules.modes ? UNFINISHED_MODE : plain);
  return { writer, temporary };
}

function abandon(destination: Directory, { writer, temporary }: NewFile): void {
  try {
    writer.close();
  } catch {
    // The file is removed in any case.
  }
  if (temporary !== undefined) removeQuietly(destination, temporary);
}

/** Whether a file is as it was listed: its content cannot have changed meanwhile. */
function sameState(before: Entry, now: Entry): boolean {
  return now.kind === "file" && now.size === before.size && now.mtimeSeconds === before.mtimeSeconds &&
    now.mtimeNanoseconds === before.mtimeNanoseconds;
}
