/**
 * Which options about keeping old entries go together.
 *
 * @module
 */

/** The options, as they are given. */
export interface KeepingOptions {
  /** Whether old entries are kept. */
  readonly backup?: boolean | undefined;
  /** What their names end with. */
  readonly suffix?: string | undefined;
  /** Where they go. */
  readonly backupDir?: string | undefined;
  /** Where they go, in a folder for each run. */
  readonly trash?: string | undefined;
}

const DEFAULT_SUFFIX = "~";

/**
 * The defaults, which depend on each other.
 *
 * @param options What was given.
 * @returns Defaults of `backup` and `suffix`.
 */
export function keepingDefaults({ backupDir, trash }: KeepingOptions): { backup: boolean; suffix: string } {
  const hasStore = backupDir !== undefined || trash !== undefined;
  return { backup: backupDir !== undefined, suffix: hasStore ? "" : DEFAULT_SUFFIX };
}

/**
 * Refuses what makes no sense.
 *
 * @param given What was given.
 * @param resolved The same with its defaults.
 * @throws {RangeError} with a message that names both options of a pair.
 */
export function checkKeeping(given: KeepingOptions, resolved: KeepingOptions): void {
  const { backup, suffix, backupDir, trash } = resolved;
  if (trash !== undefined && backupDir !== undefined) refusePair("trash", "backupDir (--backup-dir)", TWICE);
  if (trash !== undefined && backup === true) refusePair("trash", "backup", TWICE);
  if (trash !== undefined && suffix !== "") {
    refusePair("suffix", "trash", "names are kept as they are in a folder of the run");
  }
  if (backupDir !== undefined && backup === false) {
    refusePair("backupDir (--backup-dir)", "backup: false", "nothing would be kept there");
  }
  if (given.suffix !== undefined && backup !== true && trash === undefined && !isDefaults(given)) {
    refusePair("suffix", "no backup", "nothing would get it; add backup (--backup)");
  }
  if (suffix === "" && backup === true && backupDir === undefined) {
    refusePair("an empty suffix", "no backupDir (--backup-dir)", "old and new entries would have one name");
  }
  if (/[/\0]/.test(suffix ?? "")) {
    throw new RangeError(`Cannot use suffix ${JSON.stringify(suffix)}: it must not hold "/" or NUL`);
  }
  for (const [name, value] of [["backupDir", backupDir], ["trash", trash]]) {
    if (value === "") throw new RangeError(`Cannot use ${name} "": it must name a directory`);
  }
}

const TWICE = "each says where old entries go";

/** A saved plan names all options, also those that have their defaults. */
function isDefaults({ backup, suffix }: KeepingOptions): boolean {
  return backup === false && suffix === DEFAULT_SUFFIX;
}

function refusePair(one: string, other: string, why: string): never {
  throw new RangeError(`Cannot use ${one} together with ${other}: ${why}`);
}
