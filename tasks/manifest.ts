/**
 * The manifest task: the checksums of all files of a directory, in the form that `sha256sum` and its like read.
 *
 * @module
 */
import { encodeName } from "../lib/bytes/name.ts";
import { manifestHead, manifestLines } from "../lib/manifest/write_line.ts";
import { environment } from "../lib/os/env.ts";
import { type ByteTask, ProducedBytes } from "./delta/byte_task.ts";
import { makeManifest, type ManifestSubject, type ManifestWatch } from "./manifest/make_manifest.ts";
import { type ManifestOptions, resolveManifest } from "./manifest/options.ts";
import type { ManifestEvent, ManifestReport } from "./manifest/report.ts";
import { streamOf } from "./stream.ts";

/** How a manifest is watched. */
export interface ManifestRunOptions {
  /** Stops it, beside the signal of the task. @default {undefined} */
  readonly signal?: AbortSignal;
  /** Hears every event as it happens; an action is an entry with its checksum. @default {undefined} */
  readonly onEvent?: (event: ManifestEvent) => void;
}

/** A manifest that can be made, watched, or written. Nothing happens before one of its methods is called. */
export interface ManifestTask {
  /** The directory. */
  readonly source: string;
  /** Takes all checksums, and tells of each entry. */
  run(options?: ManifestRunOptions): Promise<ManifestReport>;
  /** The same as {@linkcode run}, as a stream of events; leaving the loop stops it. */
  stream(options?: Omit<ManifestRunOptions, "onEvent">): AsyncIterable<ManifestEvent>;
  /** The manifest as a file: its bytes are made as they are asked for, and entries that fail are told in `onEvent`. */
  lines(options?: ManifestRunOptions): ByteTask<ManifestReport>;
}

/**
 * Takes the checksums of all files below a directory, on all cores, in the order of their paths. Symlinks, directories
 * and special files stand in comments.
 *
 * @param source Path of a directory.
 * @param options Which checksums, of what, and how they are written.
 * @returns A task. Its methods throw {@linkcode SyncError} code `"source-missing"` or `"source-not-directory"` when there
 * is no directory, `"filter-invalid"` when a filter cannot be used, `"cancelled"` when it was stopped. What cannot be
 * read is left out, and told in the report.
 * @throws {RangeError} when an option is out of its range.
 *
 * @example Write a file that `sha256sum -c` reads
 * ```ts
 * import { manifest } from "undrift";
 *
 * const report = await manifest("photos").lines().writeTo("photos.sha256");
 * console.log(report.files, "files,", report.failureCount, "failed");
 * ```
 */
export function manifest(source: string, options: ManifestOptions = {}): ManifestTask {
  const env = environment();
  const subject = { source, options: resolveManifest(options, env.cores), env };
  const run = async (watch: ManifestRunOptions = {}) => await reportOf(subject, watch);
  return {
    source,
    run,
    stream: (watch = {}) => streamOf(run, watch),
    lines: (watch = {}) => new ProducedBytes((signal) => linesOf(subject, joined(watch, signal))),
  };
}

function joined({ signal, onEvent }: ManifestRunOptions, other: AbortSignal | undefined): ManifestWatch {
  const signals = [signal, other].filter((each) => each !== undefined);
  return { onEvent, signal: AbortSignal.any(signals) };
}

async function reportOf(subject: ManifestSubject, watch: ManifestWatch): Promise<ManifestReport> {
  const entries = makeManifest(subject, watch);
  for (;;) {
    const next = await entries.next();
    if (next.done === true) return next.value;
  }
}

async function* linesOf(subject: ManifestSubject, watch: ManifestWatch): AsyncGenerator<Uint8Array, ManifestReport> {
  const { form } = subject.options;
  const entries = makeManifest(subject, watch);
  try {
    let text = manifestHead(form);
    for (;;) {
      const next = await entries.next();
      if (next.done !== true) text += next.value.map((entry) => manifestLines(entry, form)).join("");
      if (text !== "") yield encodeName(text);
      if (next.done === true) return next.value;
      text = "";
    }
  } finally {
    await entries.return(undefined as never); // stops it, when the reader has had enough
  }
}
