/**
 * A file that is written piece by piece under a temporary name, and has its own name only when it is complete; and text
 * that is added to a file of others.
 *
 * @module
 */
import { appendFileSync, closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { nodeError } from "./system_error.ts";

const BUFFERED = 1 << 16;

/** See the module comment. Every method throws {@linkcode SyncError} when the file cannot be written. */
export class PendingFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: number;
  #text = "";

  /**
   * Begins a file.
   *
   * @param path Its name at the end; an old file of that name is untouched until then.
   */
  constructor(path: string) {
    this.#path = path;
    this.#temporary = `${path}.${crypto.randomUUID()}.tmp`;
    this.#file = this.#try(() => openSync(this.#temporary, "wx", 0o666));
  }

  /** Adds text. */
  write(text: string): void {
    this.#text += text;
    if (this.#text.length >= BUFFERED) this.#try(() => this.#flush());
  }

  /** Gives the file its name. */
  finish(): void {
    try {
      this.#try(() => this.#flush());
    } catch (thrown) {
      this.discard();
      throw thrown;
    }
    closeSync(this.#file);
    try {
      renameSync(this.#temporary, this.#path);
    } catch (thrown) {
      rmSync(this.#temporary, { force: true });
      throw nodeError("write", this.#path, thrown);
    }
  }

  /** Leaves nothing. */
  discard(): void {
    closeSync(this.#file);
    rmSync(this.#temporary, { force: true });
  }

  #flush(): void {
    const bytes = new TextEncoder().encode(this.#text);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    this.#text = "";
  }

  #try<Value>(action: () => Value): Value {
    try {
      return action();
    } catch (thrown) {
      throw nodeError("write", this.#path, thrown);
    }
  }
}

/**
 * Adds text to the end of a file, which is made when there is none.
 *
 * @param path The file.
 * @param text What is added.
 * @throws {SyncError} when it cannot be written.
 */
export function appendText(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch (thrown) {
    throw nodeError("write", path, thrown);
  }
}
