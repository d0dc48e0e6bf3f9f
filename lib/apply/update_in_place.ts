/**
 * Brings a file of the destination up to date where it is: what is right already is compared and not written. Before
 * the first write the file gets an end that makes it longer than it will be, and only when everything has arrived is it
 * cut to its length and given its time; so whenever a run is interrupted, the next one sees that it is not as it should
 * be. A file that cannot be changed where it is, or must not be, is left to be replaced.
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { asSyncError, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, FileReader, FileUpdater } from "../model/tree.ts";
import type { WriteFile } from "../plan/action.ts";
import type { ApplyContext } from "./context.ts";
import { copyFrom } from "./copy_content.ts";
import { PART_BYTES, QUESTION_BYTES } from "./joint_comparison.ts";
import { patchForNew, setMetadata } from "./metadata.ts";
import { closeQuietly, reading } from "./reading.ts";
import { sameContent } from "./same_content.ts";

/** Parts that are compared between two steps. */
const PARTS_AT_ONCE = 16;

/** Tells of a part of a range, by its number, whether it is known to be the same. */
type KnownParts = (part: number) => boolean;

/**
 * The end of a file that is being changed, for whoever meets it.
 *
 * @param identity Device and inode of the file, so that a copy of it is not taken for one.
 * @returns Bytes.
 */
export function unfinishedMark(identity: string): Uint8Array {
  return encodeName(`\nundrift: this file is unfinished, run the mirror again [${identity}]\n`);
}

/**
 * Opens the file that an action would replace, if it may be changed where it is.
 *
 * @param context Surroundings; hears when it may not.
 * @param directory The directory of the destination.
 * @param action What to write.
 * @returns The file, or `undefined` for one that is to be replaced.
 */
function openInPlace(context: ApplyContext, directory: Directory, action: WriteFile): FileUpdater | undefined {
  if (action.have?.kind !== "file") return undefined;
  let file: FileUpdater | undefined;
  try {
    file = directory.openToUpdate(baseName(action.path));
    if (file !== undefined) {
      const { mtimeSeconds, mtimeNanoseconds } = file.reader.entry();
      // Whether it is ours to set: nothing is written into a file that cannot be finished.
      if (context.rules.times) file.writer.setMetadata({ mtimeSeconds, mtimeNanoseconds });
      return file;
    }
  } catch (thrown) {
    file?.writer.close();
    if (asSyncError(thrown).code === "internal") throw thrown;
  }
  context.outcome.notInPlace?.();
  return undefined;
}

/**
 * Changes one file where it is, as far as the rules say.
 *
 * @param context Surroundings.
 * @param directory The directory of the destination.
 * @param action What to write.
 * @param reader The source.
 * @param want What it is expected to be.
 * @param isAtRest Whether the source is still what it was expected to be.
 * @returns Steps; the result tells how it went. `"not-here"` is a file that is to be replaced.
 * @throws {SyncError} when it cannot be written; the next run sees that it is not right.
 */
export function* changeInPlace(
  context: ApplyContext,
  directory: Directory,
  action: WriteFile,
  reader: FileReader,
  want: Entry,
  isAtRest: () => boolean,
): Steps<"placed" | "changed" | "not-here"> {
  const file = openInPlace(context, directory, action);
  if (file === undefined) return "not-here";
  try {
    const { append, inPlace } = context.rules.content!;
    const change = new InPlace(context, directory, action, file);
    const grows = append !== undefined && (yield* reading(change.canGrow(reader, want, append === "checked")));
    if (!grows && !inPlace) return "not-here";
    const size = yield* reading(grows ? change.append(reader, want) : change.update(reader, want));
    if (size !== want.size || !isAtRest()) return "changed";
    change.finish(want);
    return "placed";
  } finally {
    closeQuietly(file.writer);
  }
}

/** The answer of nobody. */
function* nobody(): Steps<undefined> {}

/** One file that is changed where it is. */
class InPlace {
  readonly #context: ApplyContext;
  readonly #directory: Directory;
  readonly #action: WriteFile;
  readonly #file: FileUpdater;
  readonly #before: Entry;
  #isMarked = false;

  /** Takes an open file; the caller closes it. */
  constructor(context: ApplyContext, directory: Directory, action: WriteFile, file: FileUpdater) {
    this.#context = context;
    this.#directory = directory;
    this.#action = action;
    this.#file = file;
    this.#before = file.reader.entry();
  }

