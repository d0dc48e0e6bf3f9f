/**
 * Lets several threads compare one large file with its source. The thread that has the file asks the others, who take
 * parts of it in turn and write down what they find in shared memory; then it goes on with what it was told, and looks at
 * the rest by itself. It never waits for another thread, and only it writes into the file.
 *
 * A thread that comes late, when its answers are of no use any more, may do no harm: every question has a number, answers
 * count only for the question they were given to, and files are named by descriptors that stay open as long as it is.
 *
 * @module
 */
import type { Steps } from "../model/steps.ts";
import type { FileReader } from "../model/tree.ts";

/** Bytes that are told apart as equal or not. */
export const PART_BYTES = 1 << 20;
/** Parts that a thread takes at once. */
const TAKEN_AT_ONCE = 8;
/** Parts of one question. */
const MOST_PARTS = 1024;
/** What is asked about at once at most. */
export const QUESTION_BYTES = PART_BYTES * MOST_PARTS;
/** Smaller ranges are not worth it. */
const LEAST_BYTES = 64 * PART_BYTES;

/** Words of a slot: odd numbers are of open questions; then the next part, and both descriptors; then the answers. */
const WORD = { question: 0, next: 1, one: 2, other: 3, parts: 4, startLow: 6, startHigh: 7, answers: 8 } as const;
const SLOT_WORDS = WORD.answers + MOST_PARTS;
const TWO_32 = 4_294_967_296;

/** How files are named between threads. */
export interface FileTickets {
  /** A number for a file that is open, as long as it is; `undefined` for one that stays in its thread. */
  ticketOf(file: FileReader): number | undefined;
  /** The file that a number of another thread stands for. */
  adopt(ticket: number): FileReader;
}

/**
 * Makes the memory of all threads.
 *
 * @param threads How many there may be.
 * @returns The memory.
 */
export function jointMemory(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threads * SLOT_WORDS * 4);
}

/** What one thread asks the others, and answers them. */
export class JointComparison {
  readonly #memory: SharedArrayBuffer;
  readonly #slot: number;
  readonly #tickets: FileTickets;
  /** Calls the other threads to a slot, as long as there are any to call. */
  call: ((slot: number, threads: number) => void) | undefined;

  /** Takes a slot of the memory. */
  constructor(memory: SharedArrayBuffer, slot: number, tickets: FileTickets) {
    this.#memory = memory;
    this.#slot = slot;
    this.#tickets = tickets;
  }

  get #threads(): number {
    return this.#memory.byteLength / 4 / SLOT_WORDS;
  }

  #words(slot: number): Int32Array {
    return new Int32Array(this.#memory, slot * SLOT_WORDS * 4, SLOT_WORDS);
  }

  /**
   * Compares a range of two files, with the others.
   *
   * @param one A file.
   * @param other Another.
   * @param start Where the range begins.
   * @param end Where it ends, at most {@linkcode QUESTION_BYTES} behind.
   * @returns Steps; the result tells of each part, by its number, whether it is known to be the same. `undefined` when
   * the others are of no use.
   */
  *compare(
    one: FileReader,
    other: FileReader,
    start: number,
    end: number,
  ): Steps<((part: number) => boolean) | undefined> {
    const [mine, theirs] = [this.#tickets.ticketOf(one), this.#tickets.ticketOf(other)];
    if (this.call === undefined || end - start < LEAST_BYTES || mine === undefined || theirs === undefined) {
      return undefined;
    }
    const words = this.#words(this.#slot);
    // Whole parts only: the last one may be cut off by the end.
    const parts = Math.floor((end - start) / PART_BYTES);
    const asked = {
      next: 0,
      one: mine,
      other: theirs,
      parts,
      startLow: start % TWO_32 | 0,
      startHigh: Math.floor(start / TWO_32),
    };
    for (const [name, value] of Object.entries(asked)) Atomics.store(words, WORD[name as keyof typeof asked], value);
    const question = Atomics.add(words, WORD.question, 1) + 1;
    try {
      this.call(this.#slot, this.#threads);
      yield;
      yield* answer(words, question, one, other);
    } finally {
      Atomics.add(words, WORD.question, 1);
    }
    return (part) => part < parts && Atomics.load(words, WORD.answers + part) === question;
  }

  /**
   * Helps another thread.
   *
   * @param slot Its slot.
   * @returns Steps.
   */
  *help(slot: number): Steps {
    const words = this.#words(slot);
    const question = Atomics.load(words, WORD.question);
    const [one, other] = [Atomics.load(words, WORD.one), Atomics.load(words, WORD.other)];
    if (question % 2 === 0) return;
    try {
      yield* answer(words, question, this.#tickets.adopt(one), this.#tickets.adopt(other));
    } catch {
      // The files may have been closed meanwhile. If not, the thread that has them meets the same failure, and tells it.
    }
  }
}

/** Compares parts until none is left, or nobody asks any more. */
function* answer(words: Int32Array, question: number, one: FileReader, other: FileReader): Steps {
  const isAsked = () => Atomics.load(words, WORD.question) === question;
  const parts = Atomics.load(words, WORD.parts);
  const start = Atomics.load(words, WORD.startHigh) * TWO_32 + (Atomics.load(words, WORD.startLow) >>> 0);
  while (isAsked()) {
    const from = Atomics.add(words, WORD.next, TAKEN_AT_ONCE);
    if (from >= parts) return;
    for (let part = from; part < Math.min(from + TAKEN_AT_ONCE, parts); part++) {
      const same = one.sameBytes(other, start + part * PART_BYTES, PART_BYTES);
      // The number of the question is the answer "the same"; nothing else ever says so.
      if (!isAsked()) return;
      if (same) Atomics.store(words, WORD.answers + part, question);
    }
    yield;
  }
}
