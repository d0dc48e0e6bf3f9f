/**
 * Why an entry failed or is odd: the classes of failure that concern single entries, in words for people, and what each
 * means for a run unless the caller says otherwise. The table is complete by its type.
 *
 * @module
 */
import type { SyncErrorCode } from "../errors.ts";
import type { Failure } from "./event.ts";

/** Why an entry failed or is odd, a closed union of classes of {@linkcode SyncErrorCode}. */
export type Cause = Extract<
  SyncErrorCode,
  | "vanished"
  | "listed-missing"
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

/** What an entry means for the run: nothing, a warning, or a failure. */
export type Consequence = "ignore" | "warn" | "fail";

/** What causes mean where the caller says otherwise than the table. */
export type CausePolicy = Readonly<Partial<Record<Cause, Consequence>>>;

/** One row of the table. */
export interface CauseRow {
  /** What happened to entries, as the end of a sentence: "3 entries …". */
  readonly words: string;
  /** What it means unless the caller says otherwise. */
  readonly usual: Consequence;
  /** Whether the caller may not say otherwise. @default {false} */
  readonly fixed?: boolean;
}

/** All causes: the defaults of `--on` and of `policy`. */
export const CAUSES: Readonly<Record<Cause, CauseRow>> = {
  "vanished": { words: "vanished from the source while it was mirrored", usual: "warn" },
  "listed-missing": { words: "listed by --files-from could not be found", usual: "fail" },
  "changed-while-read": { words: "changed while being read", usual: "fail" },
  "permission": { words: "could not be read or changed: no permission", usual: "fail" },
  "io": { words: "could not be read or written", usual: "fail" },
  "deletions-withheld": { words: "kept others from being deleted", usual: "fail" },
  "name-not-representable": { words: "had a name that cannot be kept", usual: "fail" },
  "unsupported": { words: "could not be kept by the file system", usual: "fail" },
  "read-only": { words: "could not be changed: the file system is read-only", usual: "fail" },
  "drift": { words: "changed in the destination meanwhile", usual: "fail" },
  "exists": { words: "met another entry of that name", usual: "fail" },
  "not-empty": { words: "would have replaced a directory with entries", usual: "fail" },
  "is-directory": { words: "turned out to be a directory", usual: "fail" },
  "not-directory": { words: "turned out not to be a directory", usual: "fail" },
  "symlink-refused": { words: "turned out to be a symlink", usual: "fail" },
  "too-many-links": { words: "could not get one more hard link", usual: "fail" },
  "file-too-large": { words: "exceeded a limit of file size", usual: "fail", fixed: true },
  "no-space": { words: "did not fit", usual: "fail", fixed: true },
};

/** Names of all causes, in the order of the table. */
export const CAUSE_NAMES: readonly Cause[] = Object.keys(CAUSES) as Cause[];

/** Names of all consequences, the mildest first. */
export const CONSEQUENCES: readonly Consequence[] = ["ignore", "warn", "fail"];

/** Classes of failure that go by the name of another cause. */
const OTHER_NAMES: Readonly<Partial<Record<SyncErrorCode, Cause>>> = {
  "source-vanished": "vanished",
  // Of the destination, where nobody but this run should remove anything.
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
  return OTHER_NAMES[code] ?? (isCause(code) ? code : undefined);
}

/**
 * Whether a word names a cause.
 *
 * @param word Any text.
 * @returns `true` for a name of the table.
 */
export function isCause(word: string): word is Cause {
  return Object.hasOwn(CAUSES, word);
}

/**
 * What is wrong with a policy that comes from outside.
 *
 * @param name What should be a cause.
 * @param consequence What should be a consequence.
 * @returns The end of a sentence; `undefined` when both can be used.
 */
export function policyProblem(name: string, consequence: unknown): string | undefined {
  if (!isCause(name)) return `there is no such cause; causes are ${CAUSE_NAMES.join(", ")}`;
  if (!(CONSEQUENCES as readonly unknown[]).includes(consequence)) return "it must be ignore, warn or fail";
  if (CAUSES[name].fixed === true && consequence !== "fail") return "want of space always fails";
  return undefined;
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
