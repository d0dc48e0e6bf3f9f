/**
 * Gathers small pieces into large ones.
 *
 * @module
 */

/** Pieces in the order in which they were added. */
export class Gathered {
  readonly #buffer: Uint8Array<ArrayBuffer>;
  #length = 0;
  #total = 0;

  /** Pieces are handed on when this many bytes are there. */
  constructor(bytes: number) {
    this.#buffer = new Uint8Array(bytes);
  }

  /** Bytes that were added altogether. */
  get total(): number {
    return this.#total;
  }

  /**
   * Adds bytes.
   *
   * @param bytes Any number of them.
   * @returns Full pieces, each valid until the next is asked for.
   */
  *add(bytes: Uint8Array): Generator<Uint8Array> {
    this.#total += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + this.#buffer.length - this.#length);
      this.#buffer.set(part, this.#length);
      this.#length += part.length;
      at += part.length;
      if (this.#length === this.#buffer.length) yield this.take();
    }
  }

  /** Where bytes can be put instead of adding them; tell {@linkcode put} how many. It is never empty. */
  room(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(this.#length);
  }

  /**
   * Takes over bytes that were put where {@linkcode room} said.
   *
   * @param count How many.
   * @returns Whether the piece is full, and must be taken.
   */
  put(count: number): boolean {
    this.#total += count;
    this.#length += count;
    return this.#length === this.#buffer.length;
  }

  /** What is there; it may be empty. */
  take(): Uint8Array {
    const piece = this.#buffer.subarray(0, this.#length);
    this.#length = 0;
    return piece;
  }
}
