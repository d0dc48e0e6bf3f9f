/**
 * Files as differences: the signature of an old file, the delta that makes a new file of it, and the patch that applies
 * one. The formats are librsync's, so that `rdiff` reads what is written here, and the other way round.
 *
 * @example Send what changed
 * ```ts
 * import { delta, patch, signature } from "undrift";
 *
 * const old = new TextEncoder().encode("one two three ".repeat(100));
 * const fresh = new TextEncoder().encode("zero " + "one two three ".repeat(100));
 * const parts: Uint8Array[] = [];
 * for await (const bytes of patch(old, delta(signature(old), fresh))) parts.push(bytes);
 * console.log(parts.length > 0);
 * ```
 *
 * @module
 */
import { blockLengthFor } from "../lib/delta/block_length.ts";
import { DeltaDecoder } from "../lib/delta/delta_decoder.ts";
import { DeltaEncoder } from "../lib/delta/delta_encoder.ts";
import { checkFormat, type SignatureFormat } from "../lib/delta/format.ts";
import type { Copy, Instruction } from "../lib/delta/instruction.ts";
import { Matcher } from "../lib/delta/matcher.ts";
import { type Signature, SignatureReader } from "../lib/delta/signature.ts";
import { SignatureWriter } from "../lib/delta/signature_writer.ts";
import { SyncError } from "../lib/errors.ts";
import { InputFile } from "../lib/os/data_file.ts";
import { environment } from "../lib/os/env.ts";
import { STRONG_BYTES } from "../lib/kernels/kernel.ts";
import {
  type Basis,
  type BasisInput,
  type ByteInput,
  type ByteSource,
  openBasis,
  openSource,
} from "./delta/byte_source.ts";
import { type ByteTask, ProducedBytes } from "./delta/byte_task.ts";
import { inThreads } from "./delta/crew.ts";
import { Gathered } from "./delta/gathered.ts";
import { Scouts } from "./delta/scouts.ts";
import { type Segment, SegmentSigner, segmentsOf, SIGNED_BYTES } from "./delta/segment.ts";

/** Bytes that are read or written at once. */
const PIECE_BYTES = 2 ** 18;
/** Files from this size on are worked on by several threads: a thread takes as long to start as to sum some ten MB. */
const THREADS_FROM_BYTES = 2 ** 26;
/** So many signed segments may wait for their turn, for each thread: other threads start late, and the sums are small. */
const SIGNED_AHEAD = 64;
const MOST_JOBS = 256;

/** Options of {@linkcode signature}. The defaults are those of `rdiff`. */
export interface SignatureOptions {
  /** The sum that finds blocks. @default {"rabinkarp"} */
  readonly weak?: "rabinkarp" | "rollsum";
  /** The sum that confirms them. MD4 can be forged: a file may be made that a delta takes for another. @default {"blake2b"} */
  readonly strong?: "blake2b" | "md4";
  /** Bytes of a block. @default {about the square root of the file's size; 2048 for a stream} */
  readonly blockLength?: number;
  /** Bytes that are kept of each strong sum. Short ones make a smaller signature, and wrong deltas likelier.
   * @default {32 for BLAKE2b, 16 for MD4} */
  readonly strongLength?: number;
  /** Threads that sum a file of some size at the same time. @default {the number of cores} */
  readonly jobs?: number;
}

/** What {@linkcode signature} tells. */
export interface SignatureReport {
  /** Size of the old file. */
  readonly oldBytes: number;
  /** Bytes of a block. */
  readonly blockLength: number;
  /** Size of the signature. */
  readonly signatureBytes: number;
}

/** Options of {@linkcode delta}. */
export interface DeltaOptions {
  /** Threads that search a file of some size at the same time. @default {the number of cores} */
  readonly jobs?: number;
}

/** What {@linkcode delta} tells. */
export interface DeltaReport {
  /** Bytes of the new file that the old one has. */
  readonly copiedBytes: number;
  /** Bytes of the new file that the delta brings. */
  readonly literalBytes: number;
  /** Size of the delta. */
  readonly deltaBytes: number;
}

/** A range that two files have in common. */
export interface Match {
  /** Where it is in the signed file. */
  readonly oldStart: number;
  /** Where it is in the other file. */
  readonly newStart: number;
  /** How many bytes. */
  readonly length: number;
}

/** What {@linkcode patch} tells. */
export interface PatchReport {
  /** Bytes of the new file that came from the old one. */
  readonly copiedBytes: number;
  /** Bytes of the new file that the delta brought. */
  readonly literalBytes: number;
}

