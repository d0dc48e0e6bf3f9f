/**
 * Arguments of a server that are sent as bytes: to a daemon, and to a server that was told so by the letter `s`, so that
 * no shell sees them. Each ends with a NUL, and an empty one ends them all.
 *
 * @module
 */
import { decodeName, encodeName } from "../bytes/name.ts";
import type { WireInput } from "./input.ts";
import { PEER_LIMITS } from "./limits.ts";
import { WireOutput } from "./output.ts";

/** What stands for the program's name before arguments that a server reads. */
export const PROGRAM_NAME = "rsync";

/**
 * Reads arguments.
 *
 * @param input Where they are.
 * @returns The arguments.
 * @throws {SyncError} code `"peer-protocol"` when they are too many or too long.
 */
export function readArguments(input: WireInput): string[] {
  const list: string[] = [];
  for (;;) {
    const argument = readArgument(input);
    if (argument === "") return list;
    if (list.length === PEER_LIMITS.arguments) throw input.breach(`at most ${list.length} arguments`, "one more");
    list.push(argument);
  }
}

function readArgument(input: WireInput): string {
  const bytes: number[] = [];
  for (let byte = input.u8(); byte !== 0; byte = input.u8()) {
    if (bytes.length === PEER_LIMITS.argument) {
      throw input.breach(`an argument of at most ${PEER_LIMITS.argument} bytes`, "a longer one");
    }
    bytes.push(byte);
  }
  return decodeName(Uint8Array.from(bytes));
}

/**
 * Writes arguments.
 *
 * @param list The arguments; an empty one goes as `"."`, which means the same.
 * @returns Their bytes.
 */
export function encodeArguments(list: readonly string[]): Uint8Array<ArrayBuffer> {
  const output = new WireOutput();
  for (const argument of list) {
    output.bytes(encodeName(argument === "" ? "." : argument));
    output.u8(0);
  }
  output.u8(0);
  return output.take();
}
