/**
 * One end of a session behind the handshake: frames in both directions of a connection.
 *
 * Roles run synchronously. What arrives is given to them at once, in views of the bytes that came; what they want to
 * send they write to {@linkcode Link.output}. Waiting is done in one place, by whoever drives the session: it calls
 * {@linkcode Link.takeIn} and {@linkcode Link.send} in turn, and {@linkcode Link.wait} when neither gets on. A side that
 * waited for room to send without reading could wait for a peer that does the same.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import type { Duplex, PeerEnd } from "../model/duplex.ts";
import { Demultiplexer, frameHead, messageFrame } from "../wire/frames.ts";
import { WireInput } from "../wire/input.ts";
import { CODE, type Message } from "../wire/message.ts";
import { WireOutput } from "../wire/output.ts";

/** Data goes in frames of at most this many bytes, so that a message need not wait long. */
const FRAME_BYTES = 65_536;
const HEAD_BYTES = 4;

/** What is done with what arrives. */
export interface LinkSink {
  /** Data was added to {@linkcode Link.input}. */
  data(): void;
  /** A message came. */
  message(message: Message): void;
}

/** See the module comment. */
export class Link {
  /** The peer's data, without frames. */
  readonly input: WireInput;
  /** Data for the peer, until {@linkcode send}. */
  readonly output: WireOutput = new WireOutput();
  readonly #duplex: Duplex;
  readonly #frames: Demultiplexer;
  #sink: LinkSink | undefined;
  /** What came before there was a sink. */
  #early: Uint8Array | undefined;
  #reading: Promise<void> | undefined;
  #arrived: Uint8Array | undefined;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;
  #sending: Promise<void> | undefined;
  #bytesRead = 0;
  #bytesWritten = 0;

  /**
   * Begins behind a handshake.
   *
   * @param duplex The connection.
   * @param rest What came with the end of the handshake.
   * @param before How many bytes the handshake took, there and back.
   */
  constructor(duplex: Duplex, rest: Uint8Array, before: { readonly read: number; readonly written: number }) {
    this.#duplex = duplex;
    this.#bytesRead = before.read;
    this.#bytesWritten = before.written;
    this.input = new WireInput("what the other side sends");
    this.#early = rest.slice();
    this.#frames = new Demultiplexer("what the other side sends", {
      data: (bytes) => {
        this.input.push(bytes);
        this.#sink?.data();
      },
      message: (message) => this.#sink?.message(message),
    });
  }

  /** Bytes that have come, all in all. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Bytes that were sent, all in all. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** Whether the peer sends no more, and all that it sent was taken in. */
  get isOver(): boolean {
    return this.#isOver && this.#arrived === undefined;
  }

  /** Whether what was sent still waits, so that nothing more should be made that is to be sent. */
  get isBlocked(): boolean {
    return this.#sending !== undefined;
  }

  /** What to wait for until what was sent has left; `undefined` when it has. */
  get drained(): Promise<void> | undefined {
    return this.#sending;
  }

  /**
   * Says what is done with what arrives.
   *
   * @param sink Takes it; called within {@linkcode takeIn}.
   */
  attach(sink: LinkSink): void {
    this.#sink = sink;
  }

  /**
   * Gives what has arrived to the sink, without waiting.
   *
   * @returns Whether anything had.
   * @throws {SyncError} code `"peer-protocol"` at what no peer sends, code `"connection"` when the connection broke.
   */
  takeIn(): boolean {
    const early = this.#early;
    this.#early = undefined;
    if (early !== undefined && early.length > 0) this.#frames.push(early);
    if (this.#failure !== undefined) throw this.#failure.error;
    const bytes = this.#arrived;
    this.#arrived = undefined;
    if (bytes !== undefined) {
      this.#bytesRead += bytes.length;
      this.#frames.push(bytes);
    } else if (this.#isOver) this.#frames.finish();
    this.#read();
    return bytes !== undefined;
  }

  #read(): void {
    if (this.#isOver || this.#arrived !== undefined || this.#reading !== undefined) return;
    this.#reading = this.#duplex.read().then(
      (bytes) => {
        this.#arrived = bytes;
        this.#isOver = bytes === undefined;
        this.#reading = undefined;
      },
      (error) => {
        this.#failure = { error };
        this.#isOver = true;
        this.#reading = undefined;
      },
    );
  }

  /** Sends what is in {@linkcode output}: all of it at once, since each sending costs as much as a thousand bytes. */
  send(): void {
    const data = this.output.view();
    if (data.length === 0) return;
    const frameCount = Math.ceil(data.length / FRAME_BYTES);
    const frames = new Uint8Array(data.length + frameCount * HEAD_BYTES);
    for (let frame = 0; frame < frameCount; frame++) {
      const piece = data.subarray(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES);
      const at = frame * (FRAME_BYTES + HEAD_BYTES);
      frames.set(frameHead(CODE.data, piece.length), at);
      frames.set(piece, at + HEAD_BYTES);
    }
    this.output.clear();
    this.#write(frames);
  }

  /**
   * Sends a message, behind all data that was written before it.
   *
   * @param message The message.
   */
  message(message: Message): void {
    this.send();
    this.#write(messageFrame(message));
  }

  #write(bytes: Uint8Array): void {
    this.#bytesWritten += bytes.length;
    const sending = this.#duplex.write(bytes);
    if (sending === undefined || this.#sending !== undefined) return;
    this.#sending = sending.then(() => {
      this.#sending = undefined;
    });
  }

  /**
   * Waits until something has arrived, or there is room to send again, when there was none.
   *
   * @returns When it is worth going on.
   */
  async wait(): Promise<void> {
    this.#read();
    if (this.#arrived !== undefined || this.#isOver) return;
    const events = [this.#reading, this.#sending].filter((event) => event !== undefined);
    await Promise.race(events);
  }

  /**
   * Says that nothing more is sent, and waits until the other side does the same.
   *
   * @returns How it ended.
   * @throws {SyncError} code `"peer-protocol"` when it sends more, code `"connection"` when the connection breaks.
   */
  async finish(): Promise<PeerEnd> {
    this.send();
    this.#duplex.finish();
    // Not the end alone: nobody would see that it never comes.
    while (!this.isOver) if (!this.takeIn()) await this.wait();
    return await this.#duplex.ended;
  }

  /**
   * The error for a session that ends before it should: with the code of the peer, and its own words.
   *
   * @param expected What should still have come.
   * @param words What the peer said in messages.
   * @returns An error of code `"connection"`; the connection is closed.
   */
  async brokenOff(expected: string, words: readonly string[] = []): Promise<SyncError> {
    const position = this.input.position;
    this.#duplex.close();
    const { exitCode, signal, failure, words: said } = await this.#duplex.ended;
    const how = failure ?? (signal !== undefined ? `signal ${signal}` : `code ${exitCode ?? "unknown"}`);
    return new SyncError(
      "connection",
      `Cannot go on: the other side ended with ${how} at byte ${position}, expected ${expected}${
        quoted([...words, said])
      }`,
    );
  }
}

/**
 * What the other side says, for an error: whatever it is, no terminal can be made to do something by it.
 *
 * @param texts Its words, each of any number of lines.
 * @returns The rest of a sentence; empty when it says nothing.
 */
export function quoted(texts: readonly string[]): string {
  const lines = texts.flatMap((text) => text.split("\n")).map((line) => printable(line.trim()));
  const said = lines.filter((line) => line !== "");
  return said.length === 0 ? "" : `; it says: ${said.join("; ")}`;
}
