/**
 * Parts of a file that are signed by themselves: together they give the signature of the file.
 *
 * @module
 */
import { SIGNATURE_HEAD_BYTES, type SignatureFormat } from "../../lib/delta/format.ts";
import { SignatureWriter } from "../../lib/delta/signature_writer.ts";
import { SyncError } from "../../lib/errors.ts";
import type { InputFile } from "../../lib/os/data_file.ts";

/** About this many bytes make a segment: little beside what a thread costs, much beside what a message costs. */
const SEGMENT_BYTES = 2 ** 25;

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
  /** Its part of the signature file. */
  readonly sums: Uint8Array<ArrayBuffer>;
}

/**
 * Cuts a file.
 *
 * @param size Bytes that it has.
 * @param blockLength Bytes of a block.
 * @returns At least one segment, in order.
 */
export function segmentsOf(size: number, blockLength: number): Segment[] {
  const length = Math.max(1, Math.floor(SEGMENT_BYTES / blockLength)) * blockLength;
  const count = Math.max(1, Math.ceil(size / length));
  return Array.from({ length: count }, (_, index) => ({
    index,
    from: index * length,
    to: index === count - 1 ? Infinity : (index + 1) * length,
  }));
}

/**
 * Signs a segment.
 *
 * @param file The file.
 * @param format Which sums.
 * @param segment Which part.
 * @returns Its part of the signature.
 * @throws {SyncError} when it cannot be read; code `"changed-while-read"` when it ends before the segment does.
 */
export function signSegment(file: InputFile, format: SignatureFormat, segment: Segment): SegmentSums {
  const writer = new SignatureWriter(format);
  const pieces: Uint8Array[] = [];
  let at = segment.from;
  while (at < segment.to) {
    const count = file.readAt(writer.room().subarray(0, segment.to - at), at);
    if (count === 0) break;
    at += count;
    pieces.push(writer.fed(count).slice());
  }
  if (at < segment.to && segment.to !== Infinity) {
    throw new SyncError("changed-while-read", `Cannot read the old file: it ends at byte ${at} now`);
  }
  pieces.push(writer.finish().slice());
  return { bytesRead: at - segment.from, sums: joined(pieces, segment.index === 0 ? 0 : SIGNATURE_HEAD_BYTES) };
}

/** Puts pieces together without their first bytes: each writer begins with a head, and a file has one. */
function joined(pieces: readonly Uint8Array[], without: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole.subarray(without);
}
