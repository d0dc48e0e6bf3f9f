/**
 * A file of the destination that is brought up to date where it is: both sides are read into the two buffers of the
 * thread and compared there by `memcmp`, a large piece at a time; block by block only where a piece differs.
 *
 * @module
 */
import { eachDifferingRun } from "../bytes/differing_runs.ts";
import type { FileReader, FileUpdater } from "../model/tree.ts";
import { CONTENT_BYTES, type NativeCalls } from "./native_calls.ts";
import { foreignFile, NativeFileReader, NativeFileWriter } from "./native_file.ts";

/** One descriptor for reading and writing. */
export class NativeFileUpdater implements FileUpdater {
  readonly reader: NativeFileReader;
  readonly writer: NativeFileWriter;
  written = 0;
  readonly #calls: NativeCalls;
  readonly #name: string;

  /** Takes over an open descriptor; the writer closes it. */
  constructor(calls: NativeCalls, descriptor: number, name: string) {
    this.#calls = calls;
    this.#name = name;
    this.reader = new NativeFileReader(calls, descriptor, name);
    this.writer = new NativeFileWriter(calls, descriptor, name);
  }

  updateFrom(source: FileReader, position: number, length: number): number {
    if (!(source instanceof NativeFileReader)) throw foreignFile("update", this.#name);
    const [theirs, mine] = this.#calls.content;
    for (let done = 0;;) {
      const wanted = Math.min(CONTENT_BYTES, length - done);
      const count = source.fill(theirs.address, wanted, position + done);
      const had = this.reader.fill(mine.address, count, position + done);
      this.#writeDifferences(position + done, had);
      if (had < count) this.#write(position + done, had, count);
      done += count;
      if (done >= length || count < wanted) return done;
    }
  }

  #writeDifferences(position: number, length: number): void {
    if (this.#isSame(0, length)) return;
    eachDifferingRun(
      length,
      (at, size) => this.#isSame(at, size),
      (start, end) => this.#write(position, start, end),
    );
  }

  #isSame(at: number, length: number): boolean {
    const [theirs, mine] = this.#calls.content;
    return this.#calls.c.calls.memcmp(theirs.address + at, mine.address + at, length) === 0;
  }

  #write(position: number, start: number, end: number): void {
    this.writer.writeFrom(this.#calls.content[0].address + start, end - start, position + start);
    this.written += end - start;
  }
}
