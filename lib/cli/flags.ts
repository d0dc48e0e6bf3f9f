/**
 * All options, as a table. Parsing, help and suggestions are made from it. Long names are rsync's where they mean what
 * rsync means; so are the short ones of what is carried by default, which people have in their fingers (`-aHAX`).
 *
 * @module
 */

/** Groups in the order of `--help`. */
export const GROUPS = {
  action: "What is done",
  keep: "What is kept",
  select: "What takes part",
  choice: "What is left alone",
  compare: "How it is compared",
  carry: "What is carried",
  work: "How it is done",
  sums: "How it is summed",
  output: "What is said",
  other: "Other",
} as const;

/** Name of a group. */
export type FlagGroup = keyof typeof GROUPS;

/** What a value must look like. */
export type ValueKind =
  /** Any text but the empty one. */
  | { readonly kind: "text" }
  /** A whole number in a range. */
  | { readonly kind: "integer"; readonly least: number; readonly most: number }
  /** A decimal number from 0. */
  | { readonly kind: "decimal"; readonly most: number }
  /** One of some words. */
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  /** A rule or pattern: any text but the empty one; it may begin as rules do (`- *.o`) and hold line ends. */
  | { readonly kind: "rule" }
  /** A number of bytes, with or without a unit. */
  | { readonly kind: "size" }
  /** A moment or an age. */
  | { readonly kind: "time" };

/** One option. */
export interface Flag {
  /** Long name without the dashes, in its positive form. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What is on by default can be switched off by `--no-name`. @default {false} */
  readonly on?: boolean;
  /** Name of its value in help, and what the value must be; absent for a switch. */
  readonly value?: ValueKind & { readonly name: string };
  /** Stands for another option with this value. */
  readonly means?: readonly [flag: string, value: string];
  /** Where help lists it. */
  readonly group: FlagGroup;
  /** What it does, one sentence without a period. */
  readonly doc: string;
}

const MOST = Number.MAX_SAFE_INTEGER;

