/**
 * Writes one regular file: into a temporary file in the same directory, with its metadata, then renamed over the old
 * one. The source is looked at again after it was read: a file that changed meanwhile is copied once more, and a file
 * that changes again is a failure, never a torn copy.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
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
    if (yield* attempt(context, reader, destination, action, action.want)) return;
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

/** Copies once; answers whether the source held still. */
function* attempt(
  context: ApplyContext,
  reader: FileReader,
  destination: Directory,
  action: WriteFile,
  want: Entry,
): Steps<boolean> {
  const { rules } = context;
  const temporary = context.temporaryName();
  const writer = destination.createFile(temporary, rules.modes ? UNFINISHED_MODE : want.mode & 0o777);
  let placed = false;
  try {
    const size = yield* copyContent(context, reader, writer, want);
    setMetadata(writer, patchForNew(want, action.have, rules), want, rules);
    if (size !== want.size || !sameState(want, reader.entry())) return false;
    writer.close();
    place(context, destination, temporary, action.path, action.have);
    placed = true;
    return true;
  } finally {
    // Also reached when the run is stopped at a step.
    if (!placed) abandon(destination, writer, temporary);
  }
}

function abandon(destination: Directory, writer: FileWriter, temporary: string): void {
  try {
    writer.close();
  } catch {
    // The file is removed in any case.
  }
  removeQuietly(destination, temporary);
}

/** Whether a file is as it was listed: its content cannot have changed meanwhile. */
function sameState(before: Entry, now: Entry): boolean {
  return now.kind === "file" && now.size === before.size && now.mtimeSeconds === before.mtimeSeconds &&
    now.mtimeNanoseconds === before.mtimeNanoseconds;
}
