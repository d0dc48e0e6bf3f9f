/**
 * Moves the content of one file into a new one: shared where the file system can, holes kept as holes, the rest copied
 * in pieces, with a step after each.
 *
 * @module
 */
import type { Entry } from "../model/entry.ts";
import { finish, type Steps } from "../model/steps.ts";
import type { FileReader, FileWriter } from "../model/tree.ts";
import type { ApplyContext } from "./context.ts";

/** Below this many bytes, asking the file system to share content costs more than copying. */
const CLONE_FROM = 131_072;
/** Bytes that are copied between two steps. */
const PIECE = 8 << 20;

/**
 * Copies content.
 *
 * @param context Surroundings; hears of every piece.
 * @param reader The source.
 * @param writer A new, empty file.
 * @param want Size and allocation that the source is expected to have.
 * @returns Steps; the result is the number of bytes the new file stands for, less than `want.size` when the source
 * turned out shorter.
 */
export function* copyContent(
  context: ApplyContext,
  reader: FileReader,
  writer: FileWriter,
  want: Entry,
): Steps<number> {
  context.cloned = false;
  if (want.size === 0) return 0;
  if (isCloned(context, reader, writer, want)) return want.size;
  if (context.rules.sparse && want.allocated < want.size) writer.truncate(want.size);
  return yield* copyFrom(context, reader, writer, want, 0);
}

/**
 * Shares content, where it is worth it and the file system can.
 *
 * @param context Surroundings; hears of it.
 * @param reader The source.
 * @param writer A new, empty file.
 * @param want Size that the source is expected to have.
 * @returns Whether that was possible.
 */
export function isCloned(context: ApplyContext, reader: FileReader, writer: FileWriter, want: Entry): boolean {
  if ((want.size < CLONE_FROM && context.rules.clones !== true) || !context.cloning) return false;
  context.cloned = context.cloning = writer.cloneFrom(reader);
  if (context.cloning) context.outcome.copied(want.size);
  return context.cloning;
}

/**
 * Copies content from a position on; holes stay holes where what is written to has nothing yet.
 *
 * @param context Surroundings; hears of every piece.
 * @param reader The source.
 * @param writer A file that has nothing behind that position, or nothing that counts.
 * @param want Size and allocation that the source is expected to have.
 * @param start The position.
 * @returns Steps; the result is where the source ended, at most `want.size`.
 */
export function* copyFrom(
  context: ApplyContext,
  reader: FileReader,
  writer: FileWriter,
  want: Entry,
  start: number,
): Steps<number> {
  if (!context.rules.sparse || want.allocated >= want.size) {
    return yield* copyRange(context, reader, writer, start, want.size);
  }
  return yield* copySparse(context, reader, writer, start, want.size);
}

/**
 * Copies the content of a small file, all at once.
 *
 * @param context Surroundings.
 * @param reader The source.
 * @param writer A new, empty file.
 * @param want Size and allocation that the source is expected to have.
 * @returns The number of bytes the new file stands for.
 */
export function copyAtOnce(context: ApplyContext, reader: FileReader, writer: FileWriter, want: Entry): number {
  const { size, allocated } = want;
  if (size >= CLONE_FROM || context.rules.clones === true || (context.rules.sparse && allocated < size)) {
    return finish(copyContent(context, reader, writer, want));
  }
  let at = 0;
  while (at < size) {
    const count = writer.copyFrom(reader, at, size - at);
    if (count === 0) break;
    at += count;
  }
  context.outcome.copied(at);
  return at;
}

function* copyRange(
  context: ApplyContext,
  reader: FileReader,
  writer: FileWriter,
  start: number,
  end: number,
): Steps<number> {
  let at = start;
  while (at < end) {
    const count = writer.copyFrom(reader, at, Math.min(PIECE, end - at));
    if (count === 0) break;
    at += count;
    context.outcome.copied(count);
    if (at < end) yield;
  }
  return at;
}

function* copySparse(
  context: ApplyContext,
  reader: FileReader,
  writer: FileWriter,
  start: number,
  size: number,
): Steps<number> {
  let at = start;
  while (at < size) {
    const data = Math.min(reader.nextData(at) ?? size, size);
    if (data > at) context.outcome.copied(data - at);
    if (data >= size) break;
    const hole = Math.min(reader.nextHole(data), size);
    at = yield* copyRange(context, reader, writer, data, hole);
    if (at < hole) return at;
  }
  return size;
}
