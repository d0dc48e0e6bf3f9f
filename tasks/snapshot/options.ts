/**
 * The options of a snapshot, and their defaults.
 *
 * @module
 */
import { printable } from "../../lib/bytes/printable.ts";
import { isTag } from "../../lib/snapshot/record.ts";
import { FILTER_OPTION_NAMES, type FilterOptions } from "../mirror/options/filter_options.ts";
import { type MirrorOptions, type ResolvedOptions, resolveOptions } from "../mirror/options/options.ts";

/** How a snapshot shares what did not change with its basis. */
export type ShareMode =
  /** By hard links; what cannot be linked is copied, and said. */
  | "hard"
  /** Every file has an inode of its own, and its content in common with the basis where the file system can. */
  | "reflink"
  /** Not at all: everything is copied from the source. */
  | "copy";

/** Options of a mirror that a snapshot takes: those that say what is carried, and how it is done. */
export type CarriedOption =
  | "allowEmptySource"
  | "expect"
  | "preflight"
  | "policy"
  | "checksum"
  | "oneFileSystem"
  | "safeLinks"
  | "copyLinks"
  | "copyUnsafeLinks"
  | "pruneEmptyDirs"
  | "modifyWindow"
  | "perms"
  | "chmod"
  | "chown"
  | "usermap"
  | "groupmap"
  | "numericIds"
  | "owner"
  | "group"
  | "links"
  | "specials"
  | "hardLinks"
  | "sparse"
  | "xattrs"
  | "acls"
  | "fsync"
  | "jobs"
  | "layer"
  | "signal";

const CARRIED: Readonly<Record<CarriedOption, true>> = {
  allowEmptySource: true,
  expect: true,
  preflight: true,
  policy: true,
  checksum: true,
  oneFileSystem: true,
  safeLinks: true,
  copyLinks: true,
  copyUnsafeLinks: true,
  pruneEmptyDirs: true,
  modifyWindow: true,
  perms: true,
  chmod: true,
  chown: true,
  usermap: true,
  groupmap: true,
  numericIds: true,
  owner: true,
  group: true,
  links: true,
  specials: true,
  hardLinks: true,
  sparse: true,
  xattrs: true,
  acls: true,
  fsync: true,
  jobs: true,
  layer: true,
  signal: true,
};

/** Names of all options of a mirror that a snapshot takes, those that say what takes part included. */
export const CARRYING_OPTIONS: readonly string[] = [
  ...Object.keys(CARRIED),
  ...FILTER_OPTION_NAMES.filter((name) => name !== "deleteExcluded"),
];

/** Options of {@linkcode snapshot}. */
export interface SnapshotOptions extends Pick<MirrorOptions, CarriedOption>, Omit<FilterOptions, "deleteExcluded"> {
  /** Further trees to whose files links are made, beside the newest snapshot; relative to the store. @default {[]} */
  readonly linkDest?: readonly string[];
  /** How what did not change is shared with older snapshots. @default {"hard"} */
  readonly share?: ShareMode;
  /** Compare everything with the source by content once more before it is published. @default {false} */
  readonly verify?: boolean;
  /** Words to find the snapshot again by, and to keep it by. @default {[]} */
  readonly tags?: readonly string[];
  /** Seconds to wait for another run that is changing the store. @default {0} */
  readonly lockWait?: number;
}

/** Options with every default filled in. */
export interface ResolvedSnapshotOptions {
  /** What the mirror into the working folder takes. */
  readonly mirror: ResolvedOptions;
  /** Further trees. */
  readonly linkDest: readonly string[];
  /** How files are shared. */
  readonly share: ShareMode;
  /** Whether everything is compared before it is published. */
  readonly verify: boolean;
  /** Words to find it by. */
  readonly tags: readonly string[];
  /** Seconds to wait. */
  readonly lockWait: number;
}

const SHARE_MODES: readonly string[] = ["hard", "reflink", "copy"] satisfies readonly ShareMode[];
const MOST_WAIT = 1e9;

/**
 * Fills in the defaults and checks what can be checked.
 *
 * @param options What the caller gave.
 * @param cores Number of cores.
 * @returns Complete options.
 * @throws {RangeError} when an option is out of its range, or two make no sense together.
 */
export function resolveSnapshotOptions(options: SnapshotOptions, cores: number): ResolvedSnapshotOptions {
  const { linkDest = [], share = "hard", verify = false, tags = [], lockWait = 0, ...carrying } = options;
  if (!SHARE_MODES.includes(share)) {
    throw new RangeError(`Cannot use share "${printable(String(share))}": it must be hard, reflink or copy`);
  }
  if (share === "copy" && linkDest.length > 0) {
    throw new RangeError("Cannot use --share copy with --link-dest (API: share, linkDest): nothing would be linked");
  }
  const bad = tags.find((tag) => !isTag(tag));
  if (bad !== undefined) {
    throw new RangeError(
      `Cannot use tag "${printable(bad)}": it must be 1 to 100 characters without spaces and commas`,
    );
  }
  if (!(lockWait >= 0 && lockWait <= MOST_WAIT)) {
    throw new RangeError(`Cannot use lockWait ${lockWait}: it must be a number of seconds from 0`);
  }
  // Checked with the place of the newest snapshot, which is one more.
  const mirror = resolveOptions({ ...carrying, linkDest: share === "copy" ? [] : [".", ...linkDest] }, cores);
  return { mirror, linkDest, share, verify, tags: [...new Set(tags)], lockWait };
}
