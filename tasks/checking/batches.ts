/**
 * Puts what has to be read together: small files several at a time, since every message costs; a large file that is
 * compared in ranges, so that all threads can work on it.
 *
 * @module
 */
import type { RelPath } from "../../lib/model/rel_path.ts";
import type { Batch, ReadBatch } from "./crew.ts";
import type { ComparePart, FileResult, Job, Look } from "./job.ts";

/** Files of one batch. */
const MOST_FILES = 64;
/** Entries of one batch, those with nothing to read included. */
const MOST_ENTRIES = 512;
/** Bytes of one batch. */
const MOST_BYTES = 4 << 20;
/** Bytes of one range of a large file. */
const RANGE_BYTES = 32 << 20;

/** What has to be read for an entry. */
export type Reading =
  | { readonly work: "hash"; readonly path: RelPath; readonly size: number }
  | {
    readonly work: "compare";
    readonly path: RelPath;
    readonly size: number;
    readonly looks: readonly [source: Look, destination: Look];
  };

/** An entry, and how many results belong to it. */
export interface Counted<Item> {
  /** The entry. */
  readonly item: Item;
  /** How many. */
  readonly results: number;
}

/**
 * Puts entries into batches.
 *
 * @param items The entries, in order.
 * @param readingOf What has to be read for one, if anything; the same work for all.
 * @returns Batches in order.
 */
export function* inBatches<Item>(
  items: Iterable<Item>,
  readingOf: (item: Item) => Reading | undefined,
): Generator<Batch<Counted<Item>>, void, undefined> {
  let batch = new Gathering<Item>();
  for (const item of items) {
    const reading = readingOf(item);
    if (!batch.takes(reading)) {
      yield batch.end();
      batch = new Gathering<Item>();
    }
    batch.add(item, reading);
  }
  yield batch.end();
}

/** A batch that is being filled. */
class Gathering<Item> {
  readonly #items: Counted<Item>[] = [];
  readonly #hashed: RelPath[] = [];
  readonly #parts: ComparePart[] = [];
  readonly #ranges: ComparePart[] = [];
  #bytes = 0;

  /** Whether there is room for one more. */
  takes(reading: Reading | undefined): boolean {
    if (this.#items.length === 0) return true;
    if (this.#items.length >= MOST_ENTRIES) return false;
    if (reading === undefined) return true;
    return this.#hashed.length + this.#parts.length < MOST_FILES && this.#bytes + reading.size <= MOST_BYTES;
  }

  add(item: Item, reading: Reading | undefined): void {
    if (reading === undefined) {
      this.#items.push({ item, results: 0 });
      return;
    }
    this.#bytes += reading.size;
    if (reading.work === "hash") {
      this.#hashed.push(reading.path);
      this.#items.push({ item, results: 1 });
      return;
    }
    const { path, size, looks } = reading;
    if (size <= RANGE_BYTES) {
      this.#parts.push({ path, position: 0, length: size, looks });
      this.#items.push({ item, results: 1 });
      return;
    }
    const ranges = Math.ceil(size / RANGE_BYTES);
    for (let range = 0; range < ranges; range++) {
      const position = range * RANGE_BYTES;
      this.#ranges.push({ path, position, length: Math.min(RANGE_BYTES, size - position), looks });
    }
    this.#items.push({ item, results: ranges });
  }

  /** Ranges are never in one batch with other files: there would be too many bytes. */
  end(): Batch<Counted<Item>> {
    const jobs: Job[] = this.#ranges.map((part) => ({ work: "compare", parts: [part] }));
    if (this.#hashed.length > 0) jobs.push({ work: "hash", files: this.#hashed });
    if (this.#parts.length > 0) jobs.push({ work: "compare", parts: this.#parts });
    return { items: this.#items, jobs };
  }
}

/**
 * Gives each entry of a batch its results.
 *
 * @param batch A batch of {@linkcode inBatches} that was read.
 * @returns Entries in order, each with what was read for it.
 */
export function* resultsOf<Item>(
  { items, results }: ReadBatch<Counted<Item>>,
): Generator<readonly [item: Item, results: readonly FileResult[]], void, undefined> {
  const all = results.flat();
  let at = 0;
  for (const { item, results: count } of items) {
    yield [item, count === 0 ? NONE : all.slice(at, at + count)];
    at += count;
  }
}

const NONE: readonly FileResult[] = [];
