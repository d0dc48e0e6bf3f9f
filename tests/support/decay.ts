/**
 * Files that decayed, for tests. What a disk does cannot be done through a file system: whatever writes a file changes
 * its time of change. So it is the catalog that is told what the file was like before: under the very stamp that the
 * file has now, another content. `tests/trouble/rot_test.ts` flips bits below a real file system.
 */
import { createHash } from "node:crypto";
import { baseName, parentPath, parseRelPath } from "../../lib/model/rel_path.ts";
import { databaseFile } from "../../lib/os/database.ts";
import { canonicalPath, openTree } from "../../lib/os/open_tree.ts";
import { Catalog } from "../../lib/catalog/catalog.ts";
import type { Known } from "../../lib/catalog/known.ts";
import type { Stamp } from "../../lib/model/stamp.ts";

/** Later than every file of a test, so that none is too young to be recorded. */
const LATER_MS = 60_000;

/** Where a file is. */
export interface KnownFile {
  /** The catalog. */
  readonly catalog: string;
  /** The tree. */
  readonly root: string;
  /** The file below it. */
  readonly path: string;
  /** By which layer it is looked at. @default {"auto"} */
  readonly layer?: "auto" | "portable";
}

/** Runs something with an open catalog. */
function within<Result>(file: string, body: (catalog: Catalog) => Result): Result {
  const warn = ({ message }: { readonly message: string }) => {
    throw new Error(message);
  };
  const catalog = Catalog.open({ place: databaseFile(file), algorithm: "sha256", wallClock: Date.now, warn });
  try {
    return body(catalog);
  } finally {
    catalog.close();
  }
}

/** What is said of a file as it is now. */
export function stampOfFile({ root, path, layer = "auto" }: KnownFile): Stamp {
  const tree = openTree(root, layer);
  try {
    const directory = tree.open(parentPath(parseRelPath(path)));
    const reader = directory.openFile(baseName(parseRelPath(path)));
    const stamp = reader.stamp();
    reader.close();
    directory.close();
    return stamp;
  } finally {
    tree.close();
  }
}

/** Makes a catalog take a file for one that had another content when it was recorded. */
export function decayFrom(file: KnownFile, content: string): void {
  const path = parseRelPath(file.path);
  const reading = { stamp: stampOfFile(file), checksum: new Uint8Array(createHash("sha256").update(content).digest()) };
  within(file.catalog, (catalog) => {
    catalog.record(canonicalPath(file.root), parentPath(path), baseName(path), reading, Date.now() + LATER_MS);
  });
}

/** What a catalog knows of a file. */
export function knownOf({ catalog, root, path }: KnownFile): Known | undefined {
  const proven = parseRelPath(path);
  return within(catalog, (open) => open.directory(canonicalPath(root), parentPath(proven)).get(baseName(proven)));
}

/** Waits until what was written last is old enough to be recorded. */
export function untilSettled(layer: "auto" | "portable" = "auto"): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, layer === "auto" ? 150 : 3_200));
}
