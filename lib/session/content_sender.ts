/**
 * Sends the contents of files: literal bytes, and the numbers of blocks that the other side has already. The checksum of
 * the whole file comes last.
 *
 * @module
 */
import type { Matcher } from "../delta/matcher.ts";
import { asSyncError, SyncError } from "../errors.ts";
import type { Instruction } from "../delta/instruction.ts";
import type { Steps } from "../model/steps.ts";
import type { FileReader } from "../model/tree.ts";
import type { FileEntry } from "../wire/file_entry.ts";
import type { WireOutput } from "../wire/output.ts";
import type { SenderWriter } from "../wire/sender_stream.ts";
import type { SumHead } from "../wire/sums.ts";
import { LITERAL_BYTES } from "../wire/tokens.ts";
import type { BlockDigest, FileDigest } from "./digests.ts";
import { matcherOf } from "./wire_matcher.ts";

/** A file to send. */
export interface Content {
  /** The file, open. */
  readonly file: FileReader;
  /** What the list says of it. */
  readonly entry: FileEntry;
  /** The head of the sums that it was asked for with. */
  readonly head: SumHead;
  /** The sums themselves, as they came; none when nothing is to be matched. */
  readonly sums: Uint8Array;
}

/** What was sent of a file. */
export interface SentContent {
  /** Bytes that went as they are. */
  readonly literalBytes: number;
  /** Bytes that the other side has already. */
  readonly matchedBytes: number;
  /** Why it cannot be used over there, or what has changed meanwhile. */
  readonly error: SyncError | undefined;
}

/** Bytes that are read at once. */
const READ_BYTES = 8 * LITERAL_BYTES;

/** Sends one file after the other. */
export class ContentSender {
  readonly #fileDigest: FileDigest;
  readonly #blockDigest: BlockDigest;
  readonly #writer: SenderWriter;
  readonly #output: WireOutput;
  readonly #buffer = new Uint8Array(READ_BYTES);
  #literalBytes = 0;
  #matchedBytes = 0;

  /**
   * Prepares.
   *
   * @param fileDigest Computes the checksums of whole files.
   * @param blockDigest Computes those of blocks.
   * @param writer Writes tokens.
   * @param output Where to.
   */
  constructor(fileDigest: FileDigest, blockDigest: BlockDigest, writer: SenderWriter, output: WireOutput) {
    this.#fileDigest = fileDigest;
    this.#blockDigest = blockDigest;
    this.#writer = writer;
    this.#output = output;
  }

  /**
   * Sends a file.
   *
   * @param content The file.
   * @returns Steps; the result is what was sent. When reading fails in the middle, a checksum that is wrong for certain
   * makes the other side drop what it has.
   */
  *send(content: Content): Steps<SentContent> {
    this.#literalBytes = this.#matchedBytes = 0;
    this.#fileDigest.begin();
    let error: SyncError | undefined;
    try {
      if (content.sums.length === 0) yield* this.#sendWhole(content.file);
      else yield* this.#sendDifference(content);
    } catch (thrown) {
      error = asSyncError(thrown);
    }
    this.#writer.token(this.#output, { kind: "end" });
    const digest = this.#fileDigest.digest();
    // Whatever the right one is, this is another.
    if (error !== undefined) digest[digest.length - 1]! ^= 0xff;
    this.#writer.checksum(this.#output, digest);
    const { file, entry } = content;
    const [literalBytes, matchedBytes] = [this.#literalBytes, this.#matchedBytes];
    return { literalBytes, matchedBytes, error: error ?? changeOf(file, entry) };
  }

  *#sendWhole(file: FileReader): Steps {
    for (const bytes of this.#read(file)) {
      this.#literal(bytes);
      yield;
    }
  }

  *#sendDifference({ file, head, sums }: Content): Steps {
    const matcher = matcherOf(head, sums, this.#blockDigest);
    for (const bytes of this.#read(file)) {
      yield* this.#tell(matcher.push(bytes), head);
    }
    yield* this.#tell(matcher.finish(), head);
  }

  *#tell(instructions: ReturnType<Matcher["push"]>, { blockLength }: SumHead): Steps {
    for (const instruction of instructions) this.#instruct(instruction, blockLength);
    yield;
  }

  #instruct(instruction: Instruction, blockLength: number): void {
    if (instruction.kind === "literal") return this.#literal(instruction.bytes);
    const first = instruction.start / blockLength;
    this.#writer.token(this.#output, {
      kind: "copy",
      first,
      count: Math.ceil(instruction.length / blockLength),
    });
    this.#matchedBytes += instruction.length;
  }

  /** Reads a file to its end, and puts what is read into its checksum. */
  *#read(file: FileReader): Generator<Uint8Array> {
    let at = 0;
    for (let count = file.read(this.#buffer, 0); count > 0; count = file.read(this.#buffer, at)) {
      const bytes = this.#buffer.subarray(0, count);
      this.#fileDigest.update(bytes);
      at += count;
      yield bytes;
    }
  }

  #literal(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += LITERAL_BYTES) {
      const piece = bytes.subarray(from, Math.min(bytes.length, from + LITERAL_BYTES));
      this.#writer.token(this.#output, { kind: "literal", bytes: piece });
    }
    this.#literalBytes += bytes.length;
  }
}

/** What was sent is whole, but may be neither the old content nor the new one. */
function changeOf(file: FileReader, entry: FileEntry): SyncError | undefined {
  const now = file.entry();
  const isSame = now.size === entry.size && now.mtimeSeconds === entry.mtimeSeconds &&
    now.mtimeNanoseconds === entry.mtimeNanoseconds;
  if (isSame) return undefined;
  return new SyncError("changed-while-read", "Cannot be sure of a file: it has changed since it was listed", {
    hint: "run again when nobody writes to it",
  });
}