/**
 * Makes the signature of a file: sums of its blocks, with which a delta against it can be made elsewhere.
 *
 * @param old The file.
 * @param options Which sums, over blocks of which length.
 * @returns A task that does nothing until its bytes are asked for or written.
 * @throws {RangeError} when an option is out of its range.
 */
export function signature(old: ByteInput, options: SignatureOptions = {}): ByteTask<SignatureReport> {
  checkFormat(formatFor(options, undefined));
  checkJobs("signature", options.jobs ?? 1);
  return new ProducedBytes(async function* (signal) {
    const source = openSource(old, signal);
    try {
      const format = formatFor(options, source.size);
      const { jobs = environment().cores } = options;
      const pieces = isLong(old, source) && jobs > 1
        ? signedByThreads(old, source.size ?? 0, format, jobs)
        : signed(source, format);
      let signatureBytes = 0;
      for (;;) {
        const next = await pieces.next();
        if (next.done === true) return { oldBytes: next.value, blockLength: format.blockLength, signatureBytes };
        signatureBytes += next.value.length;
        yield next.value;
      }
    } finally {
      await source.close();
    }
  });
}

/** Whether several threads are worth it. They read the file by themselves. */
function isLong(input: ByteInput, source: ByteSource): input is string {
  return typeof input === "string" && source.size !== undefined && source.size >= THREADS_FROM_BYTES;
}

/** Yields a signature, returns how many bytes were signed. */
async function* signed(source: ByteSource, format: SignatureFormat): AsyncGenerator<Uint8Array, number> {
  const writer = new SignatureWriter(format);
  for (let oldBytes = 0;;) {
    const count = await source.read(writer.room());
    const piece = count === 0 ? writer.finish() : writer.fed(count);
    oldBytes += count;
    if (piece.length > 0) yield piece;
    if (count === 0) return oldBytes;
  }
}

/** As {@linkcode signed}, for a file. */
async function* signedByThreads(
  path: string,
  size: number,
  format: SignatureFormat,
  jobs: number,
): AsyncGenerator<Uint8Array, number> {
  const file = new InputFile(path);
  try {
    const signer = new SegmentSigner(file, format);
    const segments = segmentsOf(size, format.blockLength, SIGNED_BYTES);
    yield new SignatureWriter(format).finish(); // the head alone
    let oldBytes = 0;
    const own = (segment: Segment) => signer.sign(segment);
    for await (
      const signed of inThreads({ work: "sign", path, format }, segments, { jobs, ahead: SIGNED_AHEAD, own })
    ) {
      oldBytes += signed.bytesRead;
      yield signed.sums;
    }
    return oldBytes;
  } finally {
    file.close();
  }
}

function checkJobs(what: string, jobs: number): void {
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= MOST_JOBS) return;
  throw new RangeError(`Cannot make a ${what}: jobs must be a whole number from 1 to ${MOST_JOBS}, is ${jobs}`);
}

function formatFor(options: SignatureOptions, size: number | undefined): SignatureFormat {
  const { weak = "rabinkarp", strong = "blake2b" } = options;
  const { blockLength = blockLengthFor("rdiff", size), strongLength = STRONG_BYTES[strong] } = options;
  return { weak, strong, blockLength, strongLength };
}

/**
 * Makes the delta that turns a file, of which only the signature is needed, into another.
 *
 * @param oldSignature The signature of the old file.
 * @param fresh The new file.
 * @param options How it is worked on.
 * @returns A task that does nothing until its bytes are asked for or written.
 * @throws {RangeError} when an option is out of its range.
 */
export function delta(oldSignature: ByteInput, fresh: ByteInput, options: DeltaOptions = {}): ByteTask<DeltaReport> {
  checkJobs("delta", options.jobs ?? 1);
  return new ProducedBytes(async function* (signal) {
    const encoder = new DeltaEncoder();
    const output = new Gathered(PIECE_BYTES);
    const counts = new Counts();
    for (const piece of output.add(encoder.begin())) yield piece;
    for await (const each of instructionsFor(oldSignature, fresh, options, signal)) {
      counts.add(each);
      for (const piece of output.add(encoder.command(each))) yield piece;
      if (each.kind === "literal") { for (const piece of output.add(each.bytes)) yield piece; }
    }
    for (const piece of output.add(encoder.end())) yield piece;
    yield output.take();
    return { ...counts.report(), deltaBytes: output.total };
  });
}

