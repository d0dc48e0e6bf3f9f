/**
 * Options that make no sense together: one would say the opposite of the other, or have no effect beside it; and those
 * that make none alone.
 *
 * @module
 */

/** Each pair with what each of them asks for. */
const CLASHES = [
  ["sizeOnly", "ignoreTimes", "one takes files of equal size for equal, the other none"],
  ["sizeOnly", "checksum", "one looks at no content, the other at all of it"],
  ["ignoreTimes", "checksum", "one writes every file, the other only what differs"],
  ["detectMoves", "existing", "one gives new names to entries, the other makes nothing new"],
  ["detectMoves", "delayUpdates", "one renames while files are still written, the other shows nothing until all are"],
  ["trustMoves", "checksum", "one looks at no content, the other at all of it"],
  ["copyLinks", "copyUnsafeLinks", "one copies what every symlink leads to, the other only some"],
  ["copyLinks", "safeLinks", "one copies what symlinks lead to, the other leaves them alone"],
  ["copyUnsafeLinks", "safeLinks", "one copies what symlinks lead to, the other leaves them alone"],
  ["removeSourceFiles", "copyLinks", "what a symlink leads to may be outside of the source"],
  ["removeSourceFiles", "copyUnsafeLinks", "what a symlink leads to is outside of the source"],
  ["inplace", "delayUpdates", "one changes files at once, the other shows nothing until all are written"],
  ["inplace", "update", "a file that is half changed when a run is interrupted would count as newer, and stay so"],
  ["append", "appendVerify", "one trusts what is there, the other looks at it"],
  ["append", "inplace", "one changes nothing that is there, the other what differs"],
  ["append", "delayUpdates", "one changes files at once, the other shows nothing until all are written"],
  ["appendVerify", "delayUpdates", "one changes files at once, the other shows nothing until all are written"],
  ["append", "update", "a file that is half written when a run is interrupted would count as newer, and stay so"],
  ["appendVerify", "update", "a file that is half written when a run is interrupted would count as newer, and stay so"],
  ["delta", "inplace", "one makes new files of old ones, the other changes the old ones"],
  ["delta", "append", "one makes new files of old ones, the other adds to the old ones"],
  ["delta", "appendVerify", "one makes new files of old ones, the other adds to the old ones"],
  ["keepDirlinks", "delete", "what a symlink leads to may be removed under its own name"],
] as const;

/** Each option with the one that it takes, and what for. */
const NEEDS = [
  ["detectMoves", "delete", "what gets a new name is no longer there under the old one"],
  ["fuzzy", "delta", "it says what else new files are made of"],
  ["trustMoves", "detectMoves", "it says how moves are detected"],
  ["paranoid", "catalog", "without it every file that is compared is read anyway"],
  ["paranoid", "checksum", "no file is compared by its content"],
  ["allowRot", "catalog", "nothing is known of what decayed"],
] as const;

/** Options that can clash. */
type Clashing = (typeof CLASHES)[number][0 | 1] | (typeof NEEDS)[number][0 | 1];

/**
 * Refuses options that make no sense together.
 *
 * @param options Complete options.
 * @throws {RangeError} with both names and the reason.
 */
export function refuseClashes(options: Readonly<Partial<Record<Clashing, boolean | string>>>): void {
  for (const [one, other, why] of CLASHES) {
    if (options[one] && options[other]) throw clash(one, other, why);
  }
  for (const [one, other, why] of NEEDS) {
    if (options[one] && !options[other]) throw need(one, other, why);
  }
}

/**
 * What is said of two options that make no sense together.
 *
 * @param one Name of an option; `no-` stands before that of one that is off.
 * @param other Name of the other.
 * @param why Why not.
 * @param relation Whether the other one is there, or is what is missing. @default {"with"}
 * @returns An error that names both, as they are typed and as a program gives them.
 */
export function clash(
  one: string,
  other: string,
  why: string,
  relation: "with" | "without" = "with",
): RangeError {
  return new RangeError(
    `Cannot use ${flagOf(one)} ${relation} ${flagOf(other)} (API: ${apiOf(one)}, ${apiOf(other)}): ${why}`,
  );
}

/** What is off has a name of its own as an option. */
function apiOf(name: string): string {
  return name.startsWith("no-") ? `${name.slice(3)}: false` : name;
}

function need(one: string, other: string, why: string): RangeError {
  return new RangeError(`Cannot use ${flagOf(one)} without ${flagOf(other)} (API: ${one}, ${other}): ${why}`);
}

function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
