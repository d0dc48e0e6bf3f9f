/**
 * A file of the destination that is brought up to date where it is, through `node:fs`.
 *
 * @module
 */
import { eachDifferingRun } from "../bytes/differing_runs.ts";
import type { FileReader, FileUpdater } from "../model/tree.ts";
import {
  BUFFER_BYTES,
  buffers,
  equalBytes,
  PortableFileReader,
  PortableFileWriter,
  readFully,
} from "./portable_file.ts";

/** One descriptor for reading and writing. */
export class PortableFileUpdater implements FileUpdater {
  /** Reads what is there. */
  readonly reader: PortableFileReader;
  /** Writes, and closes the file. */
  readonly writer: PortableFileWriter;
  /** Bytes written by updates. */
  written = 0;

  /** Takes over an open descriptor. */
  constructor(descriptor: number, path: string, name: string) {
    this.reader = new PortableFileReader(descriptor, name);
    this.writer = new PortableFileWriter(descriptor, path, name);
  }

  /** Compares through the two buffers of the thread. */
  updateFrom(source: FileReader, position: number, length: number): number {
    const [theirs, mine] = buffers();
    for (let done = 0;;) {
      const wanted = Math.min(BUFFER_BYTES, length - done);
      const count = readFully(source, theirs.subarray(0, wanted), position + done);
      const had = readFully(this.reader, mine.subarray(0, count), position + done);
      this.#writeDifferences(position + done, had);
      if (had < count) this.#write(position + done, had, count);
      done += count;
      if (done >= length || count < wanted) return done;
    }
  }

  #writeDifferences(position: number, length: number): void {
    const [theirs, mine] = buffers();
    if (equalBytes(theirs, mine, length)) return;
    eachDifferingRun(
      length,
      (at, size) => equalBytes(theirs.subarray(at), mine.subarray(at), size),
      (start, end) => this.#write(position, start, end),
    );
  }

  #write(position: number, start: number, end: number): void {
    this.writer.write(buffers()[0].subarray(start, end), position + start);
    this.written += end - start;
  }
}
