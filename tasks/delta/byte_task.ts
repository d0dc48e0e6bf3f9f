/**
 * A task whose result is bytes: they are asked for piece by piece, or written to a file.
 *
 * @module
 */
import { asSyncError } from "../../lib/errors.ts";
import { OutputFile } from "../../lib/os/data_file.ts";
import { Pace } from "./pace.ts";

/** How a task that writes is watched. */
export interface WriteOptions {
  /** Stops the task; the file is not written then. @default {undefined} */
  readonly signal?: AbortSignal | undefined;
}

/** Makes the bytes of a task until a signal stops it: yields them in pieces that are valid until the next, returns what
 * there is to tell. */
export type Production<Report> = (signal?: AbortSignal) => AsyncGenerator<Uint8Array, Report>;

/** A task whose result is bytes. It does nothing until they are asked for, and begins anew each time. Asked for piece
 * by piece (`for await`), they may be kept. */
export interface ByteTask<Report> extends AsyncIterable<Uint8Array<ArrayBuffer>> {
  /** The bytes, piece by piece; what is returned behind the last one is what there is to tell. */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array<ArrayBuffer>, Report>;
  /** The bytes as a stream of the web. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /**
   * Writes the bytes to a file. It is written under a temporary name, so that there is a whole file or none, and an
   * input may have the same name.
   *
   * @param file Its path; `"-"` is standard output.
   * @param options How it is watched.
   * @returns What there is to tell.
   * @throws {SyncError} when an input cannot be read or the file cannot be written.
   */
  writeTo(file: string, options?: WriteOptions): Promise<Report>;
}

/** A {@linkcode ByteTask} that is made of a generator. */
export class ProducedBytes<Report> implements ByteTask<Report> {
  readonly #produce: Production<Report>;

  /** Keeps what to do. */
  constructor(produce: Production<Report>) {
    this.#produce = produce;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array<ArrayBuffer>, Report> {
    const pieces = this.#produce();
    try {
      for (;;) {
        const next = await pieces.next();
        if (next.done === true) return next.value;
        yield next.value.slice();
      }
    } finally {
      await pieces.return(undefined as never); // closes what is open, when the reader has had enough
    }
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const pieces = this[Symbol.asyncIterator]();
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const next = await pieces.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await pieces.return(undefined as never);
      },
    });
  }

  async writeTo(file: string, options: WriteOptions = {}): Promise<Report> {
    const pieces = this.#produce(options.signal);
    const pace = new Pace(options.signal);
    let output: OutputFile | undefined;
    try {
      pace.check();
      for (;;) {
        const next = await pieces.next(); // inputs are opened before the file is made
        output ??= new OutputFile(file);
        if (next.done !== true) {
          output.write(next.value);
          await pace.did(next.value.length);
          continue;
        }
        const finished = output;
        output = undefined;
        finished.finish();
        return next.value;
      }
    } catch (thrown) {
      throw asSyncError(thrown);
    } finally {
      output?.discard();
      await pieces.return(undefined as never);
    }
  }
}
