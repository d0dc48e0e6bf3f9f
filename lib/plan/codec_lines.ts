/**
 * Cuts bytes into lines as they arrive. A line within one chunk is not copied, and no line may grow without bound.
 *
 * @module
 */
import { damage } from "./codec_fields.ts";

const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines. */
export class LineCutter {
  readonly #most: number;
  #pieces: Uint8Array[] = [];
  #pending = 0;

  /** Makes a cutter for lines of at most that many bytes, with their newline. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Bytes of a line that is not at its end. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Takes the next bytes.
   *
   * @param chunk The bytes; they must not change while lines of them are in use.
   * @returns Each line that is complete now, with its newline.
   * @throws {SyncError} code `"plan-damaged"` when a line is too long.
   */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let start = 0;
    while (start < chunk.length) {
      const newline = chunk.indexOf(NEWLINE, start);
      const end = newline < 0 ? chunk.length : newline + 1;
      if (this.#pending + end - start > this.#most) throw damage(`it is longer than ${this.#most} bytes`);
      const piece = chunk.subarray(start, end);
      start = end;
      if (newline >= 0) yield this.#complete(piece);
      else this.#keep(piece);
    }
  }

  /** The chunk's buffer may be used again by its owner. */
  #keep(piece: Uint8Array): void {
    this.#pieces.push(piece.slice());
    this.#pending += piece.length;
  }

  #complete(last: Uint8Array): Uint8Array {
    if (this.#pending === 0) return last;
    const line = new Uint8Array(this.#pending + last.length);
    let at = 0;
    for (const piece of [...this.#pieces, last]) {
      line.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#pending = 0;
    return line;
  }
}
