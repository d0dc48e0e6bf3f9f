/**
 * Takes the checksums of a tree, in its order, on all threads.
 *
 * @module
 */

import { printable } from "../../lib/bytes/printable.ts";
import { asSyncError, atSide, SyncError } from "../../lib/errors.ts";
import { type ManifestEntry, manifestEntry } from "../../lib/manifest/entry.ts";
import type { Entry } from "../../lib/model/entry.ts";
import type { Env } from "../../lib/model/env.ts";
import { type Failure, toError, toFailure } from "../../lib/model/event.ts";
import type { RelPath } from "../../lib/model/rel_path.ts";
import type { Tree } from "../../lib/model/tree.ts";
import { type Ordered, walkInOrder } from "../../lib/scan/ordered_walk.ts";
import { type KnownDigests, openKnownDigests } from "../catalog/known_digests.ts";
import { type Counted, inBatches, type Reading, resultsOf } from "../checking/batches.ts";
import { CheckingCrew, type ReadBatch } from "../checking/crew.ts";
import { FileWork } from "../checking/file_work.ts";
import { loadHash } from "../checking/load_hash.ts";
import { openForReading, readingWarnings, selectIn } from "../checking/read_roots.ts";
import { Teller } from "../checking/teller.ts";
import type { ResolvedManifest } from "./options.ts";
import type { ManifestEvent, ManifestReport } from "./report.ts";

/** What a manifest is made of. */
export interface ManifestSubject {
  /** The directory, as it was given. */
  readonly source: string;
  /** Complete options. */
  readonly options: ResolvedManifest;
  /** The world. */
  readonly env: Env;
}

/** How it is watched. */
export interface ManifestWatch {
  /** Stops it, beside the signal of the task. @default {undefined} */
  readonly signal?: AbortSignal | undefined;
  /** Hears every event as it happens. @default {undefined} */
  readonly onEvent?: ((event: ManifestEvent) => void) | undefined;
}

/** What was done so far. */
interface Counts {
  entries: number;
  files: number;
  bytes: number;
}

/** What is told while it is made. */
type ManifestTeller = Teller<ManifestEntry, ManifestReport>;

/**
 * Makes a manifest.
 *
 * @param subject What of.
 * @param watch How it is watched.
 * @returns The entries in order, some at a time; what is returned behind them is the report.
 * @throws {SyncError} when the directory cannot be opened, or it was stopped.
 */
export async function* makeManifest(
  subject: ManifestSubject,
  watch: ManifestWatch,
): AsyncGenerator<readonly ManifestEntry[], ManifestReport> {
  const { source, options, env } = subject;
  const teller: ManifestTeller = new Teller(env, watch.onEvent);
  const counts = { entries: 0, files: 0, bytes: 0 };
  const report = (outcome: ManifestReport["outcome"]): ManifestReport => {
    const { algorithm } = options.form;
    return { task: "manifest", source, outcome, algorithm, ...counts, ...teller.told };
  };
  teller.emit({ type: "start", task: "manifest", source, destination: "" });
  let tree: Tree | undefined;
  let known: KnownDigests | undefined;
  try {
    tree = openForReading(source, "make a manifest of", options.layer ?? "auto");
    for (const warning of readingWarnings(tree.capabilities)) teller.warn(warning);
    const { form: { algorithm } } = options;
    known = await openKnownDigests({ options, source, algorithm, env, warn: (warning) => teller.warn(warning) });
    const signals = [options.signal, watch.signal].filter((each) => each !== undefined);
    for await (const batch of await readTree(subject, { tree, known }, teller, AbortSignal.any(signals))) {
      const entries = entriesOf(batch, counts, teller, known);
      for (const entry of entries) teller.emit({ type: "action", action: entry });
      teller.progress(counts);
      if (entries.length > 0) yield entries;
    }
  } catch (thrown) {
    const error = asSyncError(thrown);
    if (error.code !== "cancelled") teller.ended(error);
    teller.emit({ type: "end", report: report("stopped") });
    throw error;
  } finally {
    known?.close();
    tree?.close();
  }
  const ended = report(teller.failureCount === 0 ? "done" : "partial");
  teller.emit({ type: "end", report: ended });
  return ended;
}

/** Walks the tree and has its files read. */
async function readTree(
  { source, options, env }: ManifestSubject,
  { tree, known }: { readonly tree: Tree; readonly known: KnownDigests | undefined },
  teller: ManifestTeller,
  signal: AbortSignal,
): Promise<AsyncIterable<ReadBatch<Counted<Ordered<Entry>>>>> {
  const { algorithm } = options.form;
  const { selections: [selectionIn], missing } = await selectIn(options, {
    paths: [source],
    trees: [tree],
    now: env.wallClock(),
  });
  for (const { path, error } of missing) teller.failed(toFailure(path, error));
  const hash = await loadHash(algorithm);
  const own = new FileWork({ trees: [tree], hash });
  const onWarning = teller.warn.bind(teller);
  const crew = new CheckingCrew({ env, trees: [tree], algorithm, own, jobs: options.jobs, signal, onWarning });
  const stamps = known !== undefined;
  const walk = walkInOrder(tree, { extras: { targets: true, xattrs: undefined }, selectionIn, stamps });
  return crew.read(inBatches(walk, (item) => readingOf(item, known)));
}

function readingOf(item: Ordered<Entry>, known: KnownDigests | undefined): Reading | undefined {
  if (item.state !== "there" || item.known.kind !== "file") return undefined;
  if (item.stamp !== undefined && known?.knows(item.path, item.stamp) === true) return undefined;
  return { work: "hash", path: item.path, size: item.known.size };
}

function entriesOf(
  batch: ReadBatch<Counted<Ordered<Entry>>>,
  counts: Counts,
  teller: ManifestTeller,
  known: KnownDigests | undefined,
): ManifestEntry[] {
  const entries: ManifestEntry[] = [];
  for (const [item, [result]] of resultsOf(batch)) {
    if (item.state === "unreadable") teller.failed(toFailure(item.path, atSide(item.error, "source")));
    if (item.state !== "there") continue;
    if (result === undefined) {
      if (item.known.kind === "file") counts.files++;
      entries.push(manifestEntry(item.path, item.known, known?.take(item.path)));
    } else if ("digest" in result) {
      if (known?.note(item.path, result) === "rotten") {
        teller.failed(rottenFailure(item.path));
        continue;
      }
      counts.files++;
      counts.bytes += result.entry.size;
      entries.push(manifestEntry(item.path, result.entry, result.digest));
    } else if ("failure" in result) teller.failed(ofSource(result.failure));
  }
  counts.entries += entries.length;
  return entries;
}

/** Nobody can vouch for what it holds, so that it is no part of what later runs are held against. */
function rottenFailure(path: RelPath): Failure {
  const message = `Cannot vouch for "${printable(path)}": its content changed although nothing was written since it ` +
    "was recorded";
  const hint = "restore it from a good copy, such as with undrift verify --catalog FILE --repair-from TREE DIR";
  return toFailure(path, new SyncError("source-rotten", message, { path, side: "source", hint }));
}

function ofSource(failure: Failure): Failure {
  return toFailure(failure.path, atSide(toError(failure), "source"));
}
