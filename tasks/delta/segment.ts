/**
 * Parts of a file that are worked on by themselves: the parts of a signature make the signature of the file, and what is
 * found out about parts of a new file helps to make its delta.
 *
 * @module
 */
import { type Foresight, ForesightRecorder } from "../../lib/delta/foresight.ts";
import type { SignatureFormat } from "../../lib/delta/format.ts";
import type { Matcher } from "../../lib/delta/matcher.ts";
import { SignatureWriter } from "../../lib/delta/signature_writer.ts";
import { SyncError } from "../../lib/errors.ts";
import type { InputFile } from "../../lib/os/data_file.ts";

/** About this many bytes of a new file are searched at once: much beside a block of any common length. */
export const SCOUTED_BYTES = 2 ** 25;
/** About this many bytes of an old file are signed at once: much beside what a message costs, and so little that the one
 * who has the last segment is not waited for. */
export const SIGNED_BYTES = 2 ** 23;

/** A part of a file, of whole blocks unless it is the last. */
export interface Segment {
  /** Its number, from 0. */
  readonly index: number;
  /** Where it begins. */
  readonly from: number;
  /** Where it ends; the last one goes on to wherever the file ends by then. */
  readonly to: number;
}

/** What came of a segment. */
export interface SegmentSums {
  /** Bytes that were read. */
  readonly bytesRead: number;
  /** Its part of the signature file, without a head. */
  readonly sums: Uint8Array<ArrayBuffer>;
}

/**
 * Cuts a file.
 *
 * @param size Bytes that it has.
 * @param blockLength Bytes of a block.
 * @param bytes About how many a segment has.
 * @returns At least one segment, in order.
 */
export function segmentsOf(size: number, blockLength: number, bytes: number): Segment[] {
  const length = Math.max(1, Math.floor(bytes / blockLength)) * blockLength;
  const count = Math.max(1, Math.ceil(size / length));
  return Array.from({ length: count }, (_, index) => ({
    index,
    from: index * length,
    to: index === count - 1 ? Infinity : (index + 1) * length,
  }));
}

/** Signs segments of a file, one after the other. */
export class SegmentSigner {
  readonly #file: InputFile;
  readonly #writer: SignatureWriter;

  /**
   * Prepares.
   *
   * @param file The file.
   * @param format Which sums.
   */
  constructor(file: InputFile, format: SignatureFormat) {
    this.#file = file;
    this.#writer = new SignatureWriter(format);
    this.#writer.finish(); // the head, of which a file has one
  }

  /**
   * Signs a segment.
   *
   * @param segment Which part of the file.
   * @returns Its part of the signature, without a head.
   * @throws {SyncError} when it cannot be read; code `"changed-while-read"` when it ends before the segment does.
   */
  sign(segment: Segment): SegmentSums {
    const pieces: Uint8Array[] = [];
    let at = segment.from;
    while (at < segment.to) {
      const count = this.#file.readAt(this.#writer.room().subarray(0, segment.to - at), at);
      if (count === 0) break;
      at += count;
      pieces.push(this.#writer.fed(count).slice());
    }
    pieces.push(this.#writer.finish().slice());
    if (at < segment.to && segment.to !== Infinity) {
      throw new SyncError("changed-while-read", `Cannot read the old file: it ends at byte ${at} now`);
    }
    return { bytesRead: at - segment.from, sums: joined(pieces) };
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/**
 * Finds out about a segment of a new file.
 *
 * @param file The file.
 * @param matcher A matcher for the signature of the old one, which is begun again.
 * @param blockLength Bytes of a block.
 * @param segment Which part.
 * @returns What a matcher of the whole file can be told.
 * @throws {SyncError} when it cannot be read.
 */
export function scoutSegment(file: InputFile, matcher: Matcher, blockLength: number, segment: Segment): Foresight {
  const recorder = new ForesightRecorder();
  matcher.restart(segment.from, recorder);
  const end = segment.to + blockLength - 1; // the last window reaches beyond the segment
  for (let at = segment.from; at < end;) {
    const count = file.readAt(matcher.room().subarray(0, end - at), at);
    if (count === 0) break;
    at += count;
    for (const _ of matcher.fed(count)); // the instructions are of no use
  }
  return recorder.finish(segment.from, matcher.explore());
}
