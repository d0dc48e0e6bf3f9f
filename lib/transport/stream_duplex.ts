/**
 * A connection made of the streams of a process or a socket. What arrives waits in a queue of bounded size: when it is
 * full, the stream is paused, and so the peer.
 *
 * @module
 */
import type { Readable, Writable } from "node:stream";
import type { SyncError } from "../errors.ts";
import type { Duplex, PeerEnd } from "../model/duplex.ts";

/** Bytes that may wait to be read before the peer has to. */
const MOST_WAITING = 4 * 1024 * 1024;

/** What a connection is made of. */
export interface StreamDuplexInit {
  /** What the peer sends. */
  readonly input: Readable;
  /** What is sent to the peer. */
  readonly output: Writable;
  /** Ends whatever is at the other end. */
  readonly destroy: () => void;
  /** How the other side ended. */
  readonly ended: Promise<PeerEnd>;
}

/** See {@linkcode Duplex}. */
export class StreamDuplex implements Duplex {
  readonly ended: Promise<PeerEnd>;
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #destroy: () => void;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #isPaused = false;
  #isOver = false;
  #isSevered = false;
  #reason: SyncError | undefined;
  #wake: (() => void) | undefined;
  #drained: (() => void) | undefined;

  /** Begins to listen. */
  constructor({ input, output, destroy, ended }: StreamDuplexInit) {
    this.ended = ended;
    this.#input = input;
    this.#output = output;
    this.#destroy = destroy;
    input.on("data", (chunk: Uint8Array) => this.#take(chunk));
    input.on("end", () => this.#over());
    input.on("close", () => this.#over());
    input.on("error", () => this.#over());
    // Whoever writes to a peer that is gone need not wait any more; what the peer said last is still to be read.
    output.on("error", () => this.#sever());
    output.on("close", () => this.#sever());
    output.on("drain", () => this.#release());
  }

  #take(chunk: Uint8Array): void {
    if (chunk.length === 0 || this.#reason !== undefined) return;
    // What comes is of a class of the runtime, whose `slice` is a view.
    this.#waiting.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > MOST_WAITING && !this.#isPaused) {
      this.#isPaused = true;
      this.#input.pause();
    }
    this.#wake?.();
  }

  #over(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  #sever(): void {
    this.#isSevered = true;
    this.#release();
  }

  #release(): void {
    const drained = this.#drained;
    this.#drained = undefined;
    drained?.();
  }

  /** See {@linkcode Duplex.read}. */
  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#reason !== undefined) throw this.#reason;
      const chunk = this.#waiting.shift();
      if (chunk !== undefined) return this.#taken(chunk);
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = undefined;
    }
  }

  #taken(chunk: Uint8Array): Uint8Array {
    this.#waitingBytes -= chunk.length;
    if (this.#isPaused && this.#waitingBytes < MOST_WAITING / 2) {
      this.#isPaused = false;
      this.#input.resume();
    }
    return chunk;
  }

  /** See {@linkcode Duplex.write}. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#isSevered || this.#output.writableEnded || this.#output.write(bytes)) return undefined;
    return new Promise((resolve) => {
      const before = this.#drained;
      this.#drained = () => {
        before?.();
        resolve();
      };
    });
  }

  /** See {@linkcode Duplex.finish}. */
  finish(): void {
    if (!this.#isSevered) this.#output.end();
  }

  /** See {@linkcode Duplex.close}. */
  close(reason?: SyncError): void {
    this.#reason ??= reason;
    this.#sever();
    this.#over();
    this.#destroy();
  }
}
