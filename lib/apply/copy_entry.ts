/**
 * Makes a complete copy of one entry that is not a directory, under any name, and puts it into place when it is whole.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import { printable } from "../bytes/printable.ts";
import type { Entry } from "../model/entry.ts";
import { childPath, ROOT } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory } from "../model/tree.ts";
import type { ApplyContext } from "./context.ts";
import { patchForNew, setNamed } from "./metadata.ts";
import { makeInPlace } from "./place.ts";
import { writeFile } from "./write_file.ts";

/**
 * Copies an entry.
 *
 * @param context Surroundings: the two trees, and what a copy gets beside content.
 * @param at The directory of the entry, and the one that the copy goes into.
 * @param at.source The first.
 * @param at.destination The second.
 * @param from Name of the entry.
 * @param to Name of the copy; what has it gives way, unless it is a directory.
 * @param want The entry as it is, with the target of a symlink.
 * @returns Steps.
 * @throws {SyncError} when it cannot be copied; nothing is changed then.
 */
export function* copyEntry(
  context: ApplyContext,
  at: { readonly source: Directory; readonly destination: Directory },
  from: string,
  to: string,
  want: Entry,
): Steps {
  const { destination } = at;
  const path = childPath(ROOT, to);
  const older = destination.lookup(to);
  const have = older === undefined ? {} : { have: older };
  if (want.kind === "file") {
    const steps = writeFile(
      context,
      at.source,
      destination,
      { op: "write-file", path, want, ...have, reasons: ["missing"] },
      from,
    );
    if (steps !== undefined) yield* steps;
    return;
  }
  const steps = makeInPlace(context, destination, path, older, (name) => {
    if (want.kind !== "symlink") destination.makeSpecial(name, want);
    else if (want.target !== undefined) destination.makeSymlink(name, want.target);
    else throw new SyncError("internal", `Cannot copy "${printable(from)}": its target was not read`, { path: from });
    setNamed(context, destination, name, patchForNew(want, undefined, context.rules), want);
  });
  if (steps !== undefined) yield* steps;
}
