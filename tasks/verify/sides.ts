/**
 * Both sides of a verification, open: two trees, or a manifest and a tree.
 *
 * @module
 */
import { SyncError } from "../../lib/errors.ts";
import type { HashAlgorithm } from "../../lib/manifest/algorithm.ts";
import type { ManifestEntry } from "../../lib/manifest/entry.ts";
import type { Degradation } from "../../lib/model/capabilities.ts";
import type { Entry } from "../../lib/model/entry.ts";
import { type RelPath, ROOT } from "../../lib/model/rel_path.ts";
import type { Stamp } from "../../lib/model/stamp.ts";
import type { EntryFailure, Tree, XattrScope } from "../../lib/model/tree.ts";
import { mergeOrdered, type Paired } from "../../lib/scan/merge_ordered.ts";
import { type Ordered, walkInOrder } from "../../lib/scan/ordered_walk.ts";
import { type KnownDigests, openKnownDigests } from "../catalog/known_digests.ts";
import { FileWork } from "../checking/file_work.ts";
import { loadHash } from "../checking/load_hash.ts";
import { openForReading, readingWarnings, selectIn } from "../checking/read_roots.ts";
import { type Judge, manifestJudge, treeJudge } from "./judge.ts";
import { checkManifest } from "./manifest_file.ts";
import type { VerifySubject } from "./options.ts";

/** See the module comment. */
export interface Sides<Source> {
  /** What is read; the last one is the tree that is verified. */
  readonly trees: readonly Tree[];
  /** Which checksums are taken, if any are. */
  readonly algorithm: HashAlgorithm | undefined;
  /** Reads on the main thread. */
  readonly own: FileWork;
  /** Judges what was read. */
  readonly judge: Judge<Source>;
  /** What a catalog knows of the files of the last tree, with their stamps; absent without one. */
  readonly known?: KnownSides | undefined;
  /** What this machine cannot do. */
  readonly warnings: readonly Degradation[];
  /** What was listed and is not there. */
  readonly missing: readonly EntryFailure[];
  /** What both sides say of each path, in order. */
  pairs(): Iterable<Paired<Source, Entry>>;
  /** Releases the trees. */
  close(): void;
}

/** What is known of files before they are read. */
export interface KnownSides {
  /** The checksums. */
  readonly digests: KnownDigests;
  /** What the walk says of files that were not asked about yet. */
  readonly stamps: Map<RelPath, Stamp>;
}

const NO_XATTRS: Degradation = {
  name: "no-xattrs",
  message: "Extended attributes and access control lists cannot be read here, and are not compared",
};

/**
 * Opens both sides.
 *
 * @param subject What is verified.
 * @param signal Stops it.
 * @returns The sides; close them when done.
 * @throws {SyncError} when one cannot be opened or used.
 */
export async function openSides(subject: VerifySubject, signal: AbortSignal): Promise<Sides<unknown>> {
  const { expected } = subject;
  const trees: Tree[] = [];
  const close = () => {
    for (const tree of trees) tree.close();
  };
  try {
    const sides = typeof expected === "string"
      ? await openTrees(subject, expected, trees)
      : await openManifest(subject, expected.manifest, trees, signal);
    return {
      ...sides,
      close: () => {
        sides.known?.digests.close();
        close();
      },
    } as Sides<unknown>;
  } catch (thrown) {
    close();
    throw thrown;
  }
}

type Opened<Source> = Omit<Sides<Source>, "close">;

