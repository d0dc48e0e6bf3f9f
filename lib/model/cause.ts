/**
 * Why an entry failed or is odd: the classes of failure that concern single entries, in words for people, and what each
 * does to a run unless the caller says otherwise.
 *
 * @module
 */
import type { SyncErrorCode } from "../errors.ts";
import type { Failure } from "./event.ts";

/** Why an entry failed or is odd, a closed union. */
export type Cause = Extract<
  SyncErrorCode,
  | "vanished"
  | "changed-while-read"
  | "permission"
  | "io"
  | "deletions-withheld"
  | "name-not-representable"
  | "unsupported"
  | "read-only"
  | "drift"
  | "exists"
  | "not-empty"
  | "is-directory"
  | "not-directory"
  | "symlink-refused"
  | "too-many-links"
  | "file-too-large"
  | "no-space"
>;

/** What a cause is called for people; each completes "3 …". */
export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  "vanished": "vanished from the source",
  "changed-while-read": "changed while they were read",
  "permission": "may not be read or changed",
  "io": "could not be read or written",
  "deletions-withheld": "deletions withheld",
  "name-not-representable": "have names that cannot be kept",
  "unsupported": "are not supported by the file system",
  "read-only": "are on a read-only file system",
  "drift": "changed in the destination meanwhile",
  "exists": "appeared in the destination meanwhile",
  "not-empty": "are in the place of directories with entries",
  "is-directory": "became directories meanwhile",
  "not-directory": "are no directories any more",
  "symlink-refused": "became symlinks meanwhile",
  "too-many-links": "have too many hard links",
  "file-too-large": "are larger than a limit allows",
  "no-space": "did not fit",
};

/** Classes of failure that go by the name of another cause. */
const OTHER_NAMES: Readonly<Partial<Record<SyncErrorCode, Cause>>> = {
  "source-vanished": "vanished",
  "vanished": "drift",
  "too-many-deletions": "deletions-withheld",
};

/**
 * The cause of a failure.
 *
 * @param code Class of the failure.
 * @returns The cause; `undefined` for what concerns a whole run and no single entry.
 */
export function causeOf(code: SyncErrorCode): Cause | undefined {
  return OTHER_NAMES[code] ?? (Object.hasOwn(CAUSE_WORDS, code) ? code as Cause : undefined);
}

/** After these it is known all the same which entries the source has. */
const SOURCE_IS_KNOWN: ReadonlySet<Cause | undefined> = new Set<Cause>([
  "vanished",
  "changed-while-read",
  // Nothing is deleted in a directory with such a name in any case.
  "name-not-representable",
]);

/**
 * Whether after a failure it is open what the source has, so that nothing may be deleted for lack of it there.
 *
 * @param failure The failure.
 * @returns `true` when something of the source could not be read.
 */
export function hidesSource({ code, side }: Pick<Failure, "code" | "side">): boolean {
  return side === "source" && !SOURCE_IS_KNOWN.has(causeOf(code));
}
