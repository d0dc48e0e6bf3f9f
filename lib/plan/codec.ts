/**
 * A plan as a file: versioned NDJSON. The first line says what it is a plan of, then comes one action a line, and the
 * end holds their number and the SHA-256 of everything before it. A plan that was applied says so in one more line. Both
 * ways stream; no more than a line is held.
 *
 * A plan that arrives may be damaged, or written to do harm. Every value is checked (`codec_fields.ts`), and every line
 * is written once more and must come out the same: a field that is unknown, given twice, or shown otherwise than it
 * would be carried out is refused. Only after the last line is the whole known to be sound, so nothing may be carried
 * out before. That an entry is named in two actions is not looked for; the second would not find what it expects.
 *
 * @module
 */
import { asSyncError, SyncError } from "../errors.ts";
import type { Action } from "./action.ts";
import { actionLine } from "./action_lines.ts";
import { decodeAction } from "./codec_action.ts";
import { damage, Fields, quoted } from "./codec_fields.ts";
import { decodeHeader, disagreement, encodeHeader, type PlanHeader } from "./codec_header.ts";
import { LineCutter } from "./codec_lines.ts";
import { addAction, emptySummary } from "./summary.ts";

export { type JsonValue, PLAN_VERSION, type PlanHeader, type PlannedTask } from "./codec_header.ts";

/** Bytes of the longest line that is written or read, with its newline. */
export const PLAN_LINE_LIMIT: number = 16 << 20;

/** SHA-256 of bytes that come one after the other. */
export interface IncrementalHash {
  /** Adds bytes. */
  update(bytes: Uint8Array): void;
  /** The digest in lower-case hexadecimal digits; called once, at the end. */
  digestHex(): string;
}

/** What a decoder finds: the header first, then each action. */
export type PlanPart =
  | { readonly type: "header"; readonly header: PlanHeader }
  | { readonly type: "action"; readonly action: Action }
  | { readonly type: "applied"; readonly at: string };

