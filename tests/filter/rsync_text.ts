/** Names as rsync and other programs write them, back to names. */
import { decodeName } from "../../lib/bytes/name.ts";

/** Turns `\#ooo`, which rsync writes for what is not printable, back into bytes. */
export function unescaped(text: string): string {
  return fromLatin1(text.replace(/\\#([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8))));
}

/** A name whose bytes came as one character each. */
export function fromLatin1(text: string): string {
  return decodeName(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}
