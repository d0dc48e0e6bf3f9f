/**
 * The first line of a saved plan: what it is a plan of, and what it found.
 *
 * @module
 */
import type { Side, SyncErrorCode } from "../errors.ts";
import type { Degradation } from "../model/capabilities.ts";
import { CAUSE_NAMES } from "../model/cause.ts";
import type { CauseCount, CauseCounts } from "../model/cause_tally.ts";
import type { Failure } from "../model/event.ts";
import { damage, Fields, type Known, nameFields, quoted } from "./codec_fields.ts";
import type { SkipCounts } from "./directory_plan.ts";
import type { SpaceNeed } from "./space_need.ts";
import type { PlanSummary } from "./summary.ts";

/** The version that is written, and the only one that is read. */
export const PLAN_VERSION = 1;

/** Anything that JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | {
  readonly [name: string]: JsonValue;
};

/** What a saved plan says before its actions. */
export interface PlanHeader {
  /** The task that made it. */
  readonly task: PlannedTask;
  /** The source, as it was given. */
  readonly source: string;
  /** The destination, as it was given. */
  readonly destination: string;
  /** The task's options by names that are words; the task checks them when it takes the plan over. */
  readonly options: { readonly [name: string]: JsonValue };
  /** Totals. Those that count actions agree with the actions. */
  readonly summary: PlanSummary;
  /** What could not be kept. */
  readonly warnings: readonly Degradation[];
  /** Entries that could not be judged: the first of them. */
  readonly failures: readonly Failure[];
  /** How many there were. */
  readonly failureCount: number;
  /** Entries that failed, were warned of, or were ignored, by cause. */
  readonly causes: CauseCounts;
  /** Room that it needs at the destination; absent when that is not known. */
  readonly needs?: SpaceNeed;
}

/** Tasks whose plans can be saved. */
export type PlannedTask = "mirror";

const TASKS: Known<PlannedTask> = { mirror: true };

const COUNTS: Known<Exclude<keyof PlanSummary, "skipped">> = {
  sourceEntries: true,
  destinationEntries: true,
  created: true,
  updated: true,
  metadata: true,
  linked: true,
  moved: true,
  movedBytes: true,
  deleted: true,
  swept: true,
  sourceRemoved: true,
  withheld: true,
  files: true,
  bytes: true,
  basisLinked: true,
  basisBytes: true,
};

const SKIPPED: Known<keyof SkipCounts> = { symlinks: true, specials: true, devices: true };

const CODES: Known<SyncErrorCode> = {
  "usage": true,
  "filter-invalid": true,
  "path-escape": true,
  "cancelled": true,
  "source-missing": true,
  "source-not-directory": true,
  "source-empty": true,
  "destination-unusable": true,
  "destination-busy": true,
  "too-many-deletions": true,
  "expectation-failed": true,
  "overlap": true,
  "root-destination": true,
  "source-rotten": true,
  "catalog-unusable": true,
  "store-unusable": true,
  "snapshot-missing": true,
  "drift": true,
  "plan-damaged": true,
  "vanished": true,
  "source-vanished": true,
  "listed-missing": true,
  "changed-while-read": true,
  "permission": true,
  "exists": true,
  "not-directory": true,
  "is-directory": true,
  "symlink-refused": true,
  "not-empty": true,
  "too-many-links": true,
  "name-not-representable": true,
  "unsupported": true,
  "read-only": true,
  "io": true,
  "deletions-withheld": true,
  "replica-unproven": true,
  "no-space": true,
  "file-too-large": true,
  "delta-damaged": true,
  "manifest-damaged": true,
  "peer-protocol": true,
  "connection": true,
  "task-failed": true,
  "internal": true,
};

const CAUSE_COUNTS: Known<keyof CauseCount> = { failed: true, warned: true, ignored: true };

const NEEDS: Known<keyof SpaceNeed> = { bytes: true, entries: true };

const SIDES: Known<Side> = { source: true, destination: true };

/** Bytes can be more than any count; beyond 2^53 they are a double. */
const MOST_BYTES = 2 ** 80;
/** Objects in objects that options can be. */
const OPTION_DEPTH = 8;
/**
 * Names of options, and positions in lists. Names that JSON writes with escapes are not only odd: V8 15.0 takes them for
 * another name once it has parsed an object with the name "\\".
 */
const OPTION_REGEXP = /^(?:[a-z][A-Za-z0-9-]*|\d+)$/;

/**
 * Gives a header the form it has in a plan.
 *
 * @param header The header.
 * @returns Plain data, fields always in the same order.
 */
export function encodeHeader(header: PlanHeader): Record<string, unknown> {
  return {
    undrift: "plan",
    version: PLAN_VERSION,
    task: header.task,
    ...nameFields("source", header.source),
    ...nameFields("destination", header.destination),
    options: header.options,
    summary: { ...pick(header.summary, COUNTS), skipped: pick(header.summary.skipped, SKIPPED) },
    warnings: header.warnings.map(({ name, message }) => ({ name, message })),
    failures: header.failures.map(encodeFailure),
    failureCount: header.failureCount,
    causes: encodeCauses(header.causes),
    ...(header.needs === undefined ? {} : { needs: pick(header.needs, NEEDS) }),
  };
}

function encodeFailure({ path, code, message, hint, side }: Failure): Record<string, unknown> {
  return {
    ...nameFields("path", path),
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(side === undefined ? {} : { side }),
  };
}

