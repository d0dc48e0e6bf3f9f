/**
 * The directories that are still to be visited, shared by threads. Each thread keeps its own stack and works depth
 * first, so no thread waits for another while it has work; when somebody is hungry, a thread that has several
 * directories gives the oldest half of them away. The shared part is a block of memory with a lock: no messages, no
 * promises. A counter of unfinished directories tells when the walk is over.
 *
 * @module
 */
import { decodeName, encodeName } from "../bytes/name.ts";
import type { RelPath } from "../model/rel_path.ts";

/** A directory to visit. */
export interface Pending {
  /** Where it is. */
  readonly path: RelPath;
  /** Bits that the walker gives a meaning. */
  readonly flags: number;
  /** Where it is at the destination, while that is not under its own path. @default {the same} */
  readonly at?: RelPath | undefined;
}

const HEADER_WORDS = 8;
const LOCK = 0;
const WAKE = 1;
const UNFINISHED = 2;
const HUNGRY = 3;
const USED = 4;
const STOPPED = 5;
/** Bytes after each path in the shared stack: its length and its flags. */
const TRAILER = 8;
/** Between two paths: no name holds it. */
const BETWEEN = "\0";
const SHARED_BYTES = 1 << 20;
const SPINS = 2_000;

/**
 * Makes the memory that the threads of one walk share.
 *
 * @returns The memory, empty.
 */
export function frontierMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_WORDS * 4 + SHARED_BYTES);
}

/** One thread's view of the frontier. */
export class Frontier {
  readonly #header: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #own: Pending[] = [];

  /** Joins a walk. */
  constructor(memory: SharedArrayBuffer) {
    this.#header = new Int32Array(memory, 0, HEADER_WORDS);
    this.#bytes = new Uint8Array(memory, HEADER_WORDS * 4);
    this.#view = new DataView(memory, HEADER_WORDS * 4);
  }

  /** Adds a directory. */
  push(path: RelPath, flags: number, at?: RelPath): void {
    Atomics.add(this.#header, UNFINISHED, 1);
    this.#own.push(at === undefined ? { path, flags } : { path, flags, at });
  }

  /** Takes a directory to visit, from the own stack or from what others gave; `undefined` when there is none now. */
  take(): Pending | undefined {
    return this.#own.pop() ?? this.#takeShared();
  }

  /** Says that a directory that was taken is finished, after its children were pushed. */
  done(): void {
    if (Atomics.sub(this.#header, UNFINISHED, 1) === 1) this.#wake();
  }

  /** Whether there are directories that another thread could take. */
  get canShare(): boolean {
    return this.#own.length >= 2;
  }

  /** Gives directories to hungry threads, if there are both. */
  share(): void {
    if (Atomics.load(this.#header, HUNGRY) === 0 || !this.canShare) return;
    const give = this.#own.length >> 1;
    let given = 0;
    this.#locked(() => {
      while (given < give && this.#pushShared(this.#own[given]!)) given++;
    });
    this.#own.splice(0, given);
    if (given > 0) this.#wake();
  }

  /** Whether every directory is finished. */
  get finished(): boolean {
    return Atomics.load(this.#header, UNFINISHED) === 0;
  }

  /** Whether the walk was told to stop. */
  get stopped(): boolean {
    return Atomics.load(this.#header, STOPPED) !== 0;
  }

  /** Tells all threads to stop. */
  stop(): void {
    Atomics.store(this.#header, STOPPED, 1);
    this.#wake();
  }

  /** Drops what is left, so that the same memory serves the next walk. Only when no thread works. */
  reset(): void {
    this.#own.length = 0;
    Atomics.store(this.#header, UNFINISHED, 0);
    Atomics.store(this.#header, USED, 0);
  }

  /** Sleeps until there may be something to take, or for a while. Blocks the thread. */
  wait(timeoutMs: number): void {
    const seen = this.#hunger();
    if (seen !== undefined) Atomics.wait(this.#header, WAKE, seen, timeoutMs);
    Atomics.sub(this.#header, HUNGRY, 1);
  }

  /** The same without blocking the thread. */
  async waitAsync(timeoutMs: number): Promise<void> {
    const seen = this.#hunger();
    if (seen !== undefined) await Atomics.waitAsync(this.#header, WAKE, seen, timeoutMs).value;
    Atomics.sub(this.#header, HUNGRY, 1);
  }

  /** Counts this thread as hungry; answers what to wait on, or `undefined` when there is no need to wait. */
  #hunger(): number | undefined {
    const seen = Atomics.load(this.#header, WAKE);
    Atomics.add(this.#header, HUNGRY, 1);
    const idle = Atomics.load(this.#header, USED) === 0 && !this.finished && !this.stopped;
    return idle ? seen : undefined;
  }

  #wake(): void {
    Atomics.add(this.#header, WAKE, 1);
    Atomics.notify(this.#header, WAKE);
  }

  #pushShared({ path, flags, at }: Pending): boolean {
    const name = encodeName(at === undefined ? path : path + BETWEEN + at);
    const used = Atomics.load(this.#header, USED);
    if (used + name.length + TRAILER > this.#bytes.length) return false;
    this.#bytes.set(name, used);
    this.#view.setUint32(used + name.length, name.length);
    this.#view.setUint32(used + name.length + 4, flags);
    Atomics.store(this.#header, USED, used + name.length + TRAILER);
    return true;
  }

  #takeShared(): Pending | undefined {
    if (Atomics.load(this.#header, USED) === 0) return undefined;
    return this.#locked(() => {
      const used = Atomics.load(this.#header, USED);
      if (used === 0) return undefined;
      const length = this.#view.getUint32(used - TRAILER);
      const flags = this.#view.getUint32(used - TRAILER + 4);
      const start = used - TRAILER - length;
      Atomics.store(this.#header, USED, start);
      const [path, at] = decodeName(this.#bytes.slice(start, start + length)).split(BETWEEN) as RelPath[];
      return at === undefined ? { path: path!, flags } : { path: path!, flags, at };
    });
  }

  #locked<Result>(critical: () => Result): Result {
    for (let spins = 0; Atomics.compareExchange(this.#header, LOCK, 0, 1) !== 0; spins++) {
      if (spins > SPINS) Atomics.wait(this.#header, LOCK, 1, 1);
    }
    try {
      return critical();
    } finally {
      Atomics.store(this.#header, LOCK, 0);
      Atomics.notify(this.#header, LOCK, 1);
    }
  }
}
