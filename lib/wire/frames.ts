/**
 * Frames: data and messages in one stream. A frame is four bytes, the length of its payload in the low three and its
 * code plus 7 in the highest, and the payload. Borders of data frames mean nothing.
 *
 * @module
 */
import { WireInput } from "./input.ts";
import { checkHead, CODE, decodeMessage, encodeMessage, type Message } from "./message.ts";

const CODE_BASE = 7;
const HEAD_BYTES = 4;

/** Longest payload of a frame. */
export const MOST_PAYLOAD = 0xff_ffff;

/** Takes the parts of a stream. */
export interface FrameSink {
  /** The next data, as a view that is valid until this returns. An empty frame, which keeps a connection alive, is not told. */
  data(bytes: Uint8Array): void;
  /** A message. */
  message(message: Message): void;
}

/** Takes frames apart that arrive in pieces of any size. Data is passed on as it comes, without waiting for its frame. */
export class Demultiplexer {
  readonly #input: WireInput;
  readonly #sink: FrameSink;
  #dataLeft = 0;

  /**
   * Begins a stream of frames.
   *
   * @param name What the stream is called in errors.
   * @param sink Takes what it holds.
   */
  constructor(name: string, sink: FrameSink) {
    this.#input = new WireInput(`the frames of ${name}`);
    this.#sink = sink;
  }

  /**
   * Takes the next bytes.
   *
   * @param bytes Any number of them.
   * @throws {SyncError} code `"peer-protocol"` at a frame that no peer sends.
   */
  push(bytes: Uint8Array): void {
    const input = this.#input;
    input.push(bytes);
    for (;;) {
      if (this.#dataLeft > 0) {
        const piece = input.some(this.#dataLeft);
        if (piece.length === 0) return;
        this.#dataLeft -= piece.length;
        this.#sink.data(piece);
      } else if (input.attempt(this.#readFrame) === undefined) return;
    }
  }

  /** Reads a message, or the head of a data frame; says that it did. */
  readonly #readFrame = (input: WireInput): true => {
    const { position } = input;
    const head = input.u32();
    const length = head & MOST_PAYLOAD;
    const code = (head >>> 24) - CODE_BASE;
    if (code === CODE.data) {
      this.#dataLeft = length;
      return true;
    }
    const kind = checkHead(code, length, input.name, position);
    this.#sink.message(decodeMessage(kind, input.bytes(length)));
    return true;
  };

  /**
   * Ends the stream.
   *
   * @throws {SyncError} code `"peer-protocol"` when it ends within a frame.
   */
  finish(): void {
    if (this.#dataLeft > 0) {
      throw this.#input.breach(`${this.#dataLeft} bytes more`, "the end", this.#input.position);
    }
    this.#input.finish("a whole frame");
  }
}

/**
 * The head of a frame.
 *
 * @param code Its code.
 * @param length Length of its payload, at most {@linkcode MOST_PAYLOAD}.
 * @returns Four bytes.
 */
export function frameHead(code: number, length: number): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(HEAD_BYTES);
  new DataView(head.buffer).setUint32(0, length + (code + CODE_BASE) * 2 ** 24, true);
  return head;
}

/**
 * A message as a frame.
 *
 * @param message The message.
 * @returns Its bytes.
 */
export function messageFrame(message: Message): Uint8Array<ArrayBuffer> {
  const payload = encodeMessage(message);
  const head = frameHead(CODE[message.kind], payload.length);
  const frame = new Uint8Array(HEAD_BYTES + payload.length);
  frame.set(head);
  frame.set(payload, HEAD_BYTES);
  return frame;
}
