/**
 * Gives an entry its new name. It is never put over another one; a file whose move would take a copy is copied, and
 * removed under its old name after that.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { asSyncError, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName, parentPath } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory } from "../model/tree.ts";
import type { Move } from "../plan/action.ts";
import type { ApplyContext } from "./context.ts";
import { patchForExisting, setNamed } from "./metadata.ts";
import { changeWithin } from "./settle.ts";
import { writeFile } from "./write_file.ts";

const OWNER_MAY_CHANGE = 0o700;

/**
 * Carries out one `move`. A directory is settled after what is in it, like any other.
 *
 * @param context Surroundings.
 * @param at The directory of the new name, on both sides.
 * @param action What to move.
 * @returns Steps.
 * @throws {SyncError} code `"drift"` when something else has the old name meanwhile, `"exists"` when something has the
 * new one, `"unsupported"` for a directory that would have to be copied.
 */
export function* moveEntry(context: ApplyContext, at: Sides, action: Move): Steps {
  const holder = context.destination.open(parentPath(action.from));
  try {
    requireSame(action, holder.lookup(baseName(action.from)));
    // Settled once everything is done: more may be moved away.
    yield* changeWithin(context, holder, () => undefined, moveOrCopy(context, holder, at, action));
  } finally {
    holder.close();
  }
}

/** The directory of the new name. */
interface Sides {
  readonly source: Directory;
  readonly destination: Directory;
}

function* moveOrCopy(context: ApplyContext, holder: Directory, at: Sides, action: Move): Steps<boolean> {
  const { path, want } = action;
  try {
    move(context, holder, at.destination, action);
    return true;
  } catch (thrown) {
    if (asSyncError(thrown).code !== "unsupported" || want.kind !== "file") throw thrown;
  }
  const steps = writeFile(context, at.source, at.destination, { op: "write-file", path, want, reasons: ["missing"] });
  if (steps !== undefined) yield* steps;
  holder.removeFile(baseName(action.from));
  return true;
}

function move(context: ApplyContext, holder: Directory, directory: Directory, action: Move): void {
  const { path, from, want, have } = action;
  const [name, old] = [baseName(path), baseName(from)];
  // To enter another directory, a directory has to be writable for its owner.
  const mode = have.mode | OWNER_MAY_CHANGE;
  const opened = want.kind === "directory" && !context.rules.privileged && mode !== have.mode;
  if (opened) holder.setMetadata(old, { mode });
  try {
    directory.moveHere(name, holder, old);
  } catch (thrown) {
    if (opened) holder.setMetadata(old, { mode: have.mode });
    throw thrown;
  }
  if (opened) directory.setMetadata(name, { mode: have.mode });
  if (want.kind === "directory") return;
  const patch = patchForExisting(want, have, context.rules);
  if (Object.keys(patch).length > 0 || context.rules.xattrs !== undefined) {
    setNamed(context, directory, name, patch, want);
  }
}

/** Whatever happened to it since it was planned: nothing else gets the name of what the source has. */
function requireSame({ path, from, have }: Move, found: Entry | undefined): void {
  const isSame = found?.kind === have.kind && (have.kind === "directory" ||
    (found.size === have.size && found.mtimeSeconds === have.mtimeSeconds &&
      found.mtimeNanoseconds === have.mtimeNanoseconds));
  if (isSame) return;
  const [name, old] = [baseName(path), from].map(printable);
  const why = found === undefined ? "is not there any more" : "is not what it was";
  throw new SyncError("drift", `Cannot move "${old}" to "${name}": it ${why}`, { path });
}
