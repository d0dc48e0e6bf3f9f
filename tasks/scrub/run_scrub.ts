/**
 * Runs a scrub: reads what is due, on all cores, judges it by what the catalog knows, and restores what decayed.
 *
 * @module
 */
import type { Catalog } from "../../lib/catalog/catalog.ts";
import { isAlarming, judge } from "../../lib/catalog/judge.ts";
import { asSyncError, atPath, SyncError } from "../../lib/errors.ts";
import { printable } from "../../lib/bytes/printable.ts";
import type { Env } from "../../lib/model/env.ts";
import { toFailure } from "../../lib/model/event.ts";
import { baseName, parentPath, type RelPath } from "../../lib/model/rel_path.ts";
import type { Steps } from "../../lib/model/steps.ts";
import type { Tree } from "../../lib/model/tree.ts";
import { canonicalPath, lockTree, relationOf } from "../../lib/os/open_tree.ts";
import { guardCatalogPlace } from "../catalog/catalog_place.ts";
import { openCatalog } from "../catalog/open_catalog.ts";
import { type Counted, inBatches, type Reading, resultsOf } from "../checking/batches.ts";
import { CheckingCrew, type ReadBatch } from "../checking/crew.ts";
import { FileWork } from "../checking/file_work.ts";
import type { FileResult } from "../checking/job.ts";
import { loadHash } from "../checking/load_hash.ts";
import { openForReading, readingWarnings } from "../checking/read_roots.ts";
import { Teller } from "../checking/teller.ts";
import type { ResolvedScrub } from "./options.ts";
import { type ScrubItem, ScrubQueue } from "./queue.ts";
import { Repairs } from "./repairs.ts";
import type { ScrubEvent, ScrubFinding, ScrubReport, ScrubVerdict } from "./report.ts";

/** What is scrubbed. */
export interface ScrubSubject {
  /** The directory, as it was given. */
  readonly source: string;
  /** Complete options. */
  readonly options: ResolvedScrub;
  /** The world. */
  readonly env: Env;
}

/** How a scrub is watched. */
export interface ScrubRunOptions {
  /** Stops it, beside the signal of the task; what was read is not read again. @default {undefined} */
  readonly signal?: AbortSignal;
  /** Hears every event as it happens; an action is a file that is not as it was. @default {undefined} */
  readonly onEvent?: (event: ScrubEvent) => void;
}

/** Findings that are kept for the report. */
const KEPT_FINDINGS = 1_000;
const PROGRESS_EVERY_MS = 100;

/**
 * Runs a scrub.
 *
 * @param subject What is scrubbed.
 * @param watch How it is watched and stopped.
 * @returns The report.
 * @throws {SyncError} when the tree or the catalog cannot be used, or it was stopped.
 */
export async function runScrub(subject: ScrubSubject, watch: ScrubRunOptions = {}): Promise<ScrubReport> {
  const run = new ScrubRun(subject, new Teller(subject.env, watch.onEvent));
  try {
    const signals = [subject.options.signal, watch.signal].filter((each) => each !== undefined);
    await run.run(AbortSignal.any(signals));
  } catch (thrown) {
    const error = asSyncError(thrown);
    run.ended(error);
    throw error;
  } finally {
    run.close();
  }
  return run.finished();
}

/** One run. */
class ScrubRun {
  readonly #subject: ScrubSubject;
  readonly #teller: Teller<ScrubFinding, ScrubReport>;
  readonly #root: string;
  readonly #counts = { new: 0, same: 0, touched: 0, changed: 0, suspect: 0, rotten: 0, gone: 0 };
  readonly #findings: ScrubFinding[] = [];
  readonly #open: { close(): void }[] = [];
  #catalog: Catalog | undefined;
  #queue: ScrubQueue | undefined;
  #repairs: Repairs | undefined;
  #repaired = 0;
  #nextProgress = 0;
  #files = 0;
  #bytes = 0;

  constructor(subject: ScrubSubject, teller: Teller<ScrubFinding, ScrubReport>) {
    this.#subject = subject;
    this.#teller = teller;
    this.#root = canonicalPath(subject.source);
    teller.emit({ type: "start", task: "scrub", source: subject.source, destination: "" });
  }

