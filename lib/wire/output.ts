/**
 * Bytes on their way to a peer: a buffer that grows, is handed over as a whole, and is used again. Numbers of fixed
 * length are written here, the others by `integers.ts`.
 *
 * @module
 */

/** Room at first. */
const FIRST_BYTES = 8192;

/** Collects what is to be sent. */
export class WireOutput {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_BYTES);
  #view: DataView = new DataView(this.#bytes.buffer);
  #end = 0;

  /** How many bytes there are. */
  get length(): number {
    return this.#end;
  }

  #room(count: number): number {
    const at = this.#end;
    this.#end += count;
    if (this.#end > this.#bytes.length) this.#grow();
    return at;
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#end);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  /** Adds a byte. */
  u8(value: number): void {
    const at = this.#room(1);
    this.#bytes[at] = value;
  }

  /** Adds two bytes, low first. */
  u16(value: number): void {
    const at = this.#room(2);
    this.#view.setUint16(at, value, true);
  }

  /** Adds four bytes, low first. */
  i32(value: number): void {
    const at = this.#room(4);
    this.#view.setInt32(at, value, true);
  }

  /** Adds bytes. */
  bytes(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Adds so many zeros. */
  zeros(count: number): void {
    const at = this.#room(count);
    this.#bytes.fill(0, at, at + count);
  }

  /** What was added, as a view that is valid until more is. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#end);
  }

  /** Forgets what was added. */
  clear(): void {
    this.#end = 0;
  }

  /** Hands over what was added, in bytes of their own. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes.slice(0, this.#end);
    this.#end = 0;
    return bytes;
  }
}
