/**
 * The arguments with which a client starts a server, in the words that every server understands.
 *
 * @module
 */
import type { Carried } from "./dialect.ts";
import { encodeArguments, PROGRAM_NAME } from "./argument_list.ts";

/** What a server is told. */
export interface ServerCommand {
  /** Whether it sends. */
  readonly isSender: boolean;
  /** What entries carry. */
  readonly carried: Carried;
  /** Permissions (`-p`). */
  readonly modes: boolean;
  /** Times of modification (`-t`). */
  readonly times: boolean;
  /** Everything below directories (`-r`). */
  readonly recursive: boolean;
  /** Names as they were given, with all directories above (`-R`). @default {false} */
  readonly relative?: boolean;
  /** Whether nothing is changed (`-n`). */
  readonly isListed: boolean;
  /** Whether lists may come directory by directory. */
  readonly offersIncremental: boolean;
  /** Further options, one argument each, as `--numeric-ids`; never a path that a user gave without its option. */
  readonly longOptions: readonly string[];
  /** Sources for a server that sends, the destination for one that receives. */
  readonly paths: readonly string[];
}

/** What this side can do, as letters that servers know: all but the first are always said. */
const ABILITIES = "LsfxCIvu";

/** Letters of what entries carry, in the order in which all clients say them. */
const LETTERS: readonly (readonly [letter: string, isSaid: (command: ServerCommand) => boolean])[] = [
  ["n", ({ isListed }) => isListed],
  ["l", ({ carried }) => carried.symlinks],
  ["H", ({ carried }) => carried.hardLinks],
  ["o", ({ carried }) => carried.owners],
  ["g", ({ carried }) => carried.groups],
  ["D", ({ carried }) => carried.devices],
  ["t", ({ times }) => times],
  ["U", ({ carried }) => carried.accessTimes],
  ["N", ({ carried }) => carried.creationTimes],
  ["p", ({ modes }) => modes],
  ["A", ({ carried }) => carried.acls],
  ["X", ({ carried }) => carried.xattrs],
  ["r", ({ recursive }) => recursive],
  ["c", ({ carried }) => carried.checksums],
  ["R", ({ relative }) => relative === true],
];

/**
 * All arguments of a server, for a daemon, or for a command that no shell reads.
 *
 * @param command What the server is told.
 * @returns The arguments, without the program.
 */
export function serverArguments(command: ServerCommand): string[] {
  return [...head(command, ""), ...tail(command)];
}

/** Arguments in two parts. */
export interface SecludedArguments {
  /** Arguments of the program; none of them means anything to a shell. */
  readonly visible: readonly string[];
  /** The others, which are written to the server before anything else. */
  readonly secluded: Uint8Array<ArrayBuffer>;
}

/**
 * The arguments of a server, so that no shell sees a path.
 *
 * @param command What the server is told.
 * @returns Those that are given to the program, and those that are sent.
 */
export function secludedArguments(command: ServerCommand): SecludedArguments {
  return { visible: head(command, "s"), secluded: encodeArguments([PROGRAM_NAME, ...tail(command)]) };
}

function head(command: ServerCommand, first: string): string[] {
  const letters = LETTERS.filter(([, isSaid]) => isSaid(command)).map(([letter]) => letter).join("");
  const abilities = `e.${command.offersIncremental ? "i" : ""}${ABILITIES}`;
  return ["--server", ...(command.isSender ? ["--sender"] : []), `-${first}${letters}${abilities}`];
}

function tail({ carried, longOptions, paths }: ServerCommand): string[] {
  const specials = carried.specials === carried.devices ? [] : [carried.specials ? "--specials" : "--no-specials"];
  return [...specials, ...(carried.numericIds ? ["--numeric-ids"] : []), ...longOptions, ".", ...paths];
}
