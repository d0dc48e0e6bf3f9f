/**
 * The filter rules that a client sends, as text: each begins with its length, and a length of zero ends them.
 *
 * @module
 */
import { decodeName, encodeName } from "../bytes/name.ts";
import type { WireInput } from "./input.ts";
import { PEER_LIMITS } from "./limits.ts";
import type { WireOutput } from "./output.ts";

/** Reads rules, one by one. */
export class FilterRulesReader {
  #count = 0;

  /**
   * Reads a rule.
   *
   * @param input Where it is.
   * @returns Its text, or `undefined` at the end of the rules.
   * @throws {SyncError} code `"peer-protocol"` when it is too long, or one too many.
   */
  read(input: WireInput): string | undefined {
    const length = input.i32();
    if (length === 0) return undefined;
    if (length < 0 || length > PEER_LIMITS.filterRule) {
      throw input.breach(`a filter rule of at most ${PEER_LIMITS.filterRule} bytes`, `one of ${length}`);
    }
    const bytes = input.bytes(length);
    if (bytes.includes(0)) throw input.breach("a filter rule", "one with a NUL");
    if (this.#count === PEER_LIMITS.filterRules) {
      throw input.breach(`at most ${PEER_LIMITS.filterRules} filter rules`, "one more");
    }
    this.#count++;
    return decodeName(bytes);
  }
}

/**
 * Writes rules and their end.
 *
 * @param output Where to.
 * @param rules Their texts.
 * @throws {RangeError} when one is longer than peers accept.
 */
export function writeFilterRules(output: WireOutput, rules: readonly string[]): void {
  for (const rule of rules) {
    const bytes = encodeName(rule);
    if (bytes.length === 0 || bytes.length > PEER_LIMITS.filterRule) {
      throw new RangeError(`Cannot send a filter rule of ${bytes.length} bytes`);
    }
    output.i32(bytes.length);
    output.bytes(bytes);
  }
  output.i32(0);
}
