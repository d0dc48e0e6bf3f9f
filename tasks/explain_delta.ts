/**
 * What the delta between two files would be, without making it: which ranges the old file has, which it has not, and
 * what that saves.
 *
 * @module
 */
import { DeltaEncoder } from "../lib/delta/delta_encoder.ts";
import type { Instruction } from "../lib/delta/instruction.ts";
import { type DeltaRange, RangeReader } from "../lib/delta/range.ts";
import { type Strip, StripMaker } from "../lib/delta/strip.ts";
import { asSyncError, SyncError } from "../lib/errors.ts";
import { instructionsFor, signature, type SignatureOptions } from "./delta.ts";
import type { ByteInput } from "./delta/byte_source.ts";
import { Pace } from "./delta/pace.ts";

/** A picture of so many cells is finer than a screen. */
const MOST_CELLS = 1024;

/** Bytes and ranges of one kind. */
export interface RangeTotals {
  /** How many ranges. */
  readonly ranges: number;
  /** How many bytes. */
  readonly bytes: number;
}

/** What a delta would be. */
export interface DeltaExplanation {
  /** Always `"delta"`. */
  readonly task: "delta";
  /** Size of the old file. */
  readonly oldBytes: number;
  /** Size of the new file. */
  readonly newBytes: number;
  /** Bytes of a block. */
  readonly blockLength: number;
  /** Blocks of the old file. */
  readonly blocks: number;
  /** What the old file has at the same place. */
  readonly kept: RangeTotals;
  /** What it has elsewhere. */
  readonly moved: RangeTotals;
  /** What it has not. */
  readonly literal: RangeTotals;
  /** Size of the signature. */
  readonly signatureBytes: number;
  /** Size of the delta. */
  readonly deltaBytes: number;
  /** How much smaller the delta is than the new file; negative when it is larger. */
  readonly savedBytes: number;
  /** The new file in small. */
  readonly strip: Strip;
}

/** What happens while it is found out. */
export type DeltaEvent =
  | { readonly type: "range"; readonly range: DeltaRange }
  | { readonly type: "end"; readonly report: DeltaExplanation };

/** How it is watched. */
export interface DeltaWatch {
  /** Stops it. @default {undefined} */
  readonly signal?: AbortSignal;
  /** Hears of every range, in the order of the new file, and of the end. @default {undefined} */
  readonly onEvent?: (event: DeltaEvent) => void;
}

/** A look at two files. Nothing happens before one of its methods is called. */
export interface ExplainDeltaTask {
  /** The old file. */
  readonly old: ByteInput;
  /** The new file. */
  readonly fresh: ByteInput;
  /** Looks; nothing is written. */
  run(watch?: DeltaWatch): Promise<DeltaExplanation>;
  /** The same as {@linkcode run}, as a stream of events; leaving the loop stops it. */
  stream(watch?: Omit<DeltaWatch, "onEvent">): AsyncIterable<DeltaEvent>;
}

/**
 * Tells what the delta between two files would be: the ranges of the new file that the old one has, those that it has
 * not, and what that saves. Memory is the signature of the old file and a picture of fixed size.
 *
 * @param old The old file.
 * @param fresh The new file.
 * @param options How the old file is cut into blocks, and by which sums they are found.
 * @returns A task. Its methods throw {@linkcode SyncError} when a file cannot be read, with code `"cancelled"` when it
 * was stopped.
 * @throws {RangeError} when an option is out of its range.
 *
 * @example Is a delta worth it?
 * ```ts
 * import { explainDelta } from "undrift";
 *
 * const old = new TextEncoder().encode("one two three ".repeat(100));
 * const fresh = new TextEncoder().encode("one two three ".repeat(90) + "four");
 * const { savedBytes, literal } = await explainDelta(old, fresh, { blockLength: 64 }).run();
 * console.log(`${literal.bytes} bytes are new, ${savedBytes} need not be sent`);
 * ```
 */
export function explainDelta(old: ByteInput, fresh: ByteInput, options: SignatureOptions = {}): ExplainDeltaTask {
  const signed = signature(old, options);
  const events = (signal: AbortSignal | undefined) => explain(signed, fresh, options, signal);
  return {
    old,
    fresh,
    run: async ({ signal, onEvent = () => {} } = {}) => {
      for await (const event of events(signal)) {
        onEvent(event);
        if (event.type === "end") return event.report;
      }
      throw new SyncError("internal", "Cannot explain a delta: it has no end");
    },
    stream: ({ signal } = {}) => events(signal),
  };
}

async function* explain(
  signed: ReturnType<typeof signature>,
  fresh: ByteInput,
  options: SignatureOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<DeltaEvent, void, undefined> {
  try {
    const { pieces, ...facts } = await sign(signed, signal);
    const { jobs } = options;
    const count = new DeltaCount();
    const ranges = new RangeReader();
    for await (const each of instructionsFor(pieces, fresh, jobs === undefined ? {} : { jobs }, signal)) {
      count.addInstruction(each);
      const range = ranges.push(each);
      if (range !== undefined) yield count.addRange(range);
    }
    const last = ranges.finish();
    if (last !== undefined) yield count.addRange(last);
    const blocks = Math.ceil(facts.oldBytes / facts.blockLength);
    yield { type: "end", report: { task: "delta", ...facts, blocks, ...count.report() } };
  } catch (thrown) {
    throw asSyncError(thrown);
  }
}

/** Makes the signature and holds it. */
async function sign(signed: ReturnType<typeof signature>, signal: AbortSignal | undefined) {
  const pace = new Pace(signal);
  const pieces: Uint8Array[] = [];
  const source = signed[Symbol.asyncIterator]();
  try {
    for (;;) {
      pace.check();
      const next = await source.next();
      if (next.done === true) return { ...next.value, pieces };
      pieces.push(next.value);
    }
  } finally {
    await source.return(undefined as never);
  }
}

/** Adds up what a delta consists of. */
class DeltaCount {
  readonly #encoder = new DeltaEncoder();
  readonly #strip = new StripMaker(MOST_CELLS);
  readonly #totals = {
    kept: { ranges: 0, bytes: 0 },
    moved: { ranges: 0, bytes: 0 },
    literal: { ranges: 0, bytes: 0 },
  };
  #deltaBytes = this.#encoder.begin().length + this.#encoder.end().length;

  addInstruction(each: Instruction): void {
    this.#deltaBytes += this.#encoder.command(each).length + (each.kind === "literal" ? each.bytes.length : 0);
  }

  addRange(range: DeltaRange): DeltaEvent {
    this.#totals[range.kind].ranges++;
    this.#totals[range.kind].bytes += range.length;
    this.#strip.add(range);
    return { type: "range", range };
  }

  report() {
    const { kept, moved, literal } = this.#totals;
    const newBytes = kept.bytes + moved.bytes + literal.bytes;
    const deltaBytes = this.#deltaBytes;
    const { strip } = this.#strip;
    return { newBytes, kept, moved, literal, deltaBytes, savedBytes: newBytes - deltaBytes, strip };
  }
}
