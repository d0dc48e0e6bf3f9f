/**
 * All commands, as a table: their operands, options and help.
 *
 * @module
 */
import { CAUSE_NAMES } from "../model/cause.ts";
import { METRIC_NAMES } from "../plan/expectation.ts";
import type { FlagName } from "./flags.ts";

/** What a command takes between its options. */
export interface Operand {
  /** Name in help. */
  readonly name: string;
  /** Whether it may be left out. @default {false} */
  readonly optional?: boolean;
  /** Whether more of it may follow; only the last. @default {false} */
  readonly repeats?: boolean;
}

/** One command. */
export interface Command {
  /** What is typed. */
  readonly name: CommandName;
  /** Operands in order. */
  readonly operands: readonly Operand[];
  /** Options that it takes. */
  readonly flags: readonly FlagName[];
  /** What it does, one sentence without a period. */
  readonly summary: string;
  /** Paragraphs below the summary in its own help. */
  readonly details: readonly string[];
  /** Command lines to imitate. */
  readonly examples: readonly (readonly [line: string, does: string])[];
}

/** Names of the commands. */
export type CommandName =
  | "snapshot"
  | "snapshots"
  | "restore"
  | "mirror"
  | "apply"
  | "explain"
  | "signature"
  | "delta"
  | "patch"
  | "manifest"
  | "diff"
  | "history"
  | "du"
  | "timeline"
  | "prune"
  | "verify"
  | "doctor"
  | "help";

const LISTING: readonly FlagName[] = [
  "verbose",
  "explain",
  "format",
  "report",
  "itemize-changes",
  "json",
  "progress",
  "quiet",
  "color",
];
/** Options that say what takes part. */
const SELECTION: readonly FlagName[] = [
  "include",
  "exclude",
  "filter",
  "dir-filters",
  "include-from",
  "exclude-from",
  "cvs-exclude",
  "gitignore",
  "files-from",
  "recursive",
  "from0",
  "max-size",
  "min-size",
  "newer-than",
  "older-than",
  "delete-excluded",
];

/** Options that say which snapshots are kept. */
const RETENTION: readonly FlagName[] = [
  "keep-last",
  "keep-hourly",
  "keep-daily",
  "keep-weekly",
  "keep-monthly",
  "keep-yearly",
  "keep-within",
  "keep-tag",
  "time-zone",
];
/** Options of a mirror. */
const MIRROR: readonly FlagName[] = [
  "dry-run",
  "check",
  "plan-out",
  "delete",
  "max-delete",
  "ignore-errors",
  "remove-source-files",
  "detect-moves",
  "trust-moves",
  "allow-empty-source",
  "expect",
  "preflight",
  "on",
  ...SELECTION,
  "update",
  "existing",
  "ignore-existing",
  "one-file-system",
  "safe-links",
  "prune-empty-dirs",
  "copy-links",
  "copy-unsafe-links",
  "keep-dirlinks",
  "compare-dest",
  "copy-dest",
  "link-dest",
  "checksum",
  "catalog",
  "paranoid",
  "allow-rot",
  "modify-window",
  "size-only",
  "ignore-times",
  "archive",
  "perms",
  "chmod",
  "chown",
  "usermap",
  "groupmap",
  "numeric-ids",
  "times",
  "owner",
  "group",
  "links",
  "specials",
  "hard-links",
  "sparse",
  "xattrs",
  "acls",
  "jobs",
  "backup",
  "suffix",
  "backup-dir",
  "trash",
  "delay-updates",
  "inplace",
  "append",
  "append-verify",
  "delta",
  "fuzzy",
  "fsync",
  "layer",
  ...LISTING,
  "help",
];
/** What a snapshot carries. */
const SNAPSHOT: readonly FlagName[] = [
  ...SELECTION.filter((name) => name !== "delete-excluded"),
  "allow-empty-source",
  "expect",
  "preflight",
  "on",
  "one-file-system",
  "safe-links",
  "prune-empty-dirs",
  "copy-links",
  "copy-unsafe-links",
  "link-dest",
  "checksum",
  "modify-window",
  "archive",
  "perms",
  "chmod",
  "chown",
  "usermap",
  "groupmap",
  "numeric-ids",
  "owner",
  "group",
  "links",
  "specials",
  "hard-links",
  "sparse",
  "xattrs",
  "acls",
  "jobs",
  "fsync",
];
/** Options of a mirror that a restore leaves out: its source is a store, and what of it is restored are operands. */
const NOT_RESTORED: readonly FlagName[] = [
  "plan-out",
  "remove-source-files",
  "files-from",
  "recursive",
];

