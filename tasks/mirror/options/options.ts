/**
 * The options of a mirror, and their defaults.
 *
 * @module
 */
import { SyncError } from "../../../lib/errors.ts";
import type { CausePolicy } from "../../../lib/model/cause.ts";
import { refuseClashes } from "./clashes.ts";
import { checkBases } from "../trees/bases.ts";
import { checkLens } from "../trees/lens.ts";
import type { Expectations } from "../../../lib/plan/expectation.ts";
import { checkJudging, isJudging } from "./judging_options.ts";
import type { LayerChoice } from "../../../lib/os/open_tree.ts";
import { checkKeeping, keepingDefaults } from "./keeping_options.ts";
import { checkFilterOptions } from "./check_filter_options.ts";
import { CONTENT_OPTION_NAMES, type ContentOptions } from "./content_options.ts";
import type { FilterOptions } from "./filter_options.ts";

/** Options of {@linkcode mirror}. Everything that an entry has is carried unless it is switched off. */
export interface MirrorOptions extends FilterOptions, ContentOptions {
  /** Remove entries that the source does not have, after everything else. @default {false} */
  readonly delete?: boolean;
  /** Refuse to remove more entries than this. @default {the larger of 100 and 25 % of the destination} */
  readonly maxDelete?: number;
  /** Remove entries even when something of the source could not be read, so that it may have them. @default {false} */
  readonly ignoreErrors?: boolean;
  /**
   * Give files and directories that were only renamed their new names instead of copying them; takes `delete`. Their
   * contents are compared first. What is missing or extraneous is remembered meanwhile.
   * @default {false}
   */
  readonly detectMoves?: boolean;
  /** Take files of equal size and time for the same when moves are detected, without comparing contents. @default {false} */
  readonly trustMoves?: boolean;
  /** Mirror a source without entries over a destination with some. @default {false} */
  readonly allowEmptySource?: boolean;
  /**
   * What is expected of the plan and of what is done, such as `{ deletions: { atMost: 10 }, linked: { atLeast: "90%" } }`.
   * A plan that is not as expected is refused; what was done and is not is in the report.
   * @default {nothing}
   */
  readonly expect?: Expectations;
  /** Refuse to start when the destination has too little room for everything. @default {true} */
  readonly preflight?: boolean;
  /**
   * What entries that fail or are odd mean for the run, by cause: nothing, a warning, or a failure. Want of space always
   * fails.
   * @default {what vanished from the source is warned of, everything else fails}
   */
  readonly policy?: CausePolicy;
  /** Compare files of equal size byte by byte instead of by their times. @default {false} */
  readonly checksum?: boolean;
  /**
   * Path of a file in which checksums are kept from run to run, outside of both trees; it is made when it is missing and
   * always safe to delete. With `checksum` only files are read that it does not know as they are; files that were written
   * are read once more, to be known from then on. A file of the source that is to be written, and whose content is
   * another although nothing was written since it was noted, stops the run before the first change.
   * @default {undefined}
   */
  readonly catalog?: string;
  /** With `catalog`: read every file that is compared, whatever the catalog knows of it. @default {false} */
  readonly paranoid?: boolean;
  /** With `catalog`: carry files of the source that decayed, too. @default {false} */
  readonly allowRot?: boolean;
  /** Take files of equal size for equal; their times are set without copying. @default {false} */
  readonly sizeOnly?: boolean;
  /** Write every file again, whatever its size and time. @default {false} */
  readonly ignoreTimes?: boolean;
  /** Leave files alone that are newer at the destination. @default {false} */
  readonly update?: boolean;
  /** Make nothing that the destination does not have; only bring up to date what is there. @default {false} */
  readonly existing?: boolean;
  /** Change nothing that the destination has, except what is in its directories. @default {false} */
  readonly ignoreExisting?: boolean;
  /** Stay on the file systems of the two roots: mount points become empty directories. @default {false} */
  readonly oneFileSystem?: boolean;
  /** Leave symlinks alone that lead out of the source, or may do so. @default {false} */
  readonly safeLinks?: boolean;
  /** Carry what symlinks of the source lead to, wherever that is, instead of the symlinks. @default {false} */
  readonly copyLinks?: boolean;
  /** The same only for symlinks that lead out of the source, or may do so. @default {false} */
  readonly copyUnsafeLinks?: boolean;
  /**
   * Take a symlink of the destination for the directory that it leads to, where the source has a directory. One that
   * leads out of the destination is replaced, as always. @default {false}
   */
  readonly keepDirlinks?: boolean;
  /** Leave out directories with nothing but directories in them. @default {false} */
  readonly pruneEmptyDirs?: boolean;
  /** Seconds by which two times may differ and count as equal. @default {0} */
  readonly modifyWindow?: number;
  /** Carry permissions, with setuid, setgid and sticky. @default {true} */
  readonly perms?: boolean;
  /**
   * Other trees, beside the destination: what one of them holds under the same path, equal in content and metadata, is
   * left out. Relative paths begin at the destination. @default {[]}
   */
  readonly compareDest?: readonly string[];
  /** Other trees, as for `compareDest`: content that one of them holds is copied from there. @default {[]} */
  readonly copyDest?: readonly string[];
  /**
   * Other trees, as for `compareDest`: a file that one of them holds, equal in content and metadata, becomes a further
   * name of it. @default {[]}
   */
  readonly linkDest?: readonly string[];
  /** Changes of permissions, as if the source had them: `"D755,F644,go-w"`, in order. @default {""} */
  readonly chmod?: string;
  /** The owner of everything: `"USER"`, `"USER:GROUP"` or `":GROUP"`, by name or number. @default {""} */
  readonly chown?: string;
  /** Owners that are replaced: `"FROM:TO,..."`, by name, number, range `0-99` or pattern. @default {""} */
  readonly usermap?: string;
  /** The same for groups. @default {""} */
  readonly groupmap?: string;
  /** Take numbers of owners as they are, also in `usermap` and `groupmap`; a mirror always carries numbers. @default {false} */
  readonly numericIds?: boolean;
  /** Carry times of modification to the nanosecond. @default {true} */
  readonly times?: boolean;
  /** Carry owners, when privileged. @default {true} */
  readonly owner?: boolean;
  /** Carry groups: all when privileged, otherwise those this process is a member of. @default {true} */
  readonly group?: boolean;
  /** Carry symlinks as they are. @default {true} */
  readonly links?: boolean;
  /** Carry FIFOs and sockets, and devices when privileged. @default {true} */
  readonly specials?: boolean;
  /** Carry hard links as hard links. @default {true} */
  readonly hardLinks?: boolean;
  /** Keep holes in files. @default {true} */
  readonly sparse?: boolean;
  /** Carry extended attributes. @default {false} */
  readonly xattrs?: boolean;
  /** Carry POSIX access control lists. @default {false} */
  readonly acls?: boolean;
  /** Keep what is replaced or removed, under another name. @default {false, unless `backupDir` is given} */
  readonly backup?: boolean;
  /** What the names of kept entries end with. @default {"~", or nothing with `backupDir`} */
  readonly suffix?: string;
  /**
   * Keep what is replaced or removed below this directory instead; relative to the destination.
   * @default {undefined: beside the new entries}
   */
  readonly backupDir?: string;
  /**
   * Keep what is replaced or removed in a folder for each run below this directory, named by the time; relative to the
   * destination. @default {undefined}
   */
  readonly trash?: string;
  /**
   * Stage everything under temporary names, verify it, and switch it at once: until then nothing is seen of a run, and
   * a run that is stopped has changed nothing. @default {false}
   */
  readonly delayUpdates?: boolean;
  /**
   * Remove from the source what the destination has, after all else: entries that were mirrored or were right already,
   * but no directories. @default {false}
   */
  readonly removeSourceFiles?: boolean;
  /** Write everything to the disk before the run ends. @default {false} */
  readonly fsync?: boolean;
  /** Threads that work at the same time. @default {the number of cores} */
  readonly jobs?: number;
  /** Which implementation of the file system is used. @default {"auto"} */
  readonly layer?: LayerChoice;
  /** Stops the run; what is finished stays, nothing half-done remains. @default {undefined} */
  readonly signal?: AbortSignal;
}

