/**
 * Content of a file in memory, in pages, so that a file of many gigabytes with little data costs little.
 *
 * @module
 */

/** Bytes of a page, as on a real file system. */
const PAGE = 4096;

/** Bytes with holes. */
export class SparseBytes {
  readonly #pages = new Map<number, Uint8Array>();
  #size = 0;

  /** Length in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that are held. */
  get allocated(): number {
    return this.#pages.size * PAGE;
  }

  /** Reads at a position; returns how many bytes there were. */
  read(into: Uint8Array, position: number): number {
    const end = Math.min(position + into.length, this.#size);
    for (let at = position; at < end;) {
      const offset = at % PAGE;
      const take = Math.min(PAGE - offset, end - at);
      const page = this.#pages.get((at - offset) / PAGE);
      if (page === undefined) into.fill(0, at - position, at - position + take);
      else into.set(page.subarray(offset, offset + take), at - position);
      at += take;
    }
    return Math.max(0, end - position);
  }

  /** Writes at a position; what lies between the old end and it becomes a hole. */
  write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length;) {
      const at = position + done;
      const offset = at % PAGE;
      const take = Math.min(PAGE - offset, bytes.length - done);
      this.#page((at - offset) / PAGE).set(bytes.subarray(done, done + take), offset);
      done += take;
    }
    if (bytes.length > 0) this.#size = Math.max(this.#size, position + bytes.length);
  }

  /** Sets the length; what is cut off is forgotten. */
  truncate(size: number): void {
    for (const [index, page] of this.#pages) {
      if (index * PAGE >= size) this.#pages.delete(index);
      else if ((index + 1) * PAGE > size) page.fill(0, size - index * PAGE);
    }
    this.#size = size;
  }

  /** Position of the next byte that is held, at or after a position. */
  nextData(position: number): number | undefined {
    let next: number | undefined;
    for (const index of this.#pages.keys()) {
      const start = Math.max(index * PAGE, position);
      if ((index + 1) * PAGE > position && start < this.#size && (next === undefined || start < next)) next = start;
    }
    return next;
  }

  /** Position of the next hole at or after a position; the end counts as one. */
  nextHole(position: number): number {
    let at = position;
    while (at < this.#size && this.#pages.has(Math.floor(at / PAGE))) at = (Math.floor(at / PAGE) + 1) * PAGE;
    return Math.min(at, this.#size);
  }

  /** Becomes the same as another. */
  become(other: SparseBytes): void {
    this.#pages.clear();
    for (const [index, page] of other.#pages) this.#pages.set(index, page.slice());
    this.#size = other.#size;
  }

  /** All of it in one piece. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.#size);
    this.read(bytes, 0);
    return bytes;
  }

  #page(index: number): Uint8Array {
    const page = this.#pages.get(index) ?? new Uint8Array(PAGE);
    this.#pages.set(index, page);
    return page;
  }
}