  async run(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw stopped();
    const { source, options, env } = this.#subject;
    const { catalog: file, algorithm, repairFrom, layer, jobs, budget, oldestFirst } = options;
    guardCatalogPlace(file, repairFrom === undefined ? [source] : [source, repairFrom]);
    const tree = this.#opened(openForReading(source, "scrub", layer));
    for (const warning of readingWarnings(tree.capabilities)) this.#teller.warn(warning);
    const onWarning = this.#teller.warn.bind(this.#teller);
    if (repairFrom !== undefined) await this.#prepareRepairs(tree, repairFrom);
    const catalog = this.#catalog = this.#opened(openCatalog({ file, algorithm }, env, onWarning));
    const queue = this.#queue = new ScrubQueue({
      ...{ tree, catalog, root: this.#root, budget, oldestFirst },
      wallClock: () => env.wallClock(),
      now: () => env.now(),
    });
    const own = new FileWork({ trees: [tree], hash: await loadHash(algorithm) });
    const crew = new CheckingCrew({ env, trees: [tree], algorithm, own, jobs, signal, onWarning });
    for await (const batch of crew.read(inBatches(queue.items(), readingOf))) await this.#take(batch, signal);
  }

  /** Whoever repairs writes, and must be alone with the tree. */
  async #prepareRepairs(tree: Tree, repairFrom: string): Promise<void> {
    const { source, options, env } = this.#subject;
    if (relationOf(source, repairFrom) !== "apart") {
      throw new SyncError("overlap", `Cannot repair "${printable(source)}" from itself or what is in it`, {
        path: repairFrom,
        hint: "name a tree on another disk",
      });
    }
    const replica = this.#opened(openForReading(repairFrom, "repair from", options.layer));
    lockTree(tree, source);
    this.#repairs = new Repairs({ tree, replica, env, hash: await loadHash(options.algorithm) });
  }

  #opened<Resource extends { close(): void }>(resource: Resource): Resource {
    this.#open.unshift(resource);
    return resource;
  }

  close(): void {
    for (const resource of this.#open.splice(0)) resource.close();
  }

  async #take(batch: ReadBatch<Counted<ScrubItem>>, signal: AbortSignal): Promise<void> {
    for (const [item, [result]] of resultsOf(batch)) {
      if (item.state === "gone") this.#gone(item.path);
      else if (item.state === "unreadable") this.#failed(item.path, item.error);
      else if (result !== undefined) await this.#judge(item, result, signal);
    }
    this.#tellProgress();
  }

  async #judge(item: ScrubItem & { readonly state: "read" }, result: FileResult, signal: AbortSignal): Promise<void> {
    const { path, known, atMs } = item;
    if ("failure" in result) {
      if (result.failure.code === "vanished") return this.#gone(path);
      return this.#teller.failed(result.failure);
    }
    if (!("digest" in result)) return;
    this.#files++;
    this.#bytes += result.entry.size;
    // Its metadata was changed while it was read: the next run looks again.
    if (result.stamp === undefined) return;
    const reading = { stamp: result.stamp, checksum: Uint8Array.fromHex(result.digest) };
    const judged = judge(known, reading);
    const isTwin = judged === "suspect" && this.#repairs?.isTwin(path, known!, result.stamp) === true;
    const verdict = isTwin ? "rotten" : judged;
    if (isAlarming(verdict)) return await this.#alarm(path, verdict, item, signal);
    this.#count(verdict);
    const [directory, name] = [parentPath(path), baseName(path)];
    if (verdict === "same") this.#catalog!.verified(this.#root, directory, name, atMs);
    else if (!this.#catalog!.record(this.#root, directory, name, reading, atMs)) return;
    this.#queue!.noted(path);
    if (verdict !== "touched" && verdict !== "same") this.#tell({ path, verdict, repaired: false });
  }

  /** What is known stays as it is: it is what the file has to become again. */
  async #alarm(
    path: RelPath,
    verdict: "rotten" | "suspect",
    { known }: ScrubItem & { readonly state: "read" },
    signal: AbortSignal,
  ): Promise<void> {
    this.#count(verdict);
    let repaired = false;
    if (verdict === "rotten" && this.#repairs !== undefined) {
      try {
        await this.#drive(this.#repairs.repair(path, known!), signal);
        repaired = true;
        this.#repaired++;
      } catch (thrown) {
        const error = asSyncError(thrown);
        if (error.code === "internal" || error.code === "cancelled" || error.code === "no-space") throw error;
        this.#failed(path, error);
      }
    }
    const finding: ScrubFinding = { path, verdict, repaired, verifiedMs: known!.verifiedMs };
    if (this.#findings.length < KEPT_FINDINGS) this.#findings.push(finding);
    this.#tell(finding);
  }

  async #drive(steps: Steps, signal: AbortSignal): Promise<void> {
    try {
      while (steps.next().done !== true) {
        await this.#subject.env.turn();
        if (signal.aborted) throw stopped();
      }
    } finally {
      steps.return();
    }
  }

  #gone(path: RelPath): void {
    this.#catalog!.forget(this.#root, parentPath(path), baseName(path));
    this.#count("gone");
    this.#tell({ path, verdict: "gone", repaired: false });
  }

  #failed(path: RelPath, error: SyncError): void {
    this.#teller.failed(toFailure(path, atPath(error, path)));
  }

  #count(verdict: ScrubVerdict): void {
    this.#counts[verdict]++;
  }

  #tell(action: ScrubFinding): void {
    this.#teller.emit({ type: "action", action });
  }

  #tellProgress(): void {
    const now = this.#subject.env.now();
    if (now < this.#nextProgress) return;
    this.#nextProgress = now + PROGRESS_EVERY_MS;
    const [files, bytes] = [this.#files, this.#bytes];
    this.#teller.emit({ type: "progress", progress: { entries: files, files, bytes, deleted: 0 } });
  }

  ended(error: SyncError): void {
    if (error.code !== "cancelled") this.#teller.ended(error);
    this.#teller.emit({ type: "end", report: this.#report("stopped") });
  }

  finished(): ScrubReport {
    const { rotten, suspect } = this.#counts;
    const isWrong = rotten + suspect > this.#repaired;
    const outcome = isWrong ? "different" : this.#teller.failureCount > 0 ? "partial" : "done";
    const report = this.#report(outcome);
    this.#teller.emit({ type: "end", report });
    return report;
  }

  #report(outcome: ScrubReport["outcome"]): ScrubReport {
    return {
      task: "scrub",
      source: this.#subject.source,
      outcome,
      isComplete: this.#queue?.isComplete ?? false,
      files: this.#files,
      bytes: this.#bytes,
      counts: { ...this.#counts },
      repaired: this.#repaired,
      findings: this.#findings,
      ...this.#teller.told,
    };
  }
}

function stopped(): SyncError {
  return new SyncError("cancelled", "Cannot finish the scrub: it was stopped");
}

function readingOf(item: ScrubItem): Reading | undefined {
  return item.state === "read" ? { work: "hash", path: item.path, size: item.size } : undefined;
}