/** The table. Order is the order in help. */
export const COMMANDS: readonly Command[] = [
  {
    name: "mirror",
    operands: [{ name: "SRC" }, { name: "DST" }],
    flags: MIRROR,
    summary: "Make the contents of DST equal those of SRC",
    details: [
      "With or without a slash at the end, it is what is in SRC that arrives in DST. Files are replaced as a whole, " +
      "under a temporary name until they are complete. Nothing is removed without --delete.",
      `--expect takes a metric (${
        METRIC_NAMES.join(", ")
      }), a comparison (< <= = >= > !=) and a number: bytes may have ` +
      "a unit (kB, MB, GB; KiB, MiB, GiB), the others may be a share ('linked>=90%'). It is held against the plan " +
      "before the first change, and against what was done.",
      `Causes that --on knows: ${
        CAUSE_NAMES.join(", ")
      }. What vanished from SRC is warned of, everything else fails; ` +
      "want of space always does.",
    ],
    examples: [
      ["undrift mirror -n --delete photos /backup/photos", "show what would be done"],
      ["undrift mirror --delete --progress photos /backup/photos", "do it"],
    ],
  },
  {
    name: "apply",
    operands: [{ name: "PLAN" }],
    flags: ["dry-run", ...LISTING, "help"],
    summary: "Carry out a plan that was saved with --plan-out",
    details: ["It is refused, before anything changes, when one of the sides is no longer as the plan found it."],
    examples: [["undrift apply deploy.plan.ndjson", "do exactly what the plan says"]],
  },
  {
    name: "explain",
    operands: [{ name: "SRC" }, { name: "PATH", repeats: true }],
    flags: [...SELECTION, "layer", "json", "color", "help"],
    summary: "Tell what a filter does with paths, and which rule says it",
    details: ["Take the options of the mirror that is meant. A PATH is below SRC, and need not be there."],
    examples: [["undrift explain --exclude '*.o' project src/main.o", "tell why src/main.o is not mirrored"]],
  },
  {
    name: "snapshot",
    operands: [{ name: "SRC" }, { name: "STORE" }],
    flags: ["dry-run", "check", "share", "verify", "tags", "lock-wait", ...SNAPSHOT, "layer", ...LISTING, "help"],
    summary: "Take a dated snapshot of SRC that shares what did not change",
    details: [
      "STORE is a folder of plain trees named by the time in UTC, such as 2026-11-22T01-06-11Z; latest leads to the " +
      "newest. An empty directory becomes a store, or one whose last name is missing. Unchanged files are hard links to " +
      "the newest snapshot and to what --link-dest names, relative to STORE; a file that differs in anything is a file " +
      "of its own.",
      "A snapshot is built in STORE/.undrift and appears when it is complete. A run that died is gone on with.",
      "--expect 'linked>=90%' tells when a disk or a changed owner makes every file a copy.",
    ],
    examples: [["undrift snapshot --tags nightly /home /backup/home", "take a snapshot"]],
  },
  {
    name: "snapshots",
    operands: [{ name: "STORE" }],
    flags: ["json", "color", "layer", "help"],
    summary: "List the snapshots of a store, oldest first",
    details: ["new is what a snapshot did not share with an older one when it was taken."],
    examples: [["undrift snapshots /backup/home", "see what there is"]],
  },
  {
    name: "restore",
    operands: [{ name: "STORE" }, { name: "NAME" }, { name: "DST" }, { name: "PATH", optional: true, repeats: true }],
    flags: MIRROR.filter((name) => !NOT_RESTORED.includes(name)),
    summary: "Mirror a snapshot, or paths of it, to DST",
    details: [
      "NAME is the name of a snapshot, the beginning of exactly one, or latest. A PATH is below the snapshot; a " +
      "directory comes with all that is in it.",
    ],
    examples: [["undrift restore /backup/home 2026-11-22 /tmp/home letters", "get one folder back"]],
  },
  {
    name: "signature",
    operands: [{ name: "OLD" }, { name: "SIGNATURE", optional: true }],
    flags: ["hash", "rollsum", "block-size", "sum-size", "jobs", "verbose", "help"],
    summary: "Write the signature of a file, as rdiff does",
    details: [
      "With the signature of OLD, a delta against OLD can be made where OLD is not. A file that is not named, or named " +
      "-, is standard input or output.",
    ],
    examples: [["undrift signature disk.img disk.sig", "write sums of the blocks of disk.img"]],
  },
  {
    name: "delta",
    operands: [{ name: "SIGNATURE" }, { name: "NEW", optional: true }, { name: "DELTA", optional: true }],
    flags: [
      "explain",
      "hash",
      "rollsum",
      "block-size",
      "sum-size",
      "jobs",
      "verbose",
      "report",
      "json",
      "color",
      "help",
    ],
    summary: "Write what NEW has and the file of SIGNATURE has not, as rdiff does",
    details: [
      "A file that is not named, or named -, is standard input or output.",
      "With --explain, the operands are OLD and NEW: nothing is written, it is shown which parts of NEW a delta would " +
      "take from OLD and which it would bring. --verbose lists every range; the options for sums, --report, --json and " +
      "--color are for --explain alone.",
    ],
    examples: [
      ["undrift delta disk.sig disk.new disk.delta", "write what changed"],
      ["undrift delta --explain disk.img disk.new", "draw what a delta would be"],
    ],
  },
  {
    name: "patch",
    operands: [{ name: "OLD" }, { name: "DELTA", optional: true }, { name: "NEW", optional: true }],
    flags: ["verbose", "help"],
    summary: "Make a new file of OLD and a delta, as rdiff does",
    details: [
      "NEW may be OLD: there is the old file or the complete new one. The format cannot tell whether the delta was made " +
      "for this file. A file that is not named, or named -, is standard input or output.",
    ],
    examples: [["undrift patch disk.img disk.delta disk.img", "bring disk.img up to date"]],
  },
  {
    name: "manifest",
    operands: [{ name: "DIR" }, { name: "FILE", optional: true }],
    flags: [
      "algorithm",
      "tag",
      "comments",
      "record-times",
      "catalog",
      "paranoid",
      ...SELECTION.filter((name) => name !== "delete-excluded"),
      "jobs",
      "layer",
      "verbose",
      "progress",
      "quiet",
      "color",
      "help",
    ],
    summary: "Write the checksums of all files of DIR, as sha256sum does",
    details: [
      "Paths are below DIR, in the order of their bytes: check with sha256sum -c in DIR, or with undrift verify. " +
      "Directories, symlinks and special files stand in comments, which the tools of coreutils pass over and b3sum " +
      "does not. A file that is not named, or named -, is standard output; it had better not be in DIR.",
    ],
    examples: [["undrift manifest photos photos.sha256", "write what photos should hold"]],
  },
  {
    name: "diff",
    operands: [{ name: "STORE" }, { name: "BEFORE" }, { name: "AFTER" }],
    flags: ["checksum", "layer", "format", "report", "json", "quiet", "color", "help"],
    summary: "Tell what is different between two snapshots",
    details: [
      "A snapshot may be named by the beginning of its name, or latest. Files that both share are the same without a " +
      "look; what only has another name is found by inode, or by size, time and content. With --checksum files of " +
      "equal size are compared byte by byte. As html, junit or itemize, and in reports but .txt and .ndjson, it is told " +
      "as the steps that would make BEFORE into AFTER.",
    ],
    examples: [["undrift diff /backup/photos 2026-11-22 latest", "what was added, changed, moved and removed since"]],
  },
  {
    name: "history",
    operands: [{ name: "STORE" }, { name: "PATH" }],
    flags: ["layer", "json", "quiet", "color", "help"],
    summary: "Tell the versions of a file, and where it changed",
    details: ["PATH is from the root of a snapshot."],
    examples: [["undrift history /backup/home notes.txt", "find the version to go back to"]],
  },
  {
    name: "du",
    operands: [{ name: "STORE" }],
    flags: ["layer", "json", "quiet", "color", "help"],
    summary: "Tell what every snapshot takes, and what removing it would free",
    details: [
      "Counted is what is allocated, by inodes: what several names share counts once. OWN is what a snapshot alone holds, " +
      "which is what removing it, and no other, frees; NEW, SHARED and DROPPED compare it with the one before.",
    ],
    examples: [["undrift du /backup/photos", "see which snapshots are large"]],
  },
  {
    name: "timeline",
    operands: [{ name: "STORE" }],
    flags: ["layer", "format", "report", "json", "quiet", "color", "help"],
    summary: "Draw the snapshots along time, with what is new, shared and freed",
    details: ["It is text, html or ndjson, and so are reports. The numbers are those of undrift du."],
    examples: [
      ["undrift timeline /backup/photos", "look at it on the terminal"],
      ["undrift timeline --report photos.html /backup/photos", "and as a page that needs nothing else"],
    ],
  },
  {
    name: "prune",
    operands: [{ name: "STORE" }],
    flags: ["dry-run", ...RETENTION, "lock-wait", "jobs", "layer", "verbose", "json", "quiet", "color", "help"],
    summary: "Remove the snapshots that no rule keeps",
    details: [
      "Each rule is on its own, and what one of them keeps is kept. All count from the newest snapshot, not from the clock: " +
      "nothing goes only because time passes. A snapshot whose run had failures takes no place of one without. Always " +
      "kept are the newest, the newest without failures, what latest leads to, and what is dated after the clock.",
      "A snapshot is gone from STORE with one rename; what a run that died left of it is removed by the next.",
    ],
    examples: [
      ["undrift prune -n --keep-daily 7 --keep-weekly 5 /backup/photos", "show what would be kept, and why"],
      ["undrift prune --keep-daily 7 --keep-weekly 5 /backup/photos", "remove the others"],
    ],
  },
  {
    name: "verify",
    operands: [{ name: "A" }, { name: "B", optional: true }],
    flags: [
      "manifest",
      "algorithm",
      "metadata",
      "xattrs",
      "acls",
      "catalog",
      "paranoid",
      "budget",
      "oldest-first",
      "repair-from",
      ...SELECTION.filter((name) => name !== "delete-excluded"),
      "jobs",
      "layer",
      "verbose",
      "format",
      "report",
      "json",
      "progress",
      "quiet",
      "color",
      "help",
    ],
    summary: "Compare a tree with another, or with a checksum file, by content",
    details: [
      "undrift verify A B holds B against A, byte by byte; undrift verify --manifest FILE DIR holds DIR against what " +
      "undrift manifest, sha256sum or the like wrote. Nothing is changed, and no symlink is followed.",
      "Each difference is a line: - only A or FILE has it, + only B or DIR has it, * both have it and it differs, ! it " +
      "is damaged or cannot be read, and with --verbose = for what is the same. The exit code is 1 when anything " +
      "differs, 4 when all that is known is the same and something could not be read.",
      "undrift verify --catalog FILE DIR reads DIR against what FILE knows of it: what is new or was written is noted, " +
      "and only what decayed ends with code 1, until it is repaired.",
    ],
    examples: [
      ["undrift verify photos /backup/photos", "tell what differs, by content"],
      ["undrift verify --manifest photos.sha256 photos", "check against a checksum file"],
      ["undrift verify --catalog photos.db --budget 30m photos", "look for decay, a part each night"],
    ],
  },
  {
    name: "doctor",
    operands: [{ name: "DIR", optional: true }],
    flags: ["layer", "json", "color", "help"],
    summary: "Tell what this machine and file system offer",
    details: ["What a file system can do is found out by trying, in a hidden folder below DIR that is removed again."],
    examples: [["undrift doctor /backup", "try what the file system there can hold"]],
  },
  {
    name: "help",
    operands: [{ name: "COMMAND", optional: true }],
    flags: ["help"],
    summary: "Show help of a command",
    details: [],
    examples: [],
  },
];

/** Options that are understood without a command. */
export const GLOBAL_FLAGS: readonly FlagName[] = ["help", "version"];

/**
 * Looks a command up.
 *
 * @param name What was typed.
 * @returns The command, or `undefined` when there is none of that name.
 */
export function findCommand(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name);
}
