/**
 * Compares the contents of two files, piece by piece.
 *
 * @module
 */
import { sameContent as sameOpenContent } from "../../../lib/apply/same_content.ts";
import { asSyncError, atSide } from "../../../lib/errors.ts";
import type { Steps } from "../../../lib/model/steps.ts";
import type { Directory, FileReader } from "../../../lib/model/tree.ts";

/**
 * Whether a file of the source and one of the destination hold the same bytes.
 *
 * @param source Directory of the source.
 * @param destination Directory of the destination.
 * @param name Name at the source.
 * @param other Name at the destination. @default {the same}
 * @returns Steps; the result is the answer.
 * @throws {SyncError} when one of them cannot be read.
 */
export function* sameContent(
  source: Directory,
  destination: Directory,
  name: string,
  other: string = name,
): Steps<boolean> {
  const mine = openSource(source, name);
  try {
    const theirs = destination.openFile(other);
    try {
      return yield* sameOpenContent(mine, theirs, mine.entry().size);
    } finally {
      theirs.close();
    }
  } finally {
    mine.close();
  }
}

function openSource(source: Directory, name: string): FileReader {
  try {
    return source.openFile(name);
  } catch (thrown) {
    throw atSide(asSyncError(thrown), "source");
  }
}