async function openTrees(
  { destination, options, env }: VerifySubject,
  source: string,
  trees: Tree[],
): Promise<Opened<Entry>> {
  const layer = options.layer ?? "auto";
  const one = openForReading(source, "verify", layer);
  trees.push(one);
  const other = openForReading(destination, "verify", layer);
  trees.push(other);
  const paths = [source, destination] as const;
  const selected = await selectIn(options, { paths, trees: [one, other], now: env.wallClock() });
  const [selectionIn, otherSelectionIn] = selected.selections;
  const wanted = options.xattrs || options.acls ? { attributes: options.xattrs, lists: options.acls } : undefined;
  const xattrs = trees.every(({ capabilities }) => capabilities.xattrs) ? wanted : undefined;
  const extras = { targets: true, xattrs };
  const warnings = trees.flatMap(({ capabilities }) => readingWarnings(capabilities));
  return {
    trees,
    algorithm: undefined,
    own: new FileWork({ trees }),
    judge: treeJudge({ metadata: options.metadata, windowNanoseconds: windowOf(trees) }),
    warnings: wanted !== undefined && xattrs === undefined ? [...warnings, NO_XATTRS] : warnings,
    missing: selected.missing,
    *pairs() {
      if (options.metadata && options.filesFrom === undefined) yield rootPair(one, other, xattrs);
      yield* mergeOrdered(
        walkInOrder(one, { extras, selectionIn }),
        walkInOrder(other, { extras, selectionIn: otherSelectionIn }),
      );
    },
  };
}

async function openManifest(
  { destination, options, env }: VerifySubject,
  file: string,
  trees: Tree[],
  signal: AbortSignal,
): Promise<Opened<ManifestEntry>> {
  const tree = openForReading(destination, "verify", options.layer ?? "auto");
  trees.push(tree);
  const manifest = await checkManifest(file, options.algorithm, async () => {
    await env.turn();
    if (signal.aborted) throw new SyncError("cancelled", "Cannot finish: it was stopped");
  });
  const selected = await selectIn(options, { paths: [destination], trees: [tree], now: env.wallClock() });
  const [selectionIn] = selected.selections;
  const { algorithm, listsAll } = manifest;
  const warnings = readingWarnings(tree.capabilities);
  const warn = (warning: Degradation) => void warnings.push(warning);
  const digests = await openKnownDigests({ options, source: destination, algorithm, env, warn });
  const known = digests && { digests, stamps: new Map<RelPath, Stamp>() };
  return {
    trees,
    algorithm,
    known,
    own: new FileWork({ trees, hash: await loadHash(algorithm) }),
    judge: manifestJudge({ metadata: false, windowNanoseconds: windowOf(trees) }),
    warnings,
    missing: selected.missing,
    *pairs() {
      const stamps = known !== undefined;
      const walk = walkInOrder(tree, { extras: { targets: true, xattrs: undefined }, selectionIn, stamps });
      for (const paired of mergeOrdered(manifest.entries(), noting(walk, known))) {
        const { path, source, destination: have, unreadable } = paired;
        // A list of files alone says nothing of other entries.
        if (source === undefined && !listsAll && have !== undefined && have.kind !== "file") continue;
        const isAbsent = source !== undefined && have === undefined && unreadable === undefined;
        if (isAbsent && selected.leavesOut(path, source.kind)) continue;
        yield paired;
      }
    },
  };
}

/** Keeps what a walk says of files, until it is asked for. */
function* noting(
  walk: Generator<Ordered<Entry>, void, undefined>,
  known: KnownSides | undefined,
): Generator<Ordered<Entry>, void, undefined> {
  for (const item of walk) {
    if (item.state === "there" && item.stamp !== undefined) known?.stamps.set(item.path, item.stamp);
    yield item;
  }
}

/** What the coarser of two clocks cannot tell apart. */
function windowOf(trees: readonly Tree[]): number {
  return Math.max(...trees.map(({ capabilities }) => capabilities.timeStepNanoseconds)) - 1;
}

function rootPair(one: Tree, other: Tree, xattrs: XattrScope | undefined): Paired<Entry, Entry> {
  return { path: ROOT, source: rootEntry(one, xattrs), destination: rootEntry(other, xattrs) };
}

function rootEntry(tree: Tree, scope: XattrScope | undefined): Entry {
  const directory = tree.open(ROOT);
  try {
    const entry = directory.entry();
    return scope === undefined ? entry : { ...entry, xattrs: directory.xattrs(undefined, scope) };
  } finally {
    directory.close();
  }
}
