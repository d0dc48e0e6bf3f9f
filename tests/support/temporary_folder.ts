/** Folders that a test has for itself. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder and how it goes away. */
export interface TemporaryFolder {
  /** Its absolute path. */
  readonly path: string;
  /** Removes it with all that is in it. */
  remove(): void;
}

/** Makes an empty folder. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "undrift-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
