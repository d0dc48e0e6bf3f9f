/**
 * Names of files as strings, without loss. A name is bytes; a string carries valid UTF-8 as its characters and every
 * byte that is not part of valid UTF-8 as the lone surrogate U+DC80-U+DCFF, and gives the same bytes back. For ASCII
 * both forms are the same, which is the fast path here.
 *
 * @module
 */

/** Throws at what is not UTF-8, and keeps a byte order mark, which is part of the name. */
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** First code unit that stands for an undecodable byte (0x80). */
const ESCAPE_BASE = 0xdc00;

/**
 * Decodes a name.
 *
 * @param bytes Buffer that holds the name.
 * @param start Offset of its first byte.
 * @param end Offset after its last byte.
 * @returns The name; {@linkcode encodeName} turns it back into the same bytes.
 */
export function decodeName(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x80) return decodeUnicode(bytes.slice(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

function decodeUnicode(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeWithEscapes(bytes);
  }
}

function decodeWithEscapes(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      text += String.fromCharCode(ESCAPE_BASE + bytes[at]!);
      at += 1;
    } else {
      text += strictDecoder.decode(bytes.subarray(at, at + length));
      at += length;
    }
  }
  return text;
}

/** Bytes of the valid UTF-8 sequence at `at`, or 0 if there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    strictDecoder.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

/**
 * Encodes a name into a buffer.
 *
 * @param name The name, or a path of names joined by `/`.
 * @param into Where to write; must have room for three bytes a character.
 * @param offset Where to start.
 * @returns Offset after the last byte written.
 */
export function encodeNameInto(name: string, into: Uint8Array, offset = 0): number {
  const length = name.length;
  for (let at = 0; at < length; at++) {
    const unit = name.charCodeAt(at);
    if (unit >= 0x80) return encodeUnicodeInto(name, at, into, offset + at);
    into[offset + at] = unit;
  }
  return offset + length;
}

function encodeUnicodeInto(name: string, from: number, into: Uint8Array, offset: number): number {
  let at = offset;
  for (let index = from; index < name.length;) {
    const point = name.codePointAt(index)!;
    if (point >= ESCAPE_BASE + 0x80 && point <= ESCAPE_BASE + 0xff) {
      into[at++] = point - ESCAPE_BASE;
      index += 1;
      continue;
    }
    const character = String.fromCodePoint(point);
    at += encoder.encodeInto(character, into.subarray(at)).written;
    index += character.length;
  }
  return at;
}

/**
 * Encodes a name into bytes of its own.
 *
 * @param name The name, or a path of names joined by `/`.
 * @returns Its bytes.
 */
export function encodeName(name: string): Uint8Array {
  const bytes = new Uint8Array(name.length * 3);
  return bytes.slice(0, encodeNameInto(name, bytes));
}

/**
 * Tells whether a name can be written as UTF-8 text without loss.
 *
 * @param name The name or path.
 * @returns `false` when it carries an escaped byte.
 */
export function isUnicodeName(name: string): boolean {
  return name.isWellFormed();
}

/**
 * Compares two names by their bytes, which is the order everything is listed in.
 *
 * @param a One name.
 * @param b The other.
 * @returns Negative, zero or positive.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return x < 0x80 && y < 0x80 ? x - y : compareBytes(encodeName(a), encodeName(b));
  }
  return a.length - b.length;
}

/**
 * Compares two byte strings.
 *
 * @param a One.
 * @param b The other.
 * @returns Negative, zero or positive.
 */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    if (a[at] !== b[at]) return a[at]! - b[at]!;
  }
  return a.length - b.length;
}