/** Options with every default filled in. */
export type ResolvedOptions = Readonly<
  Required<Omit<MirrorOptions, Open>> & Pick<MirrorOptions, Open>
>;

/** Options without a default. */
type Open = "maxDelete" | "catalog" | "backupDir" | "trash" | "signal" | keyof FilterOptions;

/** Largest number of threads that makes sense to ask for. */
const MOST_JOBS = 256;

/**
 * Fills in the defaults and checks the numbers.
 *
 * @param options What the caller gave.
 * @param cores Number of cores, the default of `jobs`.
 * @returns A complete, frozen record.
 * @throws {RangeError} when a number is out of its range, or two options make no sense together.
 */
export function resolveOptions(options: MirrorOptions, cores: number): ResolvedOptions {
  const resolved: ResolvedOptions = {
    delete: false,
    ignoreErrors: false,
    detectMoves: false,
    trustMoves: false,
    allowEmptySource: false,
    preflight: true,
    expect: {},
    policy: {},
    checksum: false,
    paranoid: false,
    allowRot: false,
    sizeOnly: false,
    ignoreTimes: false,
    update: false,
    existing: false,
    ignoreExisting: false,
    oneFileSystem: false,
    safeLinks: false,
    pruneEmptyDirs: false,
    copyLinks: false,
    copyUnsafeLinks: false,
    keepDirlinks: false,
    modifyWindow: 0,
    perms: true,
    compareDest: [],
    copyDest: [],
    linkDest: [],
    chmod: "",
    chown: "",
    usermap: "",
    groupmap: "",
    numericIds: false,
    times: true,
    owner: true,
    group: true,
    links: true,
    specials: true,
    hardLinks: true,
    sparse: true,
    xattrs: false,
    acls: false,
    ...keepingDefaults(options),
    delayUpdates: false,
    inplace: false,
    append: false,
    appendVerify: false,
    delta: false,
    fuzzy: false,
    removeSourceFiles: false,
    fsync: false,
    jobs: cores,
    layer: "auto",
    ...withoutUndefined(options),
  };
  requireInteger("maxDelete", resolved.maxDelete ?? 0, 0, Number.MAX_SAFE_INTEGER);
  checkKeeping(options, resolved);
  if (resolved.catalog === "") throw new RangeError('Cannot use catalog "": it must be the path of a file');
  requireInteger("jobs", resolved.jobs, 1, MOST_JOBS);
  if (!(resolved.modifyWindow >= 0 && resolved.modifyWindow <= Number.MAX_SAFE_INTEGER / 1e9)) {
    throw new RangeError(`Cannot use modifyWindow ${resolved.modifyWindow}: it must be a number of seconds from 0`);
  }
  checkJudging(resolved);
  refuseClashes(resolved);
  checkLens(resolved);
  checkBases(resolved);
  checkFilterOptions(resolved, resolved.delete);
  // A function stays in its thread.
  return Object.freeze(resolved.predicate === undefined ? resolved : { ...resolved, jobs: 1 });
}

