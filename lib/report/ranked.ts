/**
 * The worst of many things, in memory that does not grow with their number.
 *
 * @module
 */

/** Keeps what weighs most; of things that weigh the same, what came first. */
export class Ranked<Item> {
  readonly #limit: number;
  readonly #buckets = new Map<number, Item[]>();
  #count = 0;

  /** Keeps at most `limit` things. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many there were, kept or not. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds one.
   *
   * @param weight How bad it is.
   * @param make Makes it; called only when it may be among the worst.
   */
  add(weight: number, make: () => Item): void {
    this.#count++;
    const bucket = this.#buckets.get(weight);
    if (bucket === undefined) this.#buckets.set(weight, [make()]);
    else if (bucket.length < this.#limit) bucket.push(make());
  }

  /**
   * The worst.
   *
   * @returns At most `limit` things, worst first.
   */
  worst(): Item[] {
    const weights = [...this.#buckets.keys()].sort((a, b) => b - a);
    return weights.flatMap((weight) => this.#buckets.get(weight)!).slice(0, this.#limit);
  }
}