/** In the order of the table, whatever order they come in. */
function encodeCauses(causes: CauseCounts): Record<string, Record<keyof CauseCount, number>> {
  const met = CAUSE_NAMES.flatMap((cause) => {
    const count = causes[cause];
    return count === undefined ? [] : [[cause, pick(count, CAUSE_COUNTS)] as const];
  });
  return Object.fromEntries(met);
}

function pick<Key extends string>(values: Readonly<Record<Key, number>>, keys: Known<Key>): Record<Key, number> {
  return collect(keys, (key) => values[key]);
}

function collect<Key extends string>(keys: Known<Key>, valueOf: (key: Key) => number): Record<Key, number> {
  const entries = (Object.keys(keys) as Key[]).map((key) => [key, valueOf(key)] as const);
  return Object.fromEntries(entries) as Record<Key, number>;
}

/**
 * Reads a header.
 *
 * @param value The first line, parsed.
 * @returns The header.
 * @throws {SyncError} code `"plan-damaged"`, also for what is not a plan, or of a version that this one does not know.
 */
export function decodeHeader(value: unknown): PlanHeader {
  const fields = new Fields(value);
  if (fields.value("undrift") !== "plan") throw damage("it is not a plan");
  checkVersion(fields);
  const failures = fields.objects("failures").map(decodeFailure);
  return {
    task: fields.oneOf("task", TASKS),
    source: fields.name("source"),
    destination: fields.name("destination"),
    options: decodeOptions(fields),
    summary: decodeSummary(fields.object("summary")),
    warnings: fields.objects("warnings").map((each) => ({ name: each.text("name"), message: each.text("message") })),
    failures,
    failureCount: fields.integer("failureCount", failures.length, Number.MAX_SAFE_INTEGER),
    causes: decodeCauses(fields.object("causes")),
    ...(fields.has("needs") ? { needs: decodeNeeds(fields.object("needs")) } : {}),
  };
}

function checkVersion(fields: Fields): void {
  const version = fields.integer("version", 1, Number.MAX_SAFE_INTEGER);
  if (version === PLAN_VERSION) return;
  throw damage(`it is of version ${version}, this program reads version ${PLAN_VERSION}`, {
    hint: "use the version of undrift that made it, or a later one",
  });
}

function decodeOptions(fields: Fields): PlanHeader["options"] {
  fields.object("options");
  const options = fields.value("options") as PlanHeader["options"];
  checkOption(options, OPTION_DEPTH);
  return options;
}

function checkOption(value: JsonValue, levels: number): void {
  if (typeof value !== "object" || value === null) return;
  if (levels === 0) throw damage(`"options" is nested deeper than ${OPTION_DEPTH} levels`);
  for (const [name, inner] of Object.entries(value)) {
    if (!OPTION_REGEXP.test(name)) throw damage(`"options" holds the name ${quoted(name)}, it must be a word`);
    checkOption(inner, levels - 1);
  }
}

function decodeSummary(fields: Fields): PlanSummary {
  const count = (key: string) =>
    fields.integer(key, 0, BYTE_COUNTS.includes(key) ? MOST_BYTES : Number.MAX_SAFE_INTEGER);
  const skipped = fields.object("skipped");
  return {
    ...collect(COUNTS, count),
    skipped: collect(SKIPPED, (key) => skipped.integer(key, 0, Number.MAX_SAFE_INTEGER)),
  };
}

function decodeFailure(fields: Fields): Failure {
  const hint = fields.optionalText("hint");
  return {
    path: fields.name("path"),
    code: fields.oneOf("code", CODES),
    message: fields.text("message"),
    ...(hint === undefined ? {} : { hint }),
    ...(fields.has("side") ? { side: fields.oneOf("side", SIDES) } : {}),
  };
}

function decodeNeeds(fields: Fields): SpaceNeed {
  return collect(
    NEEDS,
    (key) => fields.integer(key, 0, key === "bytes" ? MOST_BYTES : Number.MAX_SAFE_INTEGER),
  );
}

function decodeCauses(fields: Fields): CauseCounts {
  const met = CAUSE_NAMES.filter((cause) => fields.has(cause)).map((cause) => {
    const counts = fields.object(cause);
    return [cause, collect(CAUSE_COUNTS, (key) => counts.integer(key, 0, Number.MAX_SAFE_INTEGER))] as const;
  });
  return Object.fromEntries(met);
}

/** Totals that are sums of sizes. */
const BYTE_COUNTS: readonly string[] = ["bytes", "movedBytes", "basisBytes"] satisfies readonly (keyof PlanSummary)[];

/** Totals that count actions. */
const COUNTED = [
  "created",
  "updated",
  "metadata",
  "linked",
  "moved",
  "movedBytes",
  "deleted",
  "swept",
  "sourceRemoved",
  "files",
  "bytes",
  "basisLinked",
  "basisBytes",
] as const satisfies readonly (keyof PlanSummary)[];

/**
 * Says in what way a header's totals and the actions disagree.
 *
 * @param said Totals of the header.
 * @param found Totals of the actions.
 * @returns The end of a sentence, or `undefined` when they agree.
 */
export function disagreement(said: PlanSummary, found: PlanSummary): string | undefined {
  for (const key of COUNTED) {
    // Sums of doubles depend on their order.
    if (said[key] === found[key] || (said[key] > Number.MAX_SAFE_INTEGER && found[key] > Number.MAX_SAFE_INTEGER)) {
      continue;
    }
    return `"summary.${key}" is ${quoted(said[key])}, but the actions make it ${quoted(found[key])}`;
  }
  return undefined;
}