/** A program without type checks may pass `undefined` for a default. */
function withoutUndefined(options: MirrorOptions): MirrorOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Options that are a text. */
const TEXTS: readonly string[] = [
  "catalog",
  "suffix",
  "backupDir",
  "trash",
  "chmod",
  "chown",
  "usermap",
  "groupmap",
] satisfies readonly (keyof MirrorOptions)[];

/** Options that are lists of texts. */
const LISTS: readonly string[] = [
  "compareDest",
  "copyDest",
  "linkDest",
] satisfies readonly (keyof MirrorOptions)[];

/** Options that are on or off. */
const SWITCHES = [
  "delete",
  "ignoreErrors",
  "detectMoves",
  "trustMoves",
  "allowEmptySource",
  "preflight",
  "checksum",
  "paranoid",
  "allowRot",
  "sizeOnly",
  "ignoreTimes",
  "update",
  "existing",
  "ignoreExisting",
  "oneFileSystem",
  "safeLinks",
  "pruneEmptyDirs",
  "copyLinks",
  "copyUnsafeLinks",
  "keepDirlinks",
  "numericIds",
  "perms",
  "times",
  "owner",
  "group",
  "links",
  "specials",
  "hardLinks",
  "sparse",
  "xattrs",
  "acls",
  "backup",
  "delayUpdates",
  "removeSourceFiles",
  "fsync",
] as const satisfies readonly (keyof MirrorOptions)[];

/**
 * Checks options that come from outside the program, such as a saved plan.
 *
 * @param found Names and values.
 * @returns The same as options.
 * @throws {SyncError} code `"plan-damaged"` when a name is not known or a value is not of its type.
 */
export function optionsFrom(found: Readonly<Record<string, unknown>>): MirrorOptions {
  // What takes part was decided when the plan was made; `plan.ts` looks at it.
  const { selection: _, ...options } = found;
  for (const [name, value] of Object.entries(options)) {
    const isRight = [...SWITCHES, ...CONTENT_OPTION_NAMES].includes(name)
      ? typeof value === "boolean"
      : TEXTS.includes(name)
      ? typeof value === "string"
      : LISTS.includes(name)
      ? Array.isArray(value) && value.every((each) => typeof each === "string")
      : name === "layer"
      ? value === "auto" || value === "native" || value === "portable"
      : name === "maxDelete" || name === "modifyWindow"
      ? typeof value === "number"
      : isJudging(name, value);
    if (!isRight) {
      throw new SyncError("plan-damaged", `Cannot use the plan: its option ${JSON.stringify(name)} is not understood`, {
        hint: "make the plan again",
      });
    }
  }
  return options;
}

function requireInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`Cannot use ${name} ${value}: it must be a whole number from ${least} to ${most}`);
}
