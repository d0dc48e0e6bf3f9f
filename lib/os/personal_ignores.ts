/**
 * What the person who runs this process wants to be ignored everywhere.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** What a person wants to be ignored everywhere, as CVS has it. */
export interface PersonalIgnores {
  /** What is in `~/.cvsignore`. */
  readonly home: Uint8Array | undefined;
  /** Value of the variable `CVSIGNORE`. */
  readonly variable: string | undefined;
}

/**
 * Looks up what the person who runs this process wants to be ignored. What may not be read is not there.
 *
 * @returns Both sources.
 */
export function personalIgnores(): PersonalIgnores {
  return {
    home: tried(() => readFileSync(join(homedir(), ".cvsignore"))),
    variable: tried(() => process.env["CVSIGNORE"]),
  };
}

function tried<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
