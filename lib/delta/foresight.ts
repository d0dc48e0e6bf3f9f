/**
 * What is known of a stretch of the new file before the matcher comes there: another thread has searched it with a
 * matcher of its own, and tells at which windows it met a known weak sum, and their strong sums.
 *
 * Only what was found is told, not what was decided: a matcher with foresight decides as one without, and gives the
 * same instructions. It searches by itself what the other one jumped over.
 *
 * @module
 */

/** Windows that a matcher met. */
export interface Foresight {
  /** Position of the first window that was searched. */
  readonly from: number;
  /** Position behind the last one. */
  readonly to: number;
  /** Positions of windows with known weak sums, ascending. */
  readonly positions: Float64Array;
  /** Their weak sums. */
  readonly weakSums: Uint32Array;
  /** Their whole strong sums, one behind the other. */
  readonly strongSums: Uint8Array;
  /** Whether each was jumped over (1) or moved on from by a byte (0). */
  readonly isJump: Uint8Array;
}

/** Writes down what a matcher meets. */
export class ForesightRecorder {
  readonly #positions: number[] = [];
  readonly #weakSums: number[] = [];
  readonly #strongSums: Uint8Array[] = [];
  readonly #isJump: number[] = [];
  #end: number | undefined;

  /** Adds a window; `strong` is copied. */
  add(position: number, weak: number, strong: Uint8Array, isJump: boolean): void {
    if (this.#end !== undefined) return;
    this.#positions.push(position);
    this.#weakSums.push(weak);
    this.#strongSums.push(strong.slice());
    this.#isJump.push(isJump ? 1 : 0);
  }

  /** Ends at a window of which only the weak sum is known. */
  stop(position: number): void {
    this.#end ??= position;
  }

  /** What was written down of windows from `from` to `to`. */
  finish(from: number, to: number): Foresight {
    const size = this.#strongSums[0]?.length ?? 0;
    const strongSums = new Uint8Array(size * this.#strongSums.length);
    this.#strongSums.forEach((sum, at) => strongSums.set(sum, at * size));
    return {
      from,
      to: Math.min(to, this.#end ?? to),
      positions: Float64Array.from(this.#positions),
      weakSums: Uint32Array.from(this.#weakSums),
      strongSums,
      isJump: Uint8Array.from(this.#isJump),
    };
  }
}

/** Answers the questions of a matcher, whose positions only grow. */
export class Outlook {
  readonly #blockLength: number;
  #stretches: Foresight[] = [];
  /** In the first stretch, how many windows are at or before the position that was asked for. */
  #passed = 0;

  /** For windows of a length. */
  constructor(blockLength: number) {
    this.#blockLength = blockLength;
  }

  /** Takes what is known of the next stretch. */
  add(stretch: Foresight): void {
    this.#stretches.push(stretch);
  }

  /**
   * Looks ahead.
   *
   * @param position Where the window is.
   * @returns How many windows from there on are known to have no known weak sum (a positive number), how many have to
   * be searched (a negative number), or 0: the window itself is one that was met.
   */
  from(position: number): number {
    const stretch = this.#stretchAt(position);
    if (stretch === undefined) return -Infinity;
    const { from, to, positions, isJump } = stretch;
    if (position < from) return position - from;
    while ((positions[this.#passed] ?? Infinity) <= position) this.#passed++;
    const last = positions[this.#passed - 1] ?? -Infinity;
    if (last === position) return 0;
    const landed = last + this.#blockLength;
    if (isJump[this.#passed - 1] === 1 && position < landed) return position - landed;
    return Math.min(positions[this.#passed] ?? to, to) - position;
  }

  #stretchAt(position: number): Foresight | undefined {
    for (;;) {
      const [stretch] = this.#stretches;
      if (stretch === undefined || position < stretch.to) return stretch;
      this.#stretches.shift();
      this.#passed = 0;
    }
  }

  /** Weak and strong sum of the window that {@linkcode from} has just found. */
  met(): { readonly weak: number; readonly strong: Uint8Array } {
    const [stretch] = this.#stretches;
    const at = this.#passed - 1;
    const size = stretch === undefined ? 0 : stretch.strongSums.length / stretch.positions.length;
    return {
      weak: stretch?.weakSums[at] ?? 0,
      strong: stretch?.strongSums.subarray(at * size, (at + 1) * size) ?? new Uint8Array(0),
    };
  }
}
