/**
 * `@std/cli` as it can be had from the npm registry: `parseArgs` alone, the other parts are incomplete there.
 *
 * Upstream infers a type for the result from the options. Here the result is a plain record of unknown values, which
 * upstream's is assignable to, so callers check what they take from it.
 */
import * as parseArgsJs from "deno-std/cli/parse_args.js";

/** How {@linkcode parseArgs} reads arguments. */
export interface ParseOptions {
  /** Options that take no value; `true` makes all without `=` so. @default {false} */
  boolean?: boolean | string[];
  /** Options whose value stays text even when it looks like a number. */
  string?: string[];
  /** Options that are gathered in an array. */
  collect?: string[];
  /** Options that can be negated by `--no-`. */
  negatable?: string[];
  /** Other names of options. */
  alias?: Record<string, string | string[]>;
  /** Values of options that are not given. */
  default?: Record<string, unknown>;
  /** Whether everything from the first operand on is an operand. @default {false} */
  stopEarly?: boolean;
  /** Whether what follows `--` is returned under that name and not among the operands. @default {false} */
  "--"?: boolean;
  /** Called for what is not named in these options; `false` leaves it out of the result. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** What {@linkcode parseArgs} returns: options by name, and operands. */
export interface ParsedArgs {
  /** Operands, in the order given. */
  _: (string | number)[];
  /** Options by name. What they hold depends on the arguments: check it. */
  [name: string]: unknown;
}

type ParseArgs = (args: string[], options?: ParseOptions) => ParsedArgs;

/** Reads command line arguments. Unknown options are accepted unless `unknown` rejects them. */
export const parseArgs: ParseArgs = (parseArgsJs as unknown as { parseArgs: ParseArgs }).parseArgs;
