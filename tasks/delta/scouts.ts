/**
 * Threads that search a new file ahead of the matcher that makes its delta.
 *
 * @module
 */
import type { Foresight } from "../../lib/delta/foresight.ts";
import type { Matcher } from "../../lib/delta/matcher.ts";
import type { Signature } from "../../lib/delta/signature.ts";
import { inThreads } from "./crew.ts";
import { SCOUTED_BYTES, type Segment, segmentsOf } from "./segment.ts";

/** What is known of this many segments may wait for the matcher, for each thread. */
const AHEAD = 4;

/** Tells a matcher what the threads have found out, in time. */
export class Scouts {
  readonly #segments: readonly Segment[];
  readonly #found: AsyncGenerator<Foresight>;
  #told = 0;

  /** Plans the work; the threads start when the first result is needed. */
  constructor(path: string, size: number, signature: Signature, jobs: number) {
    this.#segments = segmentsOf(size, signature.blockLength, SCOUTED_BYTES);
    this.#found = inThreads({ work: "scout", path, signature }, this.#segments, { jobs, ahead: AHEAD });
  }

  /** Tells a matcher all about the bytes before a position. */
  async tell(matcher: Matcher, position: number): Promise<void> {
    while ((this.#segments[this.#told]?.from ?? Infinity) < position) {
      this.#told++;
      const next = await this.#found.next();
      if (next.done !== true) matcher.foresee(next.value);
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#found.return(undefined);
  }
}
