/**
 * What has to be read of a pair of entries, and what is found then.
 *
 * @module
 */
import { metadataDifferences, momentDiffers } from "../../lib/compare/entry_differences.ts";
import type { Difference } from "../../lib/compare/differences.ts";
import type { Finding, FindingKind, KnownEntry } from "../../lib/compare/finding.ts";
import { atSide } from "../../lib/errors.ts";
import type { ManifestEntry } from "../../lib/manifest/entry.ts";
import type { Entry } from "../../lib/model/entry.ts";
import { type Failure, toFailure } from "../../lib/model/event.ts";
import type { Paired } from "../../lib/scan/merge_ordered.ts";
import type { Reading } from "../checking/batches.ts";
import { type FileResult, lookOf } from "../checking/job.ts";

/** How entries are compared. */
export interface JudgeRules {
  /** Whether metadata counts. */
  readonly metadata: boolean;
  /** Largest difference of times that counts as none. */
  readonly windowNanoseconds: number;
}

/** Judges pairs of one comparison. */
export interface Judge<Source> {
  /** What has to be read of a pair, if anything. */
  readingOf(paired: Paired<Source, Entry>): Reading | undefined;
  /** What is found, once it was read. */
  judge(paired: Paired<Source, Entry>, results: readonly FileResult[]): Finding;
}

/**
 * Judges entries of two trees.
 *
 * @param rules How they are compared.
 * @returns The judge.
 */
export function treeJudge(rules: JudgeRules): Judge<Entry> {
  return {
    readingOf({ path, source, destination }) {
      if (source?.kind !== "file" || destination?.kind !== "file") return undefined;
      const { size } = source;
      if (size !== destination.size || size === 0) return undefined;
      return { work: "compare", path, size, looks: [lookOf(source), lookOf(destination)] };
    },
    judge: (paired, results) =>
      judgePair(paired, paired.source, results, rules, (source, have) => {
        const found: Difference[] = rules.metadata ? metadataDifferences(source, have, rules.windowNanoseconds) : [];
        if (source.kind === "file" && source.size !== have.size) found.unshift("size");
        else if (results.some((result) => "same" in result && !result.same)) found.unshift("content");
        return found;
      }),
  };
}

/**
 * Judges entries of a tree by a manifest.
 *
 * @param rules How they are compared.
 * @returns The judge.
 */
export function manifestJudge(rules: JudgeRules): Judge<ManifestEntry> {
  return {
    readingOf({ path, source, destination }) {
      if (source?.kind !== "file" || destination?.kind !== "file") return undefined;
      const isOfOtherSize = source.recorded !== undefined && source.recorded.size !== destination.size;
      return isOfOtherSize ? undefined : { work: "hash", path, size: destination.size };
    },
    judge: (paired, results) =>
      judgePair(paired, paired.source && knownOf(paired.source), results, rules, (source, have) => {
        if (source.kind !== "file") return [];
        if (source.size !== undefined && source.size !== have.size) return ["size"];
        const [result] = results;
        return result !== undefined && "digest" in result && result.digest !== source.digest ? ["content"] : [];
      }),
  };
}

function knownOf({ path: _path, recorded, ...known }: ManifestEntry): KnownEntry {
  return { ...known, ...recorded };
}

/** The part that both have in common; `compare` tells of two entries of one kind in what they differ. */
function judgePair<Source extends KnownEntry>(
  { path, destination: have, unreadable }: Paired<unknown, Entry>,
  want: Source | undefined,
  results: readonly FileResult[],
  rules: JudgeRules,
  compare: (want: Source, have: Entry) => readonly Difference[],
): Finding {
  const sides = { ...(want === undefined ? {} : { want }), ...(have === undefined ? {} : { have }) };
  const found = (finding: FindingKind, differences: readonly Difference[] = []): Finding => {
    return { finding, path, ...sides, differences };
  };
  const failure = unreadable === undefined
    ? failureIn(results)
    : toFailure(path, atSide(unreadable.error, unreadable.side));
  if (failure !== undefined) return { ...found("unreadable"), failure };
  if (have === undefined) return found("missing");
  if (want === undefined) return found("extra");
  if (want.kind !== have.kind) return found("type");
  const differences = [...linkDifferences(want, have), ...compare(want, have)];
  if (!differences.some((each) => CONTENT.has(each))) {
    return differences.length === 0 ? found("same") : found("metadata", differences);
  }
  return found(hasOtherTime(want, have, rules) ? "changed" : "content", differences);
}

const CONTENT: ReadonlySet<Difference> = new Set<Difference>(["size", "content", "target", "device"]);

function failureIn(results: readonly FileResult[]): Failure | undefined {
  for (const result of results) if ("failure" in result) return result.failure;
  return undefined;
}

function linkDifferences(want: KnownEntry, have: Entry): Difference[] {
  const found: Difference[] = [];
  if (want.kind === "symlink" && want.target !== have.target) found.push("target");
  if (String(want.device) !== String(have.device)) found.push("device");
  return found;
}

/** Where no time is known, it is not said that there is another. */
function hasOtherTime({ mtimeSeconds, mtimeNanoseconds }: KnownEntry, have: Entry, rules: JudgeRules): boolean {
  if (mtimeSeconds === undefined || mtimeNanoseconds === undefined) return false;
  return momentDiffers({ mtimeSeconds, mtimeNanoseconds }, have, rules.windowNanoseconds);
}
