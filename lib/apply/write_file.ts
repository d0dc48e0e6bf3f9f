/**
 * Writes one regular file: into a file that nobody sees, with its metadata; then it gets its name, or is renamed over
 * the old one. The source is looked at again after it was read: a file that changed meanwhile is copied once more, and a file
 * that changes again is a failure, never a torn copy.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { asSyncError, atSide, SyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName } from "../model/rel_path.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, FileReader, FileWriter } from "../model/tree.ts";
import type { WriteFile } from "../plan/action.ts";
import type { ApplyContext } from "./context.ts";
import { copyByDelta } from "./copy_by_delta.ts";
import { copyAtOnce, copyContent } from "./copy_content.ts";
import { closeQuietly, reading, whileReading } from "./reading.ts";
import { sameContent } from "./same_content.ts";
import { patchForNew, setMetadata } from "./metadata.ts";
import { place, put, removeQuietly } from "./place.ts";
import { changeInPlace } from "./update_in_place.ts";

/** Permissions of a file that is not finished: nobody else may read it. */
const UNFINISHED_MODE = 0o600;
const OWNER_MAY_WRITE = 0o200;

/** Up to this many bytes a file is copied at once, without the cost of steps. */
const AT_ONCE = 1 << 20;

/**
 * Carries out one `write-file`.
 *
 * @param context Surroundings.
 * @param source The directory of the source.
 * @param destination The directory of the destination.
 * @param action What to write.
 * @param from Name in the directory of the source. @default {the same as at the destination}
 * @returns Steps for a large file, or when more is to be done than to write it; `undefined` when it is done already.
 * @throws {SyncError} code `"source-vanished"` when the source is gone, `"changed-while-read"` when it does not hold still,
 * `"no-space"` when the destination is full; the old file is untouched then.
 */
export function writeFile(
  context: ApplyContext,
  source: Directory,
  destination: Directory,
  action: WriteFile,
  from: string = baseName(action.path),
): Steps | undefined {
  const copy = new FileCopy(context, source, destination, action, from);
  const keeps = action.have !== undefined && context.preserver !== undefined;
  const { content } = context.rules;
  const updates = content !== undefined && (action.have !== undefined || content.fuzzy === true);
  if (action.want.size > AT_ONCE || keeps || updates || context.staging !== undefined) return copy.inSteps();
  copy.atOnce();
  return undefined;
}

/**
 * Writes a file with the content of the same name in another directory, which must be as it is wanted.
 *
 * @param context Surroundings.
 * @param basis The other directory.
 * @param destination The directory of the destination.
 * @param action What to write.
 * @returns Steps.
 * @throws {SyncError} code `"changed-while-read"` when it is not, or does not hold still.
 */
export function* copyOnce(
  context: ApplyContext,
  basis: Directory,
  destination: Directory,
  action: WriteFile,
): Steps {
  yield* new FileCopy(context, basis, destination, action, baseName(action.path), 0).inSteps();
}

/** How one attempt ended. */
type Attempt = "placed" | "changed" | "cannot-name";

/** One file on its way, at most twice. */
class FileCopy {
  readonly #context: ApplyContext;
  readonly #source: Directory;
  readonly #destination: Directory;
  readonly #action: WriteFile;
  readonly #from: string;
  #retries: number;

  constructor(
    context: ApplyContext,
    source: Directory,
    destination: Directory,
    action: WriteFile,
    from: string,
    retries = 1,
  ) {
    this.#context = context;
    this.#source = source;
    this.#destination = destination;
    this.#action = action;
    this.#from = from;
    this.#retries = retries;
  }

  atOnce(): void {
    const reader = this.#openSource();
    try {
      let want: Entry | undefined = this.#action.want;
      while (want !== undefined) want = this.#after(this.#attemptAtOnce(reader, want), reader, want);
    } finally {
      reader.close();
    }
  }

  *inSteps(): Steps {
    const reader = this.#openSource();
    try {
      let want: Entry | undefined = this.#action.want;
      while (want !== undefined) want = this.#after(yield* this.#attempt(reader, want), reader, want);
    } finally {
      reader.close();
    }
  }

