/**
 * Command lines, read strictly. `parseArgs` of `@std/cli` accepts what it does not know, reads operands as numbers and
 * words after a switch as its value; so every argument is brought into one canonical form by the table of options
 * first, and what does not fit is refused with the nearest option that does.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { parseAge, parseSize } from "../filter/limits.ts";
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import { type Command, COMMANDS, findCommand, GLOBAL_FLAGS } from "./commands.ts";
import { type Flag, type FlagName, flagsNamed, longForm, type ValueKind } from "./flags.ts";
import { nearest } from "./suggest.ts";

/** Values of options. */
export interface Values {
  /** Whether a switch is on. */
  isOn(name: FlagName): boolean;
  /** Text of an option, if it was given. */
  text(name: FlagName): string | undefined;
  /** Number of an option, if it was given. */
  number(name: FlagName): number | undefined;
  /** Everything that was given of options that may be repeated, in the order of the command line. */
  repeated(...names: readonly FlagName[]): readonly Repeated[];
}

/** One of several uses of an option. */
export interface Repeated {
  /** The option. */
  readonly name: FlagName;
  /** Its value; empty for a switch. */
  readonly value: string;
}

/** A command line that was understood. */
export type Invocation =
  | { readonly kind: "version" }
  | { readonly kind: "help"; readonly command: Command | undefined }
  | {
    readonly kind: "command";
    readonly command: Command;
    readonly operands: readonly string[];
    readonly values: Values;
  };

/**
 * Reads a command line.
 *
 * @param args Arguments of the process, without the program.
 * @returns What it asks for.
 * @throws {SyncError} code `"usage"`; its message is one line and names the nearest option or command.
 */
export function parseCommandLine(args: readonly string[]): Invocation {
  const [first, ...rest] = args;
  if (first === undefined) throw usage('Cannot tell what to do: a command is missing; see "undrift --help"');
  if (first.startsWith("-")) return parseGlobal(args);
  const command = findCommand(first);
  if (command === undefined) throw unknownCommand(first);
  const { options, operands } = canonicalForm(rest, flagsNamed(command.flags), command);
  const values = readValues(options, flagsNamed(command.flags));
  if (values.isOn("help")) return { kind: "help", command };
  checkOperands(command, operands);
  if (command.name === "help") return { kind: "help", command: commandForHelp(operands[0]) };
  return { kind: "command", command, operands, values };
}

function parseGlobal(args: readonly string[]): Invocation {
  const flags = flagsNamed(GLOBAL_FLAGS);
  const { options, operands } = canonicalForm(args, flags, undefined);
  const values = readValues(options, flags);
  if (values.isOn("help")) return { kind: "help", command: commandForHelp(operands[0]) };
  if (values.isOn("version")) return { kind: "version" };
  throw usage('Cannot tell what to do: a command is missing; see "undrift --help"');
}

function commandForHelp(name: string | undefined): Command | undefined {
  if (name === undefined) return undefined;
  const command = findCommand(name);
  if (command === undefined) throw unknownCommand(name);
  return command;
}

interface Canonical {
  /** Options as `--name`, `--no-name` or `--name=value`. */
  readonly options: string[];
  /** Everything else. */
  readonly operands: string[];
}

/** Brings all arguments into one form; whatever the table does not know is refused here. */
function canonicalForm(args: readonly string[], flags: readonly Flag[], command: Command | undefined): Canonical {
  const canonical: Canonical = { options: [], operands: [] };
  const waiting = [...args];
  for (let arg = waiting.shift(); arg !== undefined; arg = waiting.shift()) {
    if (arg === "--") {
      canonical.operands.push(...waiting.splice(0));
    } else if (arg.startsWith("--")) {
      canonical.options.push(canonicalLong(arg, waiting, flags, command));
    } else if (arg.startsWith("-") && arg !== "-") {
      canonical.options.push(...canonicalCluster(arg, waiting, flags, command));
    } else {
      canonical.operands.push(arg);
    }
  }
  return canonical;
}

function canonicalLong(arg: string, waiting: string[], flags: readonly Flag[], command: Command | undefined): string {
  const [, name = "", given] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
  const isNegative = name.startsWith("no-");
  const flag = flags.find((each) => each.name === (isNegative ? name.slice(3) : name));
  if (flag === undefined || (isNegative && flag.on !== true)) throw unknownOption(`--${name}`, flags, command);
  if (flag.value === undefined && given !== undefined) {
    throw usage(`Cannot use --${name}=${printable(given)}: it takes no value`);
  }
  return flag.value === undefined ? `--${name}` : withValue(flag, given ?? nextValue(flag, waiting), `--${name}`);
}

/** `-nj4` is `--dry-run --jobs=4`. */
function canonicalCluster(
  arg: string,
  waiting: string[],
  flags: readonly Flag[],
  command: Command | undefined,
): string[] {
  const options: string[] = [];
  for (let at = 1; at < arg.length; at++) {
    const letter = arg[at]!;
    const flag = flags.find(({ short }) => short === letter);
    if (flag === undefined) throw unknownOption(`-${String.fromCodePoint(arg.codePointAt(at)!)}`, flags, command);
    if (flag.value === undefined) {
      options.push(`--${flag.name}`);
      continue;
    }
    const attached = arg.slice(at + 1).replace(/^=/, "");
    options.push(withValue(flag, attached === "" ? nextValue(flag, waiting) : attached, `-${letter}`));
    break;
  }
  return options;
}