/** The table. Order is the order in help. */
export const FLAGS = [
  { name: "dry-run", short: "n", group: "action", doc: "Show what would be done and change nothing" },
  { name: "check", group: "action", doc: "As --dry-run, and exit with 1 on differences" },
  {
    name: "plan-out",
    value: { name: "FILE", kind: "text" },
    group: "action",
    doc: 'Save the plan for "undrift apply" and change nothing',
  },
  { name: "delete", group: "action", doc: "Remove what SRC does not have, after all else" },
  {
    name: "max-delete",
    value: { name: "N", kind: "integer", least: 0, most: MOST },
    group: "action",
    doc: "Refuse to remove more entries (default: the larger of 100 and 25% of DST)",
  },
  { name: "ignore-errors", group: "action", doc: "Remove entries even when SRC could not be read completely" },
  {
    name: "remove-source-files",
    group: "action",
    doc: "Remove from SRC what DST has, directories excepted, after all else",
  },
  { name: "detect-moves", group: "action", doc: "Rename what was only renamed instead of copying it; with --delete" },
  { name: "trust-moves", group: "action", doc: "As --detect-moves goes by size and time, compare no contents" },
  { name: "allow-empty-source", group: "action", doc: "Mirror an empty SRC over a DST with entries" },

  {
    name: "expect",
    value: { name: "EXPR", kind: "text" },
    group: "action",
    doc: "Refuse a plan for which this does not hold, as 'deletions<=10'; may be repeated",
  },
  { name: "preflight", on: true, group: "action", doc: "Start without asking whether everything fits into DST" },
  {
    name: "on",
    value: { name: "CAUSE=WHAT", kind: "text" },
    group: "action",
    doc: "What entries with this cause mean: ignore, warn or fail; may be repeated",
  },
  {
    name: "keep-last",
    value: { name: "N", kind: "integer", least: 0, most: MOST },
    group: "keep",
    doc: "Keep the N newest snapshots",
  },
  {
    name: "keep-hourly",
    value: { name: "N", kind: "integer", least: 0, most: MOST },
    group: "keep",
    doc: "Keep the newest of each of the last N hours that have one",
  },
  {
    name: "keep-daily",
    value: { name: "N", kind: "integer", least: 0, most: MOST },
    group: "keep",
    doc: "Keep the newest of each of the last N days that have one",
  },
  {
    name: "keep-weekly",
    value: { name: "N", kind: "integer", least: 0, most: MOST },
    group: "keep",
    doc: "Keep the newest of each of the last N weeks that have one (weeks begin on Monday)",
  },
  {
    name: "keep-monthly",
    value: { name: "N", kind: "integer", least: 0, most: MOST },
    group: "keep",
    doc: "Keep the newest of each of the last N months that have one",
  },
  {
    name: "keep-yearly",
    value: { name: "N", kind: "integer", least: 0, most: MOST },
    group: "keep",
    doc: "Keep the newest of each of the last N years that have one",
  },
  {
    name: "keep-within",
    value: { name: "SPAN", kind: "text" },
    group: "keep",
    doc: "Keep what is not older than SPAN before the newest: 30d, 1y6mo, 36h, 90min",
  },
  {
    name: "keep-tag",
    value: { name: "WORD", kind: "text" },
    group: "keep",
    doc: "Keep what has this tag; may be repeated",
  },
  {
    name: "time-zone",
    value: { name: "ZONE", kind: "text" },
    group: "keep",
    doc: "The zone of hours, days and so on, such as Europe/Berlin (default: the system's)",
  },
  {
    name: "include",
    value: { name: "PATTERN", kind: "rule" },
    group: "select",
    doc: "Entries that take part, whatever later rules say; rules are asked in order, the first that matches decides",
  },
  {
    name: "exclude",
    value: { name: "PATTERN", kind: "rule" },
    group: "select",
    doc: "Entries that take no part: they are not copied, and not removed from DST",
  },
  {
    name: "filter",
    short: "f",
    value: { name: "RULE", kind: "rule" },
    group: "select",
    doc: "A rule in rsync's words",
  },
  {
    name: "dir-filters",
    short: "F",
    group: "select",
    doc: "As --filter ': /.rsync-filter', the rules of every directory; twice: leave these files out, too",
  },
  {
    name: "include-from",
    value: { name: "FILE", kind: "text" },
    group: "select",
    doc: "Patterns of --include, one a line",
  },
  {
    name: "exclude-from",
    value: { name: "FILE", kind: "text" },
    group: "select",
    doc: "Patterns of --exclude, one a line",
  },
  {
    name: "cvs-exclude",
    short: "C",
    group: "select",
    doc: "Leave out what CVS would; comes after all other rules",
  },
  { name: "gitignore", group: "select", doc: "Leave out what the .gitignore files of SRC ignore, and .git" },
  {
    name: "files-from",
    value: { name: "FILE", kind: "text" },
    group: "select",
    doc: "Only the paths that FILE lists, one a line; - is standard input",
  },
  {
    name: "recursive",
    short: "r",
    group: "select",
    doc: "With --files-from: directories come with all that is in them",
  },
  { name: "from0", short: "0", group: "select", doc: "Items of FILE end with NUL, not with a line" },
  {
    name: "max-size",
    value: { name: "SIZE", kind: "size" },
    group: "select",
    doc: "Leave larger files alone; 1.5m is 1.5 MiB, 2gb are 2 GB",
  },
  { name: "min-size", value: { name: "SIZE", kind: "size" }, group: "select", doc: "Leave smaller files alone" },
  {
    name: "newer-than",
    value: { name: "TIME", kind: "time" },
    group: "select",
    doc: "Leave files alone that were not modified since: 2026-01-31, 2026-01-31T12:00Z, or an age as 90m, 12h, 7d, 2w",
  },
  {
    name: "older-than",
    value: { name: "TIME", kind: "time" },
    group: "select",
    doc: "Leave files alone that were modified since",
  },
  { name: "delete-excluded", group: "select", doc: "With --delete: remove what is excluded, too" },

  { name: "update", short: "u", group: "choice", doc: "Leave files alone that are newer in DST" },
  { name: "existing", group: "choice", doc: "Make nothing new, only bring up to date what DST has" },
  { name: "ignore-existing", group: "choice", doc: "Leave alone what DST has, except what is in its directories" },
  { name: "one-file-system", short: "x", group: "choice", doc: "Do not enter what is mounted in SRC or DST" },
  { name: "safe-links", group: "choice", doc: "Leave symlinks alone that may lead out of SRC" },
  { name: "copy-links", short: "L", group: "choice", doc: "Carry what symlinks lead to instead of the symlinks" },
  { name: "copy-unsafe-links", group: "choice", doc: "Carry what symlinks lead to that may lead out of SRC" },
  { name: "keep-dirlinks", short: "K", group: "choice", doc: "Enter symlinks to directories within DST" },
  { name: "prune-empty-dirs", short: "m", group: "choice", doc: "Leave out directories with no files in them" },

  {
    name: "compare-dest",
    value: { name: "DIR", kind: "text" },
    group: "choice",
    doc: "Leave out what DIR holds, too; may be repeated; relative to DST",
  },
  {
    name: "copy-dest",
    value: { name: "DIR", kind: "text" },
    group: "choice",
    doc: "Copy from DIR what it holds, too; may be repeated; relative to DST",
  },
  {
    name: "link-dest",
    value: { name: "DIR", kind: "text" },
    group: "choice",
    doc: "Make hard links to what DIR holds, too; may be repeated; relative to DST",
  },

  { name: "checksum", short: "c", group: "compare", doc: "Compare contents of equal size instead of times" },
  {
    name: "catalog",
    value: { name: "FILE", kind: "text" },
    group: "compare",
    doc: "Keep checksums in FILE, to read only what changed and to notice decay",
  },
  {
    name: "budget",
    value: { name: "AMOUNT", kind: "text" },
    group: "compare",
    doc: "Read for so long (30m) or so much (100GB), and go on there next time",
  },
  { name: "oldest-first", group: "compare", doc: "Begin with what was verified longest ago; --budget does so, too" },
  {
    name: "repair-from",
    value: { name: "TREE", kind: "text" },
    group: "compare",
    doc: "Restore what decayed from TREE, where its content there is proven",
  },
  { name: "paranoid", group: "compare", doc: "Read every file, whatever the catalog knows of it" },
  { name: "allow-rot", group: "compare", doc: "Carry files that decayed since the catalog heard of them" },
  {
    name: "modify-window",
    value: { name: "SEC", kind: "decimal", most: MOST / 1e9 },
    group: "compare",
    doc: "Times that differ by no more are equal (default: 0)",
  },
  { name: "size-only", group: "compare", doc: "Files of equal size are equal; only their times are set" },
  { name: "ignore-times", short: "I", group: "compare", doc: "Write every file again, whatever its size and time" },

  { name: "archive", short: "a", group: "carry", doc: "Accepted out of habit: it is what happens anyway" },
  { name: "perms", short: "p", on: true, group: "carry", doc: "Leave permissions alone" },
  {
    name: "chmod",
    value: { name: "CHANGES", kind: "text" },
    group: "carry",
    doc: "Permissions to set instead, such as D755,F644 or go-w; may be repeated",
  },
  { name: "chown", value: { name: "USER:GROUP", kind: "text" }, group: "carry", doc: "Owner and group of everything" },
  {
    name: "usermap",
    value: { name: "MAP", kind: "text" },
    group: "carry",
    doc: "Owners to replace, as FROM:TO pairs with commas between",
  },
  {
    name: "groupmap",
    value: { name: "MAP", kind: "text" },
    group: "carry",
    doc: "Groups to replace, as FROM:TO pairs with commas between",
  },
  { name: "numeric-ids", group: "carry", doc: "Names match no owner in maps; numbers are carried anyway" },
  { name: "times", short: "t", on: true, group: "carry", doc: "Leave times alone; contents decide what is copied" },
  { name: "owner", short: "o", on: true, group: "carry", doc: "Leave owners alone" },
  { name: "group", short: "g", on: true, group: "carry", doc: "Leave groups alone" },
  { name: "links", short: "l", on: true, group: "carry", doc: "Leave out symlinks" },
  { name: "specials", short: "D", on: true, group: "carry", doc: "Leave out FIFOs, sockets and devices" },
  { name: "hard-links", short: "H", on: true, group: "carry", doc: "Copy each name of a file by itself" },
  { name: "sparse", short: "S", on: true, group: "carry", doc: "Write holes as zeros" },
  { name: "xattrs", short: "X", group: "carry", doc: "Carry extended attributes, too" },
  { name: "acls", short: "A", group: "carry", doc: "Carry access control lists, too" },

  {
    name: "jobs",
    short: "j",
    value: { name: "N", kind: "integer", least: 1, most: 256 },
    group: "work",
    doc: "Threads at work (default: the number of cores)",
  },
  {
    name: "backup",
    short: "b",
    group: "work",
    doc: "Keep what is replaced or removed, under its name with a suffix",
  },
  {
    name: "suffix",
    value: { name: "SUFFIX", kind: "text" },
    group: "work",
    doc: "What names of kept entries end with (default: ~, or nothing with --backup-dir)",
  },
  {
    name: "backup-dir",
    value: { name: "DIR", kind: "text" },
    group: "work",
    doc: "Keep it below DIR instead; a relative DIR is below DST",
  },
  {
    name: "trash",
    value: { name: "DIR", kind: "text" },
    group: "work",
    doc: "Keep it below DIR, in a folder for each run; a relative DIR is below DST",
  },
  {
    name: "delay-updates",
    group: "work",
    doc: "Stage and verify everything first, then switch it at once",
  },
  { name: "inplace", group: "work", doc: "Change files where they are, write only blocks that differ" },
  { name: "append", group: "work", doc: "Add to files what they lack at their end, unchecked; leave others alone" },
  { name: "append-verify", group: "work", doc: "As --append, and compare what is there before" },
  { name: "delta", group: "work", doc: "Make new files of pieces of the old ones, write only the rest" },
  { name: "fuzzy", short: "y", group: "work", doc: "With --delta: use similar files for those that are not there" },
  { name: "fsync", group: "work", doc: "Write everything to the disk before the end" },
  {
    name: "share",
    value: { name: "HOW", kind: "choice", choices: ["hard", "reflink", "copy"] },
    group: "work",
    doc:
      "How unchanged files are shared with older snapshots: hard (links, default), reflink (contents alone) or copy " +
      "(not at all); what cannot be shared is copied, and said",
  },
  {
    name: "verify",
    group: "work",
    doc: "Compare all contents with SRC once more before the snapshot is published",
  },
  {
    name: "tags",
    value: { name: "WORDS", kind: "text" },
    group: "work",
    doc: "Words to find the snapshot by, with commas between; may be repeated",
  },
  {
    name: "lock-wait",
    value: { name: "SEC", kind: "decimal", most: 1e9 },
    group: "work",
    doc: "Wait so long for another run that is changing STORE (default: 0)",
  },
  {
    name: "layer",
    value: { name: "LAYER", kind: "choice", choices: ["auto", "native", "portable"] },
    group: "work",
    doc: "Access to the file system: auto (default), native or portable",
  },

  {
    name: "hash",
    value: { name: "SUM", kind: "choice", choices: ["blake2", "md4"] },
    group: "sums",
    doc: "The sum that confirms blocks: blake2 (default) or md4, which can be forged",
  },
  {
    name: "rollsum",
    value: { name: "SUM", kind: "choice", choices: ["rabinkarp", "rollsum"] },
    group: "sums",
    doc: "The sum that finds blocks: rabinkarp (default) or rollsum",
  },
  {
    name: "block-size",
    value: { name: "N", kind: "integer", least: 0, most: 2 ** 27 },
    group: "sums",
    doc: "Bytes of a block; 0 (default) is about the square root of the file's size",
  },
  {
    name: "sum-size",
    value: { name: "N", kind: "integer", least: 0, most: 32 },
    group: "sums",
    doc: "Bytes that are kept of each sum that confirms; 0 (default) keeps all",
  },
  {
    name: "algorithm",
    value: {
      name: "SUM",
      kind: "choice",
      choices: ["sha256", "sha512", "sha1", "md5", "blake2b", "blake3", "xxh128"],
    },
    group: "sums",
    doc: "The checksums: sha256 (default), sha512, sha1, md5, blake2b, blake3, xxh128",
  },
  {
    name: "manifest",
    value: { name: "FILE", kind: "text" },
    group: "compare",
    doc: "Hold DIR against a checksum file, and not against a tree",
  },
  { name: "metadata", group: "compare", doc: "Compare times, permissions, owners and groups, too" },
  { name: "tag", group: "sums", doc: "Write lines as BSD does: SHA256 (name) = checksum" },
  {
    name: "comments",
    value: { name: "WHEN", kind: "choice", choices: ["auto", "always", "never"] },
    group: "sums",
    doc: "List what is no file in comments: auto (default; not for b3sum), always, never",
  },
  { name: "record-times", group: "sums", doc: "Keep sizes and times of files in comments" },

  { name: "verbose", short: "v", group: "output", doc: "List what was done" },
  {
    name: "explain",
    group: "output",
    doc: "List what was done, and say why of each action in words; delta: draw what it would be",
  },
  {
    name: "format",
    value: { name: "FORMAT", kind: "choice", choices: ["text", "itemize", "ndjson", "html", "github", "junit"] },
    group: "output",
    doc: "text (default), itemize (as rsync does), ndjson (one JSON object a line), html, github or junit",
  },
  {
    name: "report",
    value: { name: "FILE", kind: "text" },
    group: "output",
    doc: "Write a report, too: .html .ndjson .xml .md or .txt; may be repeated",
  },
  { name: "itemize-changes", short: "i", means: ["format", "itemize"], group: "output", doc: "As --format itemize" },
  { name: "json", means: ["format", "ndjson"], group: "output", doc: "One JSON object a line, as --format ndjson" },
  { name: "progress", group: "output", doc: "Show how far the run is" },
  { name: "quiet", short: "q", group: "output", doc: "Say nothing but errors and what was asked for" },
  {
    name: "color",
    value: { name: "WHEN", kind: "choice", choices: ["auto", "always", "never"] },
    group: "output",
    doc: "auto (default; heeds NO_COLOR), always or never",
  },

  { name: "help", short: "h", group: "other", doc: "Show this text" },
  { name: "version", short: "V", group: "other", doc: "Show the version" },
] as const satisfies readonly Flag[];

/** Long name of an option. */
export type FlagName = (typeof FLAGS)[number]["name"];

/**
 * Options by name.
 *
 * @param names Long names.
 * @returns Their rows, in the order of the table.
 */
export function flagsNamed(names: readonly FlagName[]): readonly Flag[] {
  return FLAGS.filter(({ name }) => names.includes(name));
}

/**
 * The long form as it is typed: `--no-name` for what is on by default.
 *
 * @param flag The option.
 * @returns With its dashes, without a value.
 */
export function longForm(flag: Flag): string {
  return flag.on === true ? `--no-${flag.name}` : `--${flag.name}`;
}