/**
 * Finds what a file has in common with another, of which only the signature is needed: what {@linkcode delta} would
 * copy.
 *
 * @param oldSignature The signature of the other file.
 * @param fresh The file.
 * @param options How it is worked on.
 * @returns The ranges, in the order of the file; neighbours that follow each other in both files are one.
 * @throws {RangeError} when an option is out of its range.
 */
export async function* matches(
  oldSignature: ByteInput,
  fresh: ByteInput,
  options: DeltaOptions = {},
): AsyncGenerator<Match> {
  let newStart = 0;
  for await (const each of instructionsFor(oldSignature, fresh, options)) {
    const length = each.kind === "copy" ? each.length : each.bytes.length;
    if (each.kind === "copy") yield { oldStart: each.start, newStart, length };
    newStart += length;
  }
}

/**
 * The instructions of a delta, for the tasks of this folder.
 *
 * @param oldSignature The signature of the old file.
 * @param fresh The new file.
 * @param options How it is worked on.
 * @param signal Stops it. @default {undefined}
 * @returns The instructions; a literal is valid until the next is asked for.
 * @throws {RangeError} when an option is out of its range.
 * @throws {SyncError} when an input cannot be read; code `"cancelled"` when it was stopped.
 */
export async function* instructionsFor(
  oldSignature: ByteInput,
  fresh: ByteInput,
  { jobs = environment().cores }: DeltaOptions,
  signal?: AbortSignal,
): AsyncGenerator<Instruction> {
  checkJobs("delta", jobs);
  const known = await readSignature(oldSignature, signal);
  const source = openSource(fresh, signal);
  const scouts = isLong(fresh, source) && jobs > 1 ? new Scouts(fresh, source.size ?? 0, known, jobs) : undefined;
  try {
    yield* matched(new Matcher(known), source, scouts);
  } finally {
    await scouts?.close();
    await source.close();
  }
}

/** Matches a new file, with what scouts have found out about it. */
async function* matched(matcher: Matcher, source: ByteSource, scouts: Scouts | undefined): AsyncGenerator<Instruction> {
  for (let position = 0;;) {
    const count = await source.read(matcher.room());
    position += count;
    if (count === 0) return yield* matcher.finish();
    await scouts?.tell(matcher, position);
    yield* matcher.fed(count);
  }
}

async function readSignature(input: ByteInput, signal: AbortSignal | undefined): Promise<Signature> {
  const reader = new SignatureReader();
  for await (const bytes of piecesOf(openSource(input, signal))) reader.push(bytes);
  return reader.finish();
}

async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(PIECE_BYTES);
  try {
    for (;;) {
      const count = await source.read(buffer);
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    await source.close();
  }
}

/** Adds up instructions. */
class Counts {
  #copied = 0;
  #literal = 0;

  add(instruction: Instruction): void {
    if (instruction.kind === "copy") this.#copied += instruction.length;
    else this.#literal += instruction.bytes.length;
  }

  report(): PatchReport {
    return { copiedBytes: this.#copied, literalBytes: this.#literal };
  }
}

/**
 * Makes the new file of an old one and a delta. The format has no checksum of either file: a delta is refused when it
 * copies from beyond the old file's end, but whether it was made for this file cannot be told.
 *
 * @param old The old file.
 * @param changes The delta.
 * @returns A task that does nothing until its bytes are asked for or written.
 */
export function patch(old: BasisInput, changes: ByteInput): ByteTask<PatchReport> {
  return new ProducedBytes(async function* (signal) {
    const basis = openBasis(old);
    try {
      const decoder = new DeltaDecoder(basis.size);
      const output = new Gathered(PIECE_BYTES);
      const counts = new Counts();
      for await (const bytes of piecesOf(openSource(changes, signal))) {
        for (const each of decoder.push(bytes)) {
          counts.add(each);
          if (each.kind === "copy") yield* copied(basis, each, output);
          else for (const piece of output.add(each.bytes)) yield piece;
        }
      }
      decoder.finish();
      yield output.take();
      return counts.report();
    } finally {
      basis.close();
    }
  });
}

/** Copies a range of the old file into the output. */
async function* copied(basis: Basis, { start, length }: Copy, output: Gathered): AsyncGenerator<Uint8Array> {
  for (let at = start, left = length; left > 0;) {
    const count = await basis.read(output.room().subarray(0, left), at);
    if (count === 0) throw new SyncError("changed-while-read", `Cannot read the old file: it ends at byte ${at} now`);
    at += count;
    left -= count;
    if (output.put(count)) yield output.take();
  }
}
