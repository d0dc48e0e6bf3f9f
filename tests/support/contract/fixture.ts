/**
 * What the contract of trees is run over, and the small steps that its tests are written in.
 */
import { assertEquals, assertInstanceOf, assertThrows, type ItOptions } from "../test_api.ts";
import { decodeName } from "../../../lib/bytes/name.ts";
import { SyncError, type SyncErrorCode } from "../../../lib/errors.ts";
import type { Capabilities } from "../../../lib/model/capabilities.ts";
import { Listing } from "../../../lib/model/listing.ts";
import { parseRelPath, ROOT } from "../../../lib/model/rel_path.ts";
import type { Directory, FileWriter, Tree } from "../../../lib/model/tree.ts";

/** One tree under test, over an empty directory. */
export interface TreeFixture {
  /** The tree. */
  readonly tree: Tree;
  /** Closes it and removes what it holds. */
  dispose(): void;
}

/** An implementation and what is expected of it beside its capabilities. */
export interface TreeContract {
  /** Makes a fixture. */
  make(): TreeFixture;
  /** What its trees say they can do. */
  readonly capabilities: Capabilities;
  /** Whether two entries can change names at once. */
  readonly exchange: boolean;
  /** Whether paths may be longer than `PATH_MAX`. */
  readonly longPaths: boolean;
  /** Whether a symlink can have a fraction of a second before 1970. */
  readonly earlyFractionsOnSymlinks: boolean;
  /** What tests need that change owners and make devices. */
  readonly asRoot: ItOptions;
}

/** Runs a test body with an open root, and disposes of everything afterwards. */
export function withRoot(contract: TreeContract, body: (root: Directory, tree: Tree) => void): () => void {
  return () => {
    const fixture = contract.make();
    try {
      const root = fixture.tree.open(ROOT);
      body(root, fixture.tree);
      root.close();
    } finally {
      fixture.dispose();
    }
  };
}

/** Asserts that a call throws a {@linkcode SyncError} with a code, and returns it. */
export function assertCode(code: SyncErrorCode | readonly SyncErrorCode[], call: () => unknown): SyncError {
  const error = assertThrows(call, Error);
  assertInstanceOf(error, SyncError);
  const wanted = Array.isArray(code) ? code : [code];
  assertEquals(
    wanted.includes(error.code),
    true,
    `code ${error.code}, wanted ${wanted.join(" or ")}: ${error.message}`,
  );
  return error;
}

/** Makes a file with content. */
export function writeFile(directory: Directory, name: string, content: string | Uint8Array, mode = 0o644): void {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  withWriter(directory, name, (writer) => writer.write(bytes, 0), mode);
}

/** Makes a file and lets a body fill it. */
export function withWriter(
  directory: Directory,
  name: string,
  body: (writer: FileWriter) => void,
  mode = 0o644,
): void {
  const writer = directory.createFile(name, mode);
  try {
    body(writer);
  } finally {
    writer.close();
  }
}

/** Content of a file as text. */
export function readText(directory: Directory, name: string): string {
  return new TextDecoder().decode(readBytes(directory, name));
}

/** Content of a file. */
export function readBytes(directory: Directory, name: string): Uint8Array {
  const reader = directory.openFile(name);
  try {
    const bytes = new Uint8Array(reader.entry().size);
    for (let at = 0; at < bytes.length;) {
      const count = reader.read(bytes.subarray(at), at);
      if (count === 0) throw new Error(`Cannot read "${name}": it ends at ${at}`);
      at += count;
    }
    assertEquals(reader.read(new Uint8Array(1), bytes.length), 0);
    return bytes;
  } finally {
    reader.close();
  }
}

/** Makes a directory and opens it. */
export function makeDirectory(directory: Directory, name: string): Directory {
  directory.makeDirectory(name, 0o755);
  return directory.openDirectory(name);
}

/** All entries of a directory, by a handle of their own. */
export function listAll(tree: Tree, path = ""): Listing {
  const directory = tree.open(parseRelPath(path));
  const listing = new Listing();
  while (directory.list(listing));
  directory.close();
  return listing;
}

/** Names of all entries of a directory, in order. */
export function namesIn(tree: Tree, path = ""): string[] {
  const listing = listAll(tree, path);
  return Array.from({ length: listing.count }, (_, index) => listing.name(index)).sort();
}

/** Name made of bytes that need not be UTF-8. */
export function nameOf(...bytes: number[]): string {
  return decodeName(Uint8Array.from(bytes));
}
