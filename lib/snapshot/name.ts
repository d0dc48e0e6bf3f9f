/**
 * Names of snapshots: the moment at which one was begun, in UTC, as a name that every file system can hold and that
 * sorts by time in every listing: `2026-11-22T01-06-11Z`. Each name is later than all others of its store. A second
 * snapshot within a second, or one that is taken after the clock went back, gets the newest name with a number behind
 * it: `2026-11-22T01-06-11Z-001`.
 *
 * @module
 */
import { SyncError } from "../errors.ts";
import { printable } from "../bytes/printable.ts";

/** The proven name of a snapshot. Byte order is order of time. */
export type SnapshotName = string & { readonly provenSnapshotName: true };

/** The symlink to the newest snapshot; it is understood wherever a snapshot is named. */
export const LATEST = "latest";

const NAME_REGEXP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)Z(?:-(\d{3}))?$/;
const MOST_TURNS = 999;
const SECOND_MS = 1000;
/** The last moment whose year has four digits. */
const MOST_MS = Date.UTC(10_000, 0) - SECOND_MS;

/**
 * Reads a name.
 *
 * @param text Name of an entry of a store.
 * @returns The same, typed; `undefined` when it is not the name of a snapshot.
 */
export function parseSnapshotName(text: string): SnapshotName | undefined {
  const [, , , , , , , turn] = NAME_REGEXP.exec(text) ?? [];
  const milliseconds = momentOf(text);
  if (milliseconds === undefined || turn === "000") return undefined;
  // What is no date, such as February 30, would come back as another one.
  const plain = nameAt(milliseconds);
  return text === (turn === undefined ? plain : `${plain}-${turn}`) ? text as SnapshotName : undefined;
}

/**
 * The moment that a name tells.
 *
 * @param name Name of a snapshot.
 * @returns Milliseconds since 1970, a whole second.
 */
export function snapshotTime(name: SnapshotName): number {
  return momentOf(name)!;
}

/**
 * The name of a new snapshot.
 *
 * @param now Milliseconds since 1970.
 * @param newest The newest name that the store has, if any.
 * @returns The name of this second; when that would not be later than the newest name, the next one after it.
 * @throws {RangeError} when the clock is before the year 0 or after the year 9999.
 */
export function nextSnapshotName(now: number, newest: SnapshotName | undefined): SnapshotName {
  if (!(now >= Date.UTC(0, 0) && now < MOST_MS)) {
    throw new RangeError(`Cannot name a snapshot: the clock says ${now} ms since 1970`);
  }
  const name = nameAt(now);
  if (newest === undefined || compareSnapshotNames(name, newest) > 0) return name;
  const turn = Number(NAME_REGEXP.exec(newest)![7] ?? "0") + 1;
  if (turn > MOST_TURNS) return nameAt(snapshotTime(newest) + SECOND_MS);
  return `${nameAt(snapshotTime(newest))}-${String(turn).padStart(3, "0")}` as SnapshotName;
}

/**
 * Order of time.
 *
 * @param a One name.
 * @param b The other.
 * @returns Negative when `a` is older, zero, or positive.
 */
export function compareSnapshotNames(a: SnapshotName, b: SnapshotName): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Finds the snapshot that somebody means.
 *
 * @param names Names of the store, in any order.
 * @param wanted A whole name, the beginning of exactly one, or {@linkcode LATEST}.
 * @returns The name.
 * @throws {SyncError} code `"snapshot-missing"` when there is none, or several begin like that.
 */
export function chooseSnapshot(names: readonly SnapshotName[], wanted: string): SnapshotName {
  const fitting = wanted === LATEST
    ? [...names].sort(compareSnapshotNames).slice(-1)
    : names.filter((name) => wanted !== "" && name.startsWith(wanted));
  const [only, another] = fitting;
  const exact = fitting.find((name) => name === wanted) ?? (another === undefined ? only : undefined);
  if (exact !== undefined) return exact;
  const why = another === undefined ? "there is none of that name" : `${fitting.length} of them begin like that`;
  throw new SyncError("snapshot-missing", `Cannot choose snapshot "${printable(wanted)}": ${why}`, {
    hint: 'see "undrift snapshots STORE" for their names',
  });
}

function momentOf(text: string): number | undefined {
  const [, ...parts] = NAME_REGEXP.exec(text) ?? [];
  if (parts.length === 0) return undefined;
  const [year, month, day, hour, minute, second] = parts.map(Number);
  // `Date.UTC` takes a year below 100 for one of the twentieth century.
  return new Date(0).setUTCFullYear(year!, month! - 1, day!) + ((hour! * 60 + minute!) * 60 + second!) * SECOND_MS;
}

function nameAt(milliseconds: number): SnapshotName {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replaceAll(":", "-")}Z` as SnapshotName;
}