/** What {@linkcode appliedLine} writes: a time in UTC to the millisecond. */
const APPLIED_REGEXP = /^\{"applied":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"\}\n$/;

/**
 * The line that is added to a plan when it is applied, so that nobody applies it again.
 *
 * @param at When, as ISO 8601 text in UTC.
 * @returns A line with its newline; it comes after the end.
 */
export function appliedLine(at: string): string {
  return toLine({ applied: at });
}

/**
 * Writes a plan down.
 *
 * @param header What it is a plan of.
 * @param actions Its actions, in their order.
 * @param hash A new SHA-256.
 * @returns Lines with their newlines, to be written one after the other as UTF-8.
 * @throws {SyncError} code `"unsupported"` for an entry whose line would be too long to be read again, and
 * `"internal"` when the header's totals are not those of the actions.
 */
export function* encodePlan(header: PlanHeader, actions: Iterable<Action>, hash: IncrementalHash): Generator<string> {
  const encoder = new TextEncoder();
  const add = (line: string, path: string): string => {
    const bytes = encoder.encode(line);
    if (bytes.length > PLAN_LINE_LIMIT) throw tooLong(path);
    hash.update(bytes);
    return line;
  };
  yield add(toLine(encodeHeader(header)), "");
  const summary = emptySummary();
  let count = 0;
  for (const action of actions) {
    yield add(actionLine(action), action.path);
    addAction(summary, action);
    count++;
  }
  const wrong = disagreement(header.summary, summary);
  if (wrong !== undefined) throw new SyncError("internal", `Cannot write plan: ${wrong}`);
  yield endLine(count, hash.digestHex());
}

function toLine(value: Record<string, unknown>): string {
  return `${JSON.stringify(value)}\n`;
}

function endLine(actions: number, sha256: string): string {
  return toLine({ end: true, actions, sha256 });
}

function tooLong(path: string): SyncError {
  const what = path === "" ? "its first line" : `the line of ${quoted(path)}`;
  return new SyncError("unsupported", `Cannot write plan: ${what} is longer than ${PLAN_LINE_LIMIT} bytes`, { path });
}

/** Reads a plan as its bytes arrive. */
export class PlanDecoder {
  readonly #hash: IncrementalHash;
  readonly #lines = new LineCutter(PLAN_LINE_LIMIT);
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #found = emptySummary();
  #header: PlanHeader | undefined;
  #line = 0;
  #actions = 0;
  #headerBytes = 0;
  #actionBytes = 0;
  #ended = false;
  #applied = false;

  /** Makes a decoder for one plan; `hash` is a new SHA-256. */
  constructor(hash: IncrementalHash) {
    this.#hash = hash;
  }

  /** Where the lines of the actions are, in bytes from the start; so far, while there are more. */
  get span(): { readonly start: number; readonly end: number } {
    return { start: this.#headerBytes, end: this.#headerBytes + this.#actionBytes };
  }

  /**
   * Takes the next bytes. Take all parts before the next call.
   *
   * @param chunk The bytes.
   * @returns What they complete.
   * @throws {SyncError} code `"plan-damaged"` at the first line that is wrong.
   */
  *push(chunk: Uint8Array): Generator<PlanPart> {
    try {
      for (const line of this.#lines.push(chunk)) {
        const part = this.#decodeLine(line);
        this.#line++;
        if (part !== undefined) yield part;
      }
    } catch (thrown) {
      throw this.#located(thrown);
    }
  }

  /**
   * Hears that there are no more bytes.
   *
   * @throws {SyncError} code `"plan-damaged"` when the plan is not complete.
   */
  finish(): void {
    if (this.#ended) {
      if (this.#lines.pending > 0) throw this.#located(somethingAfterEnd());
      return;
    }
    if (this.#lines.pending > 0) throw this.#located(damage("it breaks off"));
    if (this.#header === undefined) throw this.#located(damage("it is empty, so it is not a plan"));
    throw this.#located(damage(`the end is missing after ${this.#actions} actions`));
  }

  #decodeLine(line: Uint8Array): PlanPart | undefined {
    if (this.#ended) return this.#decodeApplied(line);
    const text = this.#textOf(line);
    const value = this.#parse(text);
    if (this.#header === undefined) return this.#decodeHeader(value, text, line);
    const fields = new Fields(value);
    if (fields.has("end")) return this.#decodeEnd(fields, text);
    const action = decodeAction(fields);
    requireSame(text, actionLine(action));
    addAction(this.#found, action);
    this.#actions++;
    this.#actionBytes += line.length;
    this.#hash.update(line);
    return { type: "action", action };
  }

  #textOf(line: Uint8Array): string {
    try {
      return this.#decoder.decode(line);
    } catch (thrown) {
      throw damage(this.#header === undefined ? "it is not a plan" : "it is not UTF-8", { cause: thrown });
    }
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (thrown) {
      throw damage(this.#header === undefined ? "it is not a plan" : "it is not JSON", { cause: thrown });
    }
  }

  #decodeHeader(value: unknown, text: string, line: Uint8Array): PlanPart {
    const header = decodeHeader(value);
    requireSame(text, toLine(encodeHeader(header)));
    this.#header = header;
    this.#headerBytes = line.length;
    this.#hash.update(line);
    return { type: "header", header };
  }

  #decodeEnd(fields: Fields, text: string): undefined {
    const said = fields.integer("actions", 0, Number.MAX_SAFE_INTEGER);
    if (said !== this.#actions) throw damage(`the end counts ${said} actions, there are ${this.#actions}`);
    const sha256 = this.#hash.digestHex();
    if (fields.text("sha256") !== sha256) throw damage("the checksum does not match what is above it");
    requireSame(text, endLine(said, sha256));
    const wrong = disagreement(this.#header!.summary, this.#found);
    if (wrong !== undefined) throw damage(wrong);
    this.#ended = true;
  }

  /** The one line that may follow the end. */
  #decodeApplied(line: Uint8Array): PlanPart {
    const at = this.#applied ? undefined : APPLIED_REGEXP.exec(new TextDecoder().decode(line))?.[1];
    if (at === undefined) throw somethingAfterEnd();
    this.#applied = true;
    return { type: "applied", at };
  }

  /** Says at which line it happened. */
  #located(thrown: unknown): SyncError {
    const error = asSyncError(thrown);
    if (error.code !== "plan-damaged") return error;
    const { hint = "make the plan again", cause } = error;
    return new SyncError(error.code, `Cannot read plan: line ${this.#line + 1}: ${error.message}`, { hint, cause });
  }
}

function somethingAfterEnd(): SyncError {
  return damage("there is something after the end");
}

/** See the module comment. */
function requireSame(text: string, again: string): void {
  if (text !== again) throw damage("it is not in the form that plans are written in");
}

/**
 * Reads a plan.
 *
 * @param chunks Its bytes, in pieces of any size.
 * @param hash A new SHA-256.
 * @returns The header, then each action. The plan is sound when the last was handed out without an error.
 * @throws {SyncError} code `"plan-damaged"`, with the line and what is wrong there.
 */
export async function* decodePlan(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  hash: IncrementalHash,
): AsyncGenerator<PlanPart, void, undefined> {
  const decoder = new PlanDecoder(hash);
  for await (const chunk of chunks) yield* decoder.push(chunk);
  decoder.finish();
}
