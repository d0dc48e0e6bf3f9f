/**
 * Files that are written whole or not at all, and the hash that proves them.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { setImmediate } from "node:timers";
import { nodeError } from "./system_error.ts";

const BUFFERED = 1 << 16;

/**
 * Writes a file of lines under a temporary name and renames it into place. Other work has its turn in between.
 *
 * @param path Where.
 * @param lines The lines, with their ends.
 * @throws {SyncError} when it cannot be written; an old file is untouched then.
 */
export async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const file = openSync(temporary, "wx", 0o600);
    try {
      let text = "";
      for (const line of lines) {
        text += line;
        if (text.length < BUFFERED) continue;
        writeAll(file, text);
        text = "";
        await new Promise((resolve) => setImmediate(resolve));
      }
      writeAll(file, text);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw nodeError("write", path, thrown);
  }
}

function writeAll(file: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** A hash that bytes are pushed into. */
export interface RunningHash {
  /** Adds bytes. */
  update(bytes: Uint8Array): void;
  /** The hash so far, in hexadecimal; ends it. */
  digestHex(): string;
}

/**
 * Starts a SHA-256.
 *
 * @returns The hash.
 */
export function sha256(): RunningHash {
  const hash = createHash("sha256");
  return { update: (bytes) => void hash.update(bytes), digestHex: () => hash.digest("hex") };
}
