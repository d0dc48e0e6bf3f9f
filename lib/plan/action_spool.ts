/**
 * The actions of a plan, which may be more than fit into memory: they are taken in any order, and handed out in the
 * order of a plan, as often as they are wanted. Up to a number of them stay in memory; more go into a scratch file as
 * sorted runs, which are merged when they are read.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import type { Scratch } from "../model/scratch.ts";
import type { Action, Operation } from "./action.ts";
import { readActionLines } from "./action_lines.ts";
import { mergeSorted } from "./merge.ts";
import { compareActions } from "./order.ts";

/** Actions that stay in memory. */
const KEPT_IN_MEMORY = 5_000;
/** Characters that are written at once. */
const WRITE_PIECE = 1 << 17;
/** Bytes of each run that are read at once. */
const READ_PIECE = 1 << 16;

/** Where a run is. */
interface Run {
  readonly start: number;
  readonly end: number;
}

/** How a spool keeps its actions. */
export interface SpoolInit {
  /** Makes the scratch file when it is needed; `undefined` where there is none, and everything stays in memory. */
  readonly scratch: () => Scratch | undefined;
  /** Actions that stay in memory. @default {5000} */
  readonly keptInMemory?: number;
}

/** See the module comment. */
export class ActionSpool {
  readonly #openScratch: SpoolInit["scratch"];
  readonly #most: number;
  readonly #runs: Run[] = [];
  #recent: Action[] = [];
  #sorted = true;
  #scratch: Scratch | undefined;
  #cannotSpill = false;
  #longest = 0;

  /** Makes an empty spool. */
  constructor({ scratch, keptInMemory = KEPT_IN_MEMORY }: SpoolInit) {
    this.#openScratch = scratch;
    this.#most = keptInMemory;
  }

  /**
   * Takes an action.
   *
   * @throws {SyncError} code `"no-space"` when the scratch file cannot grow.
   */
  add(action: Action): void {
    this.#recent.push(action);
    this.#sorted = false;
    if (this.#recent.length > this.#most && !this.#cannotSpill) this.#spill();
  }

  /**
   * Hands out the actions. None may be added before the last was taken.
   *
   * @param wanted Operations that are wanted. @default {all}
   * @returns The actions in the order of a plan.
   */
  *each(wanted?: readonly Operation[]): Generator<Action, void, undefined> {
    this.#sort();
    const recent = wanted === undefined ? this.#recent : this.#recent.filter(({ op }) => wanted.includes(op));
    if (this.#runs.length === 0) {
      yield* recent;
      return;
    }
    const runs = this.#runs.map((run) => readActionLines(this.#piecesOf(run), this.#longest, JSON.parse, wanted));
    yield* mergeSorted([...runs, recent], compareActions);
  }

  /** Gives all space back; nothing can be handed out any more. */
  close(): void {
    this.#scratch?.close();
    this.#recent = [];
  }

  #sort(): void {
    if (!this.#sorted) this.#recent.sort(compareActions);
    this.#sorted = true;
  }

  #spill(): void {
    this.#scratch ??= this.#openScratch();
    this.#cannotSpill = this.#scratch === undefined;
    if (this.#scratch === undefined) return;
    this.#sort();
    const start = this.#runs.at(-1)?.end ?? 0;
    let end = start;
    for (const piece of this.#pieces()) {
      this.#scratch.write(piece, end);
      end += piece.length;
    }
    this.#runs.push({ start, end });
    this.#recent = [];
  }

  *#pieces(): Generator<Uint8Array> {
    const encoder = new TextEncoder();
    let text = "";
    for (const action of this.#recent) {
      // Plain JSON: lone surrogates survive it.
      const line = `${JSON.stringify(action)}\n`;
      // Three bytes a character at most.
      this.#longest = Math.max(this.#longest, line.length * 3);
      text += line;
      if (text.length < WRITE_PIECE) continue;
      yield encoder.encode(text);
      text = "";
    }
    yield encoder.encode(text);
  }

  *#piecesOf({ start, end }: Run): Generator<Uint8Array> {
    const buffer = new Uint8Array(READ_PIECE);
    for (let at = start; at < end;) {
      const length = this.#scratch!.read(buffer.subarray(0, Math.min(buffer.length, end - at)), at);
      if (length === 0) {
        throw new SyncError("io", "Cannot read the plan again: its scratch file is shorter than it was");
      }
      yield buffer.subarray(0, length);
      at += length;
    }
  }
}
