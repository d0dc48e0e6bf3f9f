/**
 * Help, made from the tables of commands and options.
 *
 * @module
 */
import { type Paint, painter } from "../report/paint.ts";
import { type Command, COMMANDS, GLOBAL_FLAGS } from "./commands.ts";
import { EXIT_MEANINGS } from "./exit_code.ts";
import { type Flag, type FlagGroup, flagsNamed, GROUPS, longForm } from "./flags.ts";

/** Width of help; a terminal that is narrower breaks lines by itself. */
const WIDTH = 80;
const TERM_WIDTH = 26;
const INDENT = 2;

const PLAIN: Paint = painter(false);

/**
 * Help of the whole program.
 *
 * @param version Version to show.
 * @param paint Colours. @default {none}
 * @returns Text with its last line end.
 */
export function programHelp(version: string, paint: Paint = PLAIN): string {
  const commands = COMMANDS.map((command) => row(synopsis(command), command.summary));
  const options = flagsNamed(GLOBAL_FLAGS).map((flag) => row(flagTerm(flag), flag.doc));
  const codes = EXIT_MEANINGS.map(([code, meaning]) => row(code, meaning, 10));
  return paragraphs([
    `undrift ${version}: takes the drift out of directory trees.`,
    `${paint("bold", "Usage:")} undrift <command> [options]`,
    section("Commands", commands, paint),
    section("Options", options, paint),
    section("Exit codes", codes, paint),
    '"undrift <command> --help" shows the options of a command.',
  ]);
}

/**
 * Help of one command.
 *
 * @param command The command.
 * @param paint Colours. @default {none}
 * @returns Text with its last line end.
 */
export function commandHelp(command: Command, paint: Paint = PLAIN): string {
  const flags = flagsNamed(command.flags);
  const groups = (Object.keys(GROUPS) as FlagGroup[]).map((group) => {
    const rows = flags.filter((flag) => flag.group === group).map((flag) => row(flagTerm(flag), flag.doc));
    return rows.length === 0 ? "" : section(GROUPS[group], rows, paint);
  });
  const examples = command.examples.map(([line, does]) => `  ${line}\n      ${does}`);
  return paragraphs([
    `${paint("bold", "Usage:")} undrift ${synopsis(command, " [options]")}`,
    `${command.summary}.`,
    ...command.details.map((text) => wrap(text, WIDTH).join("\n")),
    ...groups,
    examples.length === 0 ? "" : section("Examples", examples, paint),
  ]);
}

function paragraphs(texts: readonly string[]): string {
  return `${texts.filter((text) => text !== "").join("\n\n")}\n`;
}

function section(title: string, rows: readonly string[], paint: Paint): string {
  return [paint("bold", `${title}:`), ...rows].join("\n");
}

function synopsis({ name, operands }: Command, between = ""): string {
  const shown = operands.map(({ name: text, optional, repeats }) => {
    const term = repeats === true ? `${text}...` : text;
    return optional === true ? `[${term}]` : term;
  });
  return [`${name}${between}`, ...shown].join(" ");
}

/** What is typed; the short form of what is on by default changes nothing and is not shown. */
function flagTerm(flag: Flag): string {
  const short = flag.short === undefined || flag.on === true ? "    " : `-${flag.short}, `;
  const value = flag.value === undefined ? "" : ` ${flag.value.name}`;
  return `${short}${longForm(flag)}${value}`;
}

/** A term and what it means, side by side; the meaning continues below itself. */
function row(term: string, meaning: string, termWidth = TERM_WIDTH): string {
  const left = " ".repeat(INDENT) + term;
  const start = INDENT + termWidth;
  const [first = "", ...more] = wrap(meaning, WIDTH - start);
  const lines = left.length < start ? [left.padEnd(start) + first] : [left, " ".repeat(start) + first];
  return [...lines, ...more.map((line) => " ".repeat(start) + line)].join("\n");
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
