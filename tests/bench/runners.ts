/**
 * Who takes part: Undrift in its three forms, and the programs it is compared with.
 *
 * `rsync -aH` is the fair equivalent: Undrift carries hard links, owners and nanosecond times unless it is told not to.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, currentBinary, ENTRY } from "../../tools/build.ts";
import { runtimeExecutable } from "../support/runtimes.ts";
import type { Command } from "./measure.ts";
import type { Form } from "./results.ts";

/** How each form of Undrift is started. */
export type Forms = Readonly<Record<Form, Command>>;

/** Returns how each form is started; builds the binary. */
export async function undriftForms(): Promise<Forms> {
  return {
    binary: [await currentBinary()],
    bun: [runtimeExecutable("bun"), ENTRY],
    deno: [runtimeExecutable("deno"), "run", "-A", ENTRY],
  };
}

/** Returns how an empty program is started in the same three ways. */
export async function emptyPrograms(folder: string): Promise<Forms> {
  const source = join(folder, "empty.ts");
  const outfile = join(folder, "empty");
  mkdirSync(folder, { recursive: true });
  writeFileSync(source, "export {};\n");
  rmSync(outfile, { force: true });
  await build({ outfile, entries: [source] });
  return {
    binary: [outfile],
    bun: [runtimeExecutable("bun"), source],
    deno: [runtimeExecutable("deno"), "run", "-A", source],
  };
}

/** Returns the command that mirrors. */
export function mirrorCommand(form: Command, source: string, destination: string, options: Command = []): Command {
  return [...form, "mirror", ...options, source, destination];
}

/** Returns rsync's command for the same. */
export function rsyncCommand(source: string, destination: string, options: Command = []): Command {
  return ["rsync", "-aH", ...options, `${source}/`, `${destination}/`];
}
