/**
 * Bytes to lines, whatever pieces the bytes come in.
 *
 * @module
 */
import { decodeName } from "../bytes/name.ts";

/** Bytes of the longest line: several times what any system takes for a path. */
const MOST_BYTES = 1 << 20;
const LF = 0x0a;

/** Splits bytes at LF. */
export class LineSplitter {
  #rest: Uint8Array = new Uint8Array(0);
  #tooLong = false;

  /**
   * Takes the next bytes.
   *
   * @param bytes They may be changed when all lines were taken.
   * @returns Lines without their ends, as names are carried; `undefined` stands for one that is too long.
   */
  *push(bytes: Uint8Array): Generator<string | undefined> {
    let start = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
      this.#keep(bytes.subarray(start, end));
      yield this.#take();
      start = end + 1;
    }
    this.#keep(bytes.subarray(start));
  }

  /**
   * Ends it.
   *
   * @returns The last line, when it has no end.
   */
  *end(): Generator<string | undefined> {
    if (this.#rest.length > 0 || this.#tooLong) yield this.#take();
  }

  #keep(bytes: Uint8Array): void {
    this.#tooLong ||= this.#rest.length + bytes.length > MOST_BYTES;
    if (this.#tooLong || bytes.length === 0) return;
    const whole = new Uint8Array(this.#rest.length + bytes.length);
    whole.set(this.#rest);
    whole.set(bytes, this.#rest.length);
    this.#rest = whole;
  }

  #take(): string | undefined {
    const line = this.#tooLong ? undefined : decodeName(this.#rest);
    this.#rest = new Uint8Array(0);
    this.#tooLong = false;
    return line;
  }
}
