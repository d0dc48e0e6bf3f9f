/**
 * Events for programs: one JSON object a line. Fields are only ever added; a reader skips what it does not know.
 * The first record is `start`, the last is `summary`, whatever happened in between; between them are `item`, `finding`,
 * `status`, `warning` and `error`. `ndjson.schema.json` describes them all.
 *
 * Paths are text; a path that is not UTF-8 has its exact bytes in a second field (`pathBytes`, `toBytes`,
 * `targetBytes`: base64). Times are decimal seconds as text, sizes are numbers, modes are octal text.
 *
 * @module
 */
import { jsonPath, printable } from "../bytes/printable.ts";
import { encodeName, isUnicodeName } from "../bytes/name.ts";
import type { Finding, KnownEntry } from "../compare/finding.ts";
import type { SyncErrorCode } from "../errors.ts";
import { type Cause, causeOf } from "../model/cause.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Entry } from "../model/entry.ts";
import type { Failure, Progress } from "../model/event.ts";
import type { Action, Basis } from "../plan/action.ts";
import { whyText } from "./why.ts";
import { decimalTime } from "../bytes/quantities.ts";
import type { ToldDelta, ToldRange } from "./delta_columns.ts";
import type { ReportDocument, ReportHead, ReportSummary } from "./document.ts";

/** Version of the records. It changes only when a field changes its meaning. */
export const NDJSON_VERSION = 1;

/**
 * A report of records.
 *
 * @param explains Whether each step says why in words. @default {false}
 * @returns The report, to be told.
 */
export function ndjsonDocument(explains: boolean = false): ReportDocument {
  return {
    start: startRecord,
    action: (action) => itemRecord(action, explains),
    finding: findingRecord,
    warning: warningRecord,
    failure: errorRecord,
    end: summaryRecord,
  };
}

/**
 * The first record.
 *
 * @param head Name of the task, its source and its destination.
 * @returns One line with its end, as all functions here.
 */
export function startRecord({ task, source, destination }: ReportHead): string {
  return record("start", {
    task,
    ...(source === undefined ? {} : named("source", source)),
    ...(destination === undefined ? {} : named("destination", destination)),
  });
}

/**
 * The record for one action.
 *
 * @param action A step of a plan.
 * @param explains Whether it says why in words, as `why`. @default {false}
 * @returns One line.
 */
export function itemRecord(action: Action, explains: boolean = false): string {
  return record("item", {
    op: action.op,
    ...jsonPath(action.path),
    ...(action.op === "link" ? named("to", action.to) : {}),
    ...(action.op === "write-file" && action.basis !== undefined ? { basis: basisRecord(action.basis) } : {}),
    ...(action.op === "move" ? { ...named("from", action.from), entries: action.entries, bytes: action.bytes } : {}),
    reasons: action.reasons,
    ...(explains ? { why: whyText(action) } : {}),
    ...("want" in action ? { want: entryRecord(action.want) } : {}),
    ...(action.have === undefined ? {} : { have: entryRecord(action.have) }),
  });
}

/**
 * The record for one finding.
 *
 * @param finding What a comparison found at one path.
 * @returns One line.
 */
export function findingRecord({ finding, path, want, have, differences, failure }: Finding): string {
  return record("finding", {
    finding,
    ...jsonPath(path),
    ...(differences.length === 0 ? {} : { differences }),
    ...(want === undefined ? {} : { want: knownRecord(want) }),
    ...(have === undefined ? {} : { have: knownRecord(have) }),
    ...(failure === undefined ? {} : { error: errorFields(failure) }),
  });
}

/**
 * The record for progress.
 *
 * @param progress Counts so far.
 * @returns One line.
 */
export function statusRecord(progress: Progress): string {
  return record("status", { ...progress });
}

/**
 * The record for a warning.
 *
 * @param warning What this machine cannot keep, or what is odd about an entry.
 * @param entry The entry, when it is about one. @default {undefined}
 * @returns One line.
 */
export function warningRecord({ name, message }: Degradation, entry?: Failure): string {
  const about = entry === undefined ? {} : { ...jsonPath(entry.path), code: entry.code, ...causeField(entry.code) };
  return record("warning", { ...about, name, message });
}

/**
 * The record for an entry that failed.
 *
 * @param failure The failure.
 * @returns One line.
 */
export function errorRecord(failure: Failure): string {
  return record("error", { ...jsonPath(failure.path), ...errorFields(failure) });
}

function errorFields({ code, message, hint, side }: Failure): object {
  return {
    code,
    ...causeField(code),
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(side === undefined ? {} : { side }),
  };
}

/**
 * The last record.
 *
 * @param summary How it ended.
 * @returns One line.
 */
export function summaryRecord(summary: ReportSummary): string {
  return record("summary", { ...summary });
}

/**
 * The record for a range of a file of which a delta is explained.
 *
 * @param range The range.
 * @returns One line.
 */
export function rangeRecord(range: ToldRange): string {
  return record("range", range);
}

/**
 * The record for what a delta would be.
 *
 * @param told What it would be; the names are in the first record.
 * @returns One line.
 */
export function deltaRecord({ old: _old, fresh: _fresh, ...told }: ToldDelta): string {
  return record("delta", told);
}

/**
 * A record of a type of its own, such as the answer of `doctor`.
 *
 * @param type Its type.
 * @param fields What it says; must be plain data.
 * @returns One line.
 */
export function record(type: string, fields: object): string {
  // JSON.stringify escapes lone surrogates and control characters, but leaves U+2028 and U+2029, which some line
  // readers take for line ends.
  const json = JSON.stringify({ v: NDJSON_VERSION, type, ...fields });
  return `${json.replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029")}\n`;
}

function causeField(code: SyncErrorCode): { readonly cause?: Cause } {
  const cause = causeOf(code);
  return cause === undefined ? {} : { cause };
}

function basisRecord({ index, links, found }: Basis): object {
  return { index, links, found: entryRecord(found) };
}

/**
 * An entry as a field of a record.
 *
 * @param entry What is known of it.
 * @returns Plain data.
 */
export function entryRecord(entry: Entry): object {
  return knownRecord(entry);
}

/** What a manifest says is less than what a tree does. */
function knownRecord(entry: KnownEntry): object {
  const { mtimeSeconds, mtimeNanoseconds = 0 } = entry;
  return {
    kind: entry.kind,
    ...(entry.mode === undefined ? {} : { mode: entry.mode.toString(8).padStart(4, "0") }),
    ...(entry.uid === undefined ? {} : { uid: entry.uid }),
    ...(entry.gid === undefined ? {} : { gid: entry.gid }),
    ...(entry.size === undefined ? {} : { size: entry.size }),
    ...(mtimeSeconds === undefined ? {} : { mtime: decimalTime(mtimeSeconds, mtimeNanoseconds) }),
    ...(entry.digest === undefined ? {} : { digest: entry.digest }),
    ...(entry.target === undefined ? {} : named("target", entry.target)),
    ...(entry.device === undefined ? {} : { device: entry.device }),
    ...(entry.xattrs === undefined ? {} : { xattrs: entry.xattrs }),
  };
}

/**
 * A path under another key than `path`, with its bytes when it is not UTF-8.
 *
 * @param key The key.
 * @param path The path.
 * @returns One field or two.
 */
export function named(key: string, path: string): Record<string, string> {
  if (isUnicodeName(path)) return { [key]: path };
  return { [key]: printable(path), [`${key}Bytes`]: encodeName(path).toBase64() };
}
