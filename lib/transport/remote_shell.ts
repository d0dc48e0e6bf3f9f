/**
 * The command that reaches another machine: the system's `ssh`, with the user's own configuration, or what the user
 * names instead. It is a list of arguments from end to end. What ssh hands to a shell over there is made of words that
 * are quoted exactly, and paths are not among them (`lib/wire/argument_list.ts`).
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import type { ShellEndpoint } from "../model/endpoint.ts";

/** How a machine is reached. */
export interface RemoteShell {
  /** The remote shell and its arguments. @default {["ssh"]} */
  readonly shell?: readonly string[] | undefined;
  /**
   * How rsync is called over there; the shell over there reads it, so it may be more than one word: `sudo rsync`.
   *
   * @default {"rsync"}
   */
  readonly rsyncPath?: string | undefined;
  /** How long connecting may take, in seconds; understood by ssh. @default {as long as ssh tries} */
  readonly connectTimeout?: number | undefined;
}

/**
 * What ssh is told beside the user's configuration: nothing but this session goes through the connection, and it is one
 * of its own, since a shared one is limited by the slowest and outlives the run.
 */
const SSH_OPTIONS = ["-T", "-x", "-S", "none", "-o", "ControlMaster=no", "-o", "ClearAllForwardings=yes"] as const;

/**
 * The command that starts a server on another machine.
 *
 * @param endpoint The machine.
 * @param remote How it is reached.
 * @param serverArguments Arguments of rsync over there, `--server` first.
 * @returns Program and arguments, for a process of this machine.
 * @throws {SyncError} code `"usage"` when the machine's name would be taken for an option.
 */
export function remoteCommand(
  endpoint: Pick<ShellEndpoint, "host" | "user" | "port">,
  remote: RemoteShell,
  serverArguments: readonly string[],
): string[] {
  const { shell = ["ssh"], rsyncPath = "rsync", connectTimeout } = remote;
  const { host, user, port } = endpoint;
  // An endpoint may have been given as a value, and was not parsed then.
  for (const word of [host, user ?? "me"]) {
    if (!/^[^-\s\p{Cc}][^\s\p{Cc}]*$/u.test(word)) {
      throw new SyncError("usage", `Cannot connect to "${printable(host)}": "${printable(word)}" names nobody`);
    }
  }
  const isSsh = isOpenSsh(shell);
  return [
    ...shell,
    ...(isSsh ? SSH_OPTIONS : []),
    ...(isSsh && connectTimeout !== undefined ? ["-o", `ConnectTimeout=${Math.ceil(connectTimeout)}`] : []),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...(user === undefined ? [] : ["-l", user]),
    host,
    rsyncPath,
    ...serverArguments.map(quoted),
  ];
}

function isOpenSsh(shell: readonly string[]): boolean {
  const [program = ""] = shell;
  return /(?:^|\/)ssh(?:\.exe)?$/.test(program);
}

/**
 * Quotes a word for a POSIX shell, so that it arrives as it is.
 *
 * @param word The word.
 * @returns The same for a shell; unchanged when no shell sees anything in it.
 */
export function quoted(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * Divides the value of `--rsh` into words, as rsync does: at spaces outside of quotes. Nothing is expanded.
 *
 * @param text For example `ssh -p 2222 -i "my key"`.
 * @returns The words.
 * @throws {SyncError} code `"usage"` when there is none, or a quote is not closed.
 */
export function parseRemoteShell(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (quote !== "") {
      // A quote that is written twice is meant itself.
      if (letter === quote && text[at + 1] === quote) word += text[++at]!;
      else if (letter === quote) quote = "";
      else word += letter;
    } else if (letter === `"` || letter === `'`) {
      quote = letter;
      word ??= "";
    } else if (letter === " ") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + letter;
  }
  if (word !== undefined) words.push(word);
  if (quote === "" && words.length > 0) return words;
  const why = quote === "" ? "it is empty" : `its ${quote} is not closed`;
  throw new SyncError("usage", `Cannot use the remote shell "${printable(text)}": ${why}`);
}