/** A rule begins with a dash and has a space, or what stands for one, before its pattern: `- *.o`, `-,p_cache`. */
const RULE_REGEXP = /^-[^-\s_]*[\s_]/;

/** An argument that looks like an option is not taken as a value: most often the value was forgotten. */
function nextValue({ value }: Flag, waiting: string[]): string | undefined {
  const next = waiting[0];
  const isOption = next?.startsWith("-") === true && next !== "-";
  if (isOption && !(value?.kind === "rule" && RULE_REGEXP.test(next))) return undefined;
  return waiting.shift();
}

function withValue(flag: Flag, value: string | undefined, shown: string): string {
  if (value === undefined || value === "") throw usage(`Cannot use ${shown}: it needs a value (${flag.value!.name})`);
  const problem = valueProblem(flag.value!, value);
  if (problem !== undefined) throw usage(`Cannot use ${shown} ${printable(value)}: ${problem}`);
  return `--${flag.name}=${value}`;
}

function valueProblem(kind: ValueKind, value: string): string | undefined {
  switch (kind.kind) {
    case "text":
      return value.includes("\n") || value.includes("\0") ? "it must be a single line" : undefined;
    case "rule":
      return value.includes("\0") ? "it must not hold NUL" : undefined;
    case "size":
      return parseSize(value) === undefined ? "it must be a size such as 1.5m" : undefined;
    case "time":
      return parseAge(value, 0) === undefined
        ? "it must be a time such as 2026-01-31T12:00Z, or an age such as 7d"
        : undefined;
    case "integer": {
      const fits = /^\d{1,16}$/.test(value) && Number(value) >= kind.least && Number(value) <= kind.most;
      return fits ? undefined : `it must be a whole number from ${kind.least} to ${kind.most}`;
    }
    case "decimal":
      return /^\d+(?:\.\d+)?$/.test(value) && Number(value) <= kind.most ? undefined : "it must be a number from 0";
    case "choice": {
      if (kind.choices.includes(value)) return undefined;
      const meant = nearest(value, kind.choices);
      const choices = `it must be ${kind.choices.slice(0, -1).join(", ")} or ${kind.choices.at(-1)}`;
      return meant === undefined ? choices : `${choices}; did you mean ${meant}?`;
    }
  }
}

function readValues(options: readonly string[], flags: readonly Flag[]): Values {
  const parsed = parseArgs([...options], {
    boolean: flags.filter(({ value }) => value === undefined).map(({ name }) => name),
    string: flags.filter(({ value }) => value !== undefined).map(({ name }) => name),
    negatable: flags.filter(({ on }) => on === true).map(({ name }) => name),
    default: Object.fromEntries(flags.filter(({ on }) => on === true).map(({ name }) => [name, true])),
  });
  const meanings = new Map<string, string>();
  for (const { name, means } of flags) {
    if (means === undefined || parsed[name] !== true) continue;
    const [flag, value] = means;
    const known = meanings.get(flag) ?? parsed[flag];
    if (known !== undefined && known !== value) throw usage(`Cannot use --${name} with --${flag} ${String(known)}`);
    meanings.set(flag, value);
  }
  const text = (name: FlagName) => {
    const value = meanings.get(name) ?? parsed[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    isOn: (name) => parsed[name] === true,
    text,
    number: (name) => text(name) === undefined ? undefined : Number(text(name)),
    repeated: (...names) => options.map(repeatedFrom).filter(({ name }) => names.includes(name)),
  };
}

/** The canonical form taken apart again. */
function repeatedFrom(option: string): Repeated {
  const [, name = "", value = ""] = /^--([^=]*)=?(.*)$/s.exec(option) ?? [];
  return { name: name as FlagName, value };
}

function checkOperands({ name, operands }: Command, given: readonly string[]): void {
  const missing = operands.slice(given.length).find(({ optional }) => optional !== true);
  if (missing !== undefined) {
    throw usage(`Cannot run ${name}: ${missing.name} is missing; see "undrift ${name} --help"`);
  }
  const surplus = operands.at(-1)?.repeats === true ? undefined : given[operands.length];
  if (surplus !== undefined) throw usage(`Cannot run ${name}: "${printable(surplus)}" is one operand too many`);
  const empty = given.indexOf("");
  if (empty >= 0) throw usage(`Cannot run ${name}: ${(operands[empty] ?? operands.at(-1))!.name} is empty`);
}

function unknownOption(shown: string, flags: readonly Flag[], command: Command | undefined): SyncError {
  const known = flags.flatMap((flag) => flag.on === true ? [longForm(flag), `--${flag.name}`] : [longForm(flag)]);
  const meant = shown.startsWith("--") ? nearest(shown, known) : undefined;
  const place = command === undefined ? "undrift" : `undrift ${command.name}`;
  const hint = meant === undefined ? `see "${place} --help"` : `did you mean ${meant}?`;
  return usage(`Cannot use ${printable(shown)}: there is no such option; ${hint}`);
}

function unknownCommand(name: string): SyncError {
  const meant = nearest(name, COMMANDS.map((command) => command.name));
  const hint = meant === undefined ? 'see "undrift --help"' : `did you mean ${meant}?`;
  return usage(`Cannot run "${printable(name)}": there is no such command; ${hint}`);
}

function usage(message: string): SyncError {
  return new SyncError("usage", message);
}
