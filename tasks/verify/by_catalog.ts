/**
 * A judge that spares reading what a catalog knows, and tells what decayed.
 *
 * @module
 */
import type { Finding } from "../../lib/compare/finding.ts";
import type { Entry } from "../../lib/model/entry.ts";
import type { Paired } from "../../lib/scan/merge_ordered.ts";
import type { Reading } from "../checking/batches.ts";
import type { FileResult } from "../checking/job.ts";
import type { Judge } from "./judge.ts";
import type { KnownSides } from "./sides.ts";

/**
 * Puts a catalog before a judge.
 *
 * @param judge Judges by what was read.
 * @param known What the catalog knows; `undefined` without one.
 * @returns A judge that finds the same, and `"rotten"` where a file decayed since the catalog heard of it.
 */
export function byCatalog<Source>(judge: Judge<Source>, known: KnownSides | undefined): Judge<Source> {
  return known === undefined ? judge : new CatalogJudge(judge, known);
}

class CatalogJudge<Source> implements Judge<Source> {
  readonly #judge: Judge<Source>;
  readonly #known: KnownSides;

  constructor(judge: Judge<Source>, known: KnownSides) {
    this.#judge = judge;
    this.#known = known;
  }

  readingOf(paired: Paired<Source, Entry>): Reading | undefined {
    const { path } = paired;
    const stamp = this.#known.stamps.get(path);
    this.#known.stamps.delete(path);
    const reading = this.#judge.readingOf(paired);
    return reading !== undefined && stamp !== undefined && this.#known.digests.knows(path, stamp) ? undefined : reading;
  }

  judge(paired: Paired<Source, Entry>, results: readonly FileResult[]): Finding {
    const { path, destination } = paired;
    const digest = this.#known.digests.take(path);
    if (digest !== undefined && destination !== undefined) {
      return this.#judge.judge(paired, [{ digest, entry: destination, stamp: undefined }]);
    }
    const found = this.#judge.judge(paired, results);
    const [result] = results;
    const isRotten = result !== undefined && "digest" in result && this.#known.digests.note(path, result) === "rotten";
    return isRotten && found.finding !== "unreadable" ? { ...found, finding: "rotten" } : found;
  }
}
