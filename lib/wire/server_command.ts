/**
 * The arguments with which a client starts a server, in the words that every server understands.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
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
  /** Arguments of the program. */
  readonly visible: readonly string[];
  /** The others, which are written to the server before anything else; `undefined` when all are visible. */
  readonly secluded: Uint8Array<ArrayBuffer> | undefined;
}

/** What a server expands in paths that are sent to it, because no shell has seen them. */
const WILDCARD_REGEXP = /[*?[]/;

/**
 * The arguments of a server that a remote shell starts, so that no shell sees a path. Only a path that a server would
 * take for a pattern, and so perhaps for another path, is visible: it has to be quoted exactly.
 *
 * @param command What the server is told.
 * @returns Those that are given to the program, and those that are sent.
 */
export function secludedArguments(command: ServerCommand): SecludedArguments {
  if (command.paths.some((path) => WILDCARD_REGEXP.test(path))) {
    return { visible: serverArguments(command), secluded: undefined };
  }
  return { visible: head(command, "s"), secluded: encodeArguments([PROGRAM_NAME, ...tail(command)]) };
}

/**
 * The arguments of a server that a daemon starts, as they are sent.
 *
 * @param command What the server is told; paths begin with the name of the module.
 * @returns Their bytes.
 * @throws {SyncError} code `"usage"` when something is to be sent to a path with wildcards: whether a daemon takes it for
 * a pattern depends on what is there.
 */
export function daemonArguments(command: ServerCommand): Uint8Array<ArrayBuffer> {
  const paths = command.paths.map((path) => asPattern(path, command.isSender));
  const secluded = encodeArguments([PROGRAM_NAME, ...tail({ ...command, paths })]);
  return Uint8Array.of(...encodeArguments(head(command, "s")), ...secluded);
}

/** A pattern that matches one path. */
function asPattern(path: string, isSource: boolean): string {
  if (!WILDCARD_REGEXP.test(path)) return path;
  if (isSource) return path.replace(/[*?[\]\\]/g, "\\$&");
  throw new SyncError("usage", `Cannot push to "${printable(path)}": daemons take * ? and [ for wildcards`, {
    hint: "choose a path without them, or push through ssh",
  });
}

function head(command: ServerCommand, first: string): string[] {
  const letters = LETTERS.filter(([, isSaid]) => isSaid(command)).map(([letter]) => letter).join("");
  const abilities = `e.${command.offersIncremental ? "i" : ""}${ABILITIES}`;
  return ["--server", ...(command.isSender ? ["--sender"] : []), `-${first}${letters}${abilities}`];
}

function tail({ carried, longOptions, paths }: ServerCommand): string[] {
  const specials = carried.specials === carried.devices ? [] : [carried.specials ? "--specials" : "--no-specials"];
  return [...specials, ...(carried.numericIds ? ["--numeric-ids"] : []), ...longOptions, ".", ...paths.map(asOperand)];
}

/** A path that no server takes for an option. */
function asOperand(path: string): string {
  return path.startsWith("-") ? `./${path}` : path;
}
