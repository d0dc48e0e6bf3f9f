/**
 * What a process says on its standard error: every line is handed on at once, and the last ones are kept.
 *
 * @module
 */
import { decodeName } from "../bytes/name.ts";

/** Bytes that are kept. */
const MOST_KEPT = 16_384;
/** Bytes after which a line is handed on without its end. */
const LONGEST_LINE = 4096;

const NEWLINE = 0x0a;

/** Collects what is said. */
export class LastWords {
  readonly #onLine: (line: string) => void;
  #line: number[] = [];
  #kept = "";

  /**
   * Begins to listen.
   *
   * @param onLine Hears of every line, without its end; bytes that are not UTF-8 are kept as they are in names.
   */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** The last lines. */
  get text(): string {
    return this.#kept.trimEnd();
  }

  /**
   * Takes what was said.
   *
   * @param bytes Any part of it.
   */
  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === NEWLINE || this.#line.length === LONGEST_LINE) this.end();
      if (byte !== NEWLINE) this.#line.push(byte);
    }
  }

  /** Takes what is left for a line. */
  end(): void {
    if (this.#line.length === 0) return;
    const line = decodeName(Uint8Array.from(this.#line)).trimEnd();
    this.#line = [];
    this.#kept = `${this.#kept}${line}\n`.slice(-MOST_KEPT);
    this.#onLine(line);
  }
}