  /** A file that was listed and is gone now is no failure of the run. */
  #openSource(): FileReader {
    try {
      return this.#source.openFile(this.#from);
    } catch (thrown) {
      throw atSide(asSyncError(thrown), "source");
    }
  }

  #attemptAtOnce(reader: FileReader, want: Entry): Attempt {
    const file = this.#newFile(want);
    let ended: Attempt = "changed";
    try {
      const size = this.#copyAtOnce(reader, file.writer, want);
      return ended = this.#complete(reader, file, want, size);
    } finally {
      if (ended !== "placed") abandon(this.#destination, file);
    }
  }

  *#attempt(reader: FileReader, want: Entry): Steps<Attempt> {
    const { content } = this.#context.rules;
    if (content?.inPlace === true || content?.append !== undefined) {
      const isAtRest = () => sameState(want, reader.entry());
      const change = changeInPlace(this.#context, this.#destination, this.#action, reader, want, isAtRest);
      const ended = yield* change;
      if (ended !== "not-here") return ended;
    }
    return yield* this.#attemptInSteps(reader, want);
  }

  *#attemptInSteps(reader: FileReader, want: Entry): Steps<Attempt> {
    const file = this.#newFile(want);
    let ended: Attempt = "changed";
    try {
      const size = yield* reading(this.#copy(reader, file.writer, want));
      if (file.temporary !== undefined && !(yield* this.#isVerified(reader, file.temporary, size))) return ended;
      if (!this.#isWhole(reader, file, want, size)) return ended;
      return ended = file.temporary === undefined
        ? this.#giveName(file.writer)
        : yield* this.#replace(file.writer, file.temporary, want);
    } finally {
      // Also reached when the run is stopped at a step.
      if (ended !== "placed") abandon(this.#destination, file);
    }
  }

  #copyAtOnce(reader: FileReader, writer: FileWriter, want: Entry): number {
    try {
      return copyAtOnce(this.#context, reader, writer, want);
    } catch (thrown) {
      throw whileReading(asSyncError(thrown));
    }
  }

  #copy(reader: FileReader, writer: FileWriter, want: Entry): Steps<number> {
    if (this.#context.rules.content?.delta !== true) return copyContent(this.#context, reader, writer, want);
    return copyByDelta(this.#context, this.#destination, this.#action, reader, writer, want);
  }

  #newFile(want: Entry): NewFile {
    const { modes, xattrs } = this.#context.rules;
    const plain = want.mode & 0o777;
    const name = baseName(this.#action.path);
    const { staging } = this.#context;
    if (this.#action.have === undefined && this.#context.naming && staging === undefined) {
      // Attributes can be set only while the owner may write; the permissions follow them.
      const mode = modes && xattrs !== undefined ? plain | OWNER_MAY_WRITE : plain;
      const writer = this.#destination.createUnnamedFile(mode, name);
      if (writer !== undefined) return { writer, temporary: undefined };
    }
    const temporary = this.#context.temporaryName();
    const writer = this.#destination.createFile(temporary, modes ? UNFINISHED_MODE : plain, name);
    return { writer, temporary };
  }

  /** Sets metadata, looks at the source again, and gives the new file its name. */
  #complete(reader: FileReader, file: NewFile, want: Entry, size: number): Attempt {
    if (!this.#isWhole(reader, file, want, size)) return "changed";
    if (file.temporary === undefined) return this.#giveName(file.writer);
    file.writer.close();
    place(this.#context, this.#destination, file.temporary, this.#action.path, this.#action.have);
    return "placed";
  }

  #isWhole(reader: FileReader, { writer }: NewFile, want: Entry, size: number): boolean {
    setMetadata(writer, patchForNew(want, this.#action.have, this.#context.rules), want, this.#context.rules);
    return size === want.size && sameState(want, reader.entry());
  }

  /** What waits for the switch is read again, before permissions may forbid it. */
  *#isVerified(reader: FileReader, temporary: string, size: number): Steps<boolean> {
    if (this.#context.staging === undefined) return true;
    const copy = this.#destination.openFile(temporary);
    try {
      return yield* sameContent(reader, copy, size);
    } finally {
      copy.close();
    }
  }

  *#replace(writer: FileWriter, temporary: string, want: Entry): Steps<Attempt> {
    writer.close();
    this.#context.staging?.copied(want);
    yield* put(this.#context, this.#destination, temporary, this.#action.path, this.#action.have);
    return "placed";
  }

  #giveName(writer: FileWriter): Attempt {
    if (!this.#name(writer)) return "cannot-name";
    this.#closeNamed(writer);
    return "placed";
  }

  #name(writer: FileWriter): boolean {
    try {
      this.#destination.nameFile(writer, baseName(this.#action.path));
      return true;
    } catch (thrown) {
      if (asSyncError(thrown).code !== "unsupported") throw thrown;
      this.#context.naming = false;
      return false;
    }
  }

  /** A write that fails late must not leave half a file under its name. */
  #closeNamed(writer: FileWriter): void {
    try {
      writer.close();
    } catch (thrown) {
      removeQuietly(this.#destination, baseName(this.#action.path));
      throw thrown;
    }
  }

  /** What is wanted in the next attempt; `undefined` when there is no need for one. */
  #after(ended: Attempt, reader: FileReader, want: Entry): Entry | undefined {
    if (ended === "placed") return undefined;
    if (ended === "cannot-name") return want;
    const found = reader.entry();
    const now = this.#context.source.asSeen?.(found) ?? found;
    if (this.#retries-- > 0 && now.kind === "file") {
      return want.xattrs === undefined ? now : { ...now, xattrs: want.xattrs };
    }
    const { path } = this.#action;
    throw new SyncError(
      "changed-while-read",
      `Cannot copy "${printable(baseName(path))}": it changed while it was read`,
      {
        path,
        hint: "run again when it is at rest, or mirror from a snapshot of the file system",
      },
    );
  }
}

/** A file that nobody sees yet: without a name where the file system can, otherwise under a temporary one. */
interface NewFile {
  readonly writer: FileWriter;
  readonly temporary: string | undefined;
}

function abandon(destination: Directory, { writer, temporary }: NewFile): void {
  closeQuietly(writer);
  if (temporary !== undefined) removeQuietly(destination, temporary);
}

/** Whether a file is as it was listed: its content cannot have changed meanwhile. */
function sameState(before: Entry, now: Entry): boolean {
  return now.kind === "file" && now.size === before.size && now.mtimeSeconds === before.mtimeSeconds &&
    now.mtimeNanoseconds === before.mtimeNanoseconds;
}
