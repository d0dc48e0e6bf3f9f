/**
 * Makes a new file of pieces of an old one of the destination, as far as it has them, wherever in it they are; only the
 * rest is written. Pieces are copied within the destination, where many file systems share them or copy them on their
 * server. What is taken for a piece has the same BLAKE2b sum, and the old file must not have changed meanwhile.
 *
 * @module
 */
import { blockLengthFor } from "../delta/block_length.ts";
import type { SignatureFormat } from "../delta/format.ts";
import type { Instruction } from "../delta/instruction.ts";
import { Matcher } from "../delta/matcher.ts";
import { type Signature, SignatureReader } from "../delta/signature.ts";
import { SignatureWriter } from "../delta/signature_writer.ts";
import { asSyncError } from "../errors.ts";
import type { Entry } from "../model/entry.ts";
import { baseName } from "../model/rel_path.ts";
import { sameStamp } from "../model/stamp.ts";
import type { Steps } from "../model/steps.ts";
import type { Directory, FileReader, FileWriter } from "../model/tree.ts";
import type { WriteFile } from "../plan/action.ts";
import type { ApplyContext } from "./context.ts";
import { copyContent, isCloned } from "./copy_content.ts";
import { similarIn } from "./similar_files.ts";

/** Looking for pieces of smaller files costs more than writing them. */
const LEAST_BYTES = 16_384;
/** Blocks are as long as rsync's, but of a length that file systems can share. */
const LEAST_BLOCK = 1024;
/** Bytes that are summed or searched between two steps. */
const PIECE = 8 << 20;

/**
 * Copies content, of an old file where it has it.
 *
 * @param context Surroundings; hears of every piece.
 * @param directory The directory of the destination.
 * @param action What to write.
 * @param reader The source.
 * @param writer A new, empty file.
 * @param want Size and allocation that the source is expected to have.
 * @returns Steps; the result is the number of bytes the new file stands for, less than `want.size` when the source
 * turned out shorter.
 */
export function* copyByDelta(
  context: ApplyContext,
  directory: Directory,
  action: WriteFile,
  reader: FileReader,
  writer: FileWriter,
  want: Entry,
): Steps<number> {
  if (want.size < LEAST_BYTES) return yield* copyContent(context, reader, writer, want);
  if (isCloned(context, reader, writer, want)) return want.size;
  const old = openOld(context, directory, action, want);
  try {
    const size = old === undefined ? undefined : yield* copyPieces(context, old, reader, writer, want);
    if (size !== undefined) return size;
  } finally {
    old?.close();
  }
  return yield* copyContent(context, reader, writer, want);
}

/** The file that is replaced, or else one that is similar; whatever is wrong with it, it is only not used. */
function openOld(
  context: ApplyContext,
  directory: Directory,
  { path, have }: WriteFile,
  want: Entry,
): FileReader | undefined {
  if (have !== undefined && have.kind !== "file") return undefined;
  const isFuzzy = context.rules.content?.fuzzy === true;
  let old: FileReader | undefined;
  try {
    const from = have !== undefined
      ? baseName(path)
      : isFuzzy
      ? similarIn(context, directory, path, want, LEAST_BYTES)
      : undefined;
    if (from === undefined) return undefined;
    old = directory.openFile(from);
    const { kind, size } = old.entry();
    if (kind === "file" && size >= LEAST_BYTES) return old;
  } catch (thrown) {
    if (asSyncError(thrown).code === "internal") throw thrown;
  }
  old?.close();
  return undefined;
}

/** Answers `undefined` when the old file is of no use; what was written then is written over. */
function* copyPieces(
  context: ApplyContext,
  old: FileReader,
  reader: FileReader,
  writer: FileWriter,
  want: Entry,
): Steps<number | undefined> {
  const before = old.stamp();
  const signature = yield* signatureOf(old, before.size);
  if (signature === undefined) return undefined;
  const output = new Output(context, old, reader, writer, want);
  const matcher = new Matcher(signature);
  let at = 0;
  for (let next = PIECE; at < want.size;) {
    const room = matcher.room();
    const count = reader.read(room.subarray(0, want.size - at), at);
    if (count === 0) break;
    at += count;
    for (const each of matcher.fed(count)) output.add(each);
    if (at < next) continue;
    next += PIECE;
    yield;
  }
  for (const each of matcher.finish()) output.add(each);
  if (!output.isWhole || !sameStamp(old.stamp(), before)) {
    writer.truncate(0);
    return undefined;
  }
  output.tell();
  return at;
}

function* signatureOf(old: FileReader, size: number): Steps<Signature | undefined> {
  const blockLength = Math.max(LEAST_BLOCK, 2 ** Math.ceil(Math.log2(blockLengthFor("rsync", size))));
  const format: SignatureFormat = { weak: "rabinkarp", strong: "blake2b", blockLength, strongLength: 32 };
  const writer = new SignatureWriter(format);
  const signature = new SignatureReader();
  try {
    for (let at = 0, next = PIECE;;) {
      const count = old.read(writer.room(), at);
      signature.push(count === 0 ? writer.finish() : writer.fed(count));
      at += count;
      if (count === 0) return signature.finish();
      if (at < next) continue;
      next += PIECE;
      yield;
    }
  } catch (thrown) {
    if (asSyncError(thrown).code === "internal") throw thrown;
    // What cannot be read of the old file is copied from the source.
    return undefined;
  }
}

/** Writes what the instructions say; holes of the source stay holes. */
class Output {
  /** Whether everything that was to come from the old file was there. */
  isWhole = true;
  readonly #context: ApplyContext;
  readonly #old: FileReader;
  readonly #reader: FileReader;
  readonly #writer: FileWriter;
  readonly #keepsHoles: boolean;
  #position = 0;
  #copied = 0;
  #spared = 0;

  constructor(context: ApplyContext, old: FileReader, reader: FileReader, writer: FileWriter, want: Entry) {
    this.#context = context;
    this.#old = old;
    this.#reader = reader;
    this.#writer = writer;
    this.#keepsHoles = context.rules.sparse && want.allocated < want.size;
    if (this.#keepsHoles) writer.truncate(want.size);
  }

  add(instruction: Instruction): void {
    const start = this.#position;
    const length = instruction.kind === "copy" ? instruction.length : instruction.bytes.length;
    for (let at = start; at < start + length;) {
      const data = this.#keepsHoles ? this.#reader.nextData(at) ?? Infinity : at;
      if (data >= start + length) break;
      const end = this.#keepsHoles ? Math.min(this.#reader.nextHole(data), start + length) : start + length;
      if (instruction.kind === "copy") this.#copy(instruction.start + data - start, data, end - data);
      else this.#write(instruction.bytes.subarray(data - start, end - start), data);
      at = end;
    }
    this.#position = start + length;
  }

  #copy(from: number, to: number, length: number): void {
    for (let done = 0; done < length;) {
      const count = this.#writer.copyRange(this.#old, from + done, to + done, length - done);
      if (count === 0) {
        this.isWhole = false;
        return;
      }
      done += count;
    }
    this.#spared += length;
  }

  #write(bytes: Uint8Array, position: number): void {
    this.#writer.write(bytes, position);
    this.#copied += bytes.length;
  }

  /** Everything is told at the end: what was of no use does not count. */
  tell(): void {
    this.#context.outcome.copied(this.#copied);
    this.#context.outcome.spared?.(this.#spared);
  }
}