  /** Keeps what is there before any of it changes, if it is to be kept: a copy, since the file itself changes. */
  *#keep(): Steps {
    const { preserver } = this.#context;
    // What an interrupted run has half changed was kept before it began.
    if (preserver === undefined || this.#isUnfinished()) return;
    yield* preserver.keepCopy(this.#directory, this.#action.path, this.#action.have!);
  }

  /**
   * Makes the content that of the source.
   *
   * @param reader The source.
   * @param want What it is expected to be.
   * @returns Steps; the result is the number of bytes that the file stands for, less than `want.size` when the source
   * turned out shorter.
   */
  *update(reader: FileReader, want: Entry): Steps<number> {
    const common = Math.min(this.#before.size, want.size);
    let at = 0;
    for (; at < common; at = Math.min(at + QUESTION_BYTES, common)) {
      const end = Math.min(at + QUESTION_BYTES, common);
      const known = yield* this.#ask(reader, at, end);
      const next = yield* this.#updateRange(reader, want, at, end, known);
      if (next < end) return next;
    }
    if (at === want.size) {
      if (this.#before.size > at && !this.#isMarked) yield* this.#keep();
      return at;
    }
    if (!this.#isMarked) yield* this.#begin(want);
    return yield* copyFrom(this.#context, reader, this.#file.writer, want, at);
  }

  /** What other threads know of a range, if there are any. */
  *#ask(reader: FileReader, start: number, end: number): Steps<KnownParts> {
    const known = yield* this.#context.joint?.compare(reader, this.#file.reader, start, end) ?? nobody();
    return known ?? (() => false);
  }

  *#updateRange(reader: FileReader, want: Entry, start: number, end: number, known: KnownParts): Steps<number> {
    let at = start;
    while (at < end) {
      const part = (at - start) / PART_BYTES;
      if (known(part)) {
        this.#context.outcome.spared?.(PART_BYTES);
        at += PART_BYTES;
        continue;
      }
      let last = part + 1;
      while (last - part < PARTS_AT_ONCE && !known(last)) last++;
      const next = Math.min(start + last * PART_BYTES, end);
      if (!this.#isMarked) at = this.#passSame(reader, at, next);
      if (at < next) {
        if (!this.#isMarked) yield* this.#begin(want);
        if (this.#updatePiece(reader, at, next) < next) return at;
        at = next;
      }
      if (at < want.size) yield;
    }
    return at;
  }

  /** As long as nothing differs nothing is written, and the file needs no mark. */
  #passSame(reader: FileReader, start: number, end: number): number {
    let at = start;
    while (at < end) {
      const length = Math.min(PART_BYTES, end - at);
      if (!this.#file.reader.sameBytes(reader, at, length)) break;
      this.#context.outcome.spared?.(length);
      at += length;
    }
    return at;
  }

  #updatePiece(reader: FileReader, start: number, end: number): number {
    const before = this.#file.written;
    const count = this.#file.updateFrom(reader, start, end - start);
    const written = this.#file.written - before;
    this.#context.outcome.copied(written);
    this.#context.outcome.spared?.(count - written);
    return start + count;
  }

  /**
   * Whether what the source has more is all that is missing.
   *
   * @param reader The source.
   * @param want What it is expected to be.
   * @param isChecked Whether what is there is compared.
   * @returns Steps.
   * @throws {SyncError} code `"drift"` when the file is longer than its source now.
   */
  *canGrow(reader: FileReader, want: Entry, isChecked: boolean): Steps<boolean> {
    const { size } = this.#before;
    if (size > want.size) {
      const name = printable(baseName(this.#action.path));
      throw new SyncError("drift", `Cannot append to "${name}": it is longer than its source now`);
    }
    return !isChecked || (yield* sameContent(reader, this.#file.reader, size));
  }

  /**
   * Adds what the source has more. Bytes come in their order, so the file is shorter than its source until all are there.
   *
   * @param reader The source.
   * @param want What it is expected to be.
   * @returns Steps; the result is as that of {@linkcode update}.
   */
  *append(reader: FileReader, want: Entry): Steps<number> {
    yield* this.#keep();
    this.#narrow(want);
    this.#context.outcome.spared?.(this.#before.size);
    return yield* copyFrom(this.#context, reader, this.#file.writer, want, this.#before.size);
  }

  /**
   * Makes the file what it is to be, when its content is complete.
   *
   * @param want What the source is.
   */
  finish(want: Entry): void {
    const { writer, reader } = this.#file;
    if (reader.entry().size !== want.size) writer.truncate(want.size);
    setMetadata(writer, patchForNew(want, this.#before, this.#context.rules), want, this.#context.rules);
    writer.close();
  }

  /** Before the first write. */
  *#begin(want: Entry): Steps {
    yield* this.#keep();
    this.#isMarked = true;
    this.#mark(Math.max(this.#before.size, want.size));
    this.#narrow(want);
  }

  #mark(position: number): void {
    try {
      this.#file.writer.write(this.#markBytes(), position);
    } catch (thrown) {
      // Half a mark is none: nothing else was changed yet.
      this.#restore();
      throw thrown;
    }
  }

  #restore(): void {
    const { size, mtimeSeconds, mtimeNanoseconds } = this.#before;
    try {
      this.#file.writer.truncate(size);
      this.#file.writer.setMetadata({ mtimeSeconds, mtimeNanoseconds });
    } catch {
      // The failure that led here is the one to report.
    }
  }

  /** Nobody may read more of the new content than of the old one, and of neither more than is meant. */
  #narrow(want: Entry): void {
    const mode = this.#before.mode & want.mode;
    if (this.#context.rules.modes && mode !== this.#before.mode) this.#file.writer.setMetadata({ mode });
  }

  #markBytes(): Uint8Array {
    return unfinishedMark(this.#directory.identityOf(baseName(this.#action.path)) ?? "");
  }

  #isUnfinished(): boolean {
    const mark = this.#markBytes();
    const found = new Uint8Array(mark.length);
    const start = this.#before.size - mark.length;
    return start >= 0 && this.#file.reader.read(found, start) === mark.length &&
      mark.every((byte, index) => byte === found[index]);
  }
}
