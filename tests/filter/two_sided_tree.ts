/**
 * A source and a destination written down as one tree, and what a filter makes of them: the reference of what a run
 * transfers and deletes, by nothing but the filter.
 */
import fc from "fast-check";
import { encodeName } from "../../lib/bytes/name.ts";
import type { DirectoryFilter } from "../../lib/filter/directory_filter.ts";
import type { Filter } from "../../lib/filter/filter.ts";
import type { RuleFiles } from "../../lib/filter/rule_files.ts";
import { Listing } from "../../lib/model/listing.ts";
import { NAMES } from "./pattern_arbitrary.ts";

/** Where an entry is. */
export type Presence = "source" | "destination" | "both";

/** A file with its content on each side, or a directory. */
export type TwoSidedNode =
  | { readonly on: Presence; readonly content: { readonly source: string; readonly destination: string } }
  | { readonly on: Presence; readonly entries: TwoSidedTree };

/** Entries of a directory by name. */
export type TwoSidedTree = { readonly [name: string]: TwoSidedNode };

/** One of the two trees. */
export type TreeSide = "source" | "destination";

const presence = fc.constantFrom<Presence>("both", "both", "source", "destination");

/** Random contents of rule files by their names. */
type RuleFileContents = Readonly<Record<string, fc.Arbitrary<string>>>;

/** Random trees of one side, with random rule files. */
export function oneSidedTree(ruleFiles: RuleFileContents): fc.Arbitrary<TwoSidedTree> {
  return treeOf(ruleFiles, 3).map((tree) => sided(tree));
}

function sided(tree: TwoSidedTree): TwoSidedTree {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]): [string, TwoSidedNode] => [
      name,
      "entries" in node ? { on: "source", entries: sided(node.entries) } : { ...node, on: "source" },
    ]),
  );
}

/**
 * Random trees with random rule files. Below a directory whose name has wildcards there are none: rsync takes such a
 * name for a part of the anchored patterns in them.
 */
export function twoSidedTree(ruleFiles: RuleFileContents): fc.Arbitrary<TwoSidedTree> {
  return treeOf(ruleFiles, 3).map((tree) => within(tree, "both", ruleFiles));
}

/** What is in a directory of one side is on that side alone. */
function within(tree: TwoSidedTree, above: Presence, ruleFiles: RuleFileContents): TwoSidedTree {
  const nodes: Record<string, TwoSidedNode> = {};
  for (const [name, node] of Object.entries(tree)) {
    const on = above === "both" ? node.on : above;
    if ("entries" in node) {
      nodes[name] = { on, entries: within(node.entries, on, /[*?[\\]/.test(name) ? {} : ruleFiles) };
    } else if (name in ruleFiles || !name.startsWith(".")) nodes[name] = { ...node, on };
  }
  return nodes;
}

function treeOf(ruleFiles: RuleFileContents, depth: number): fc.Arbitrary<TwoSidedTree> {
  const file = fc.record({ on: presence, content: fc.constant({ source: "", destination: "" }) });
  const directory = fc.record({ on: presence, entries: fc.constant({}) as fc.Arbitrary<TwoSidedTree> });
  const below = depth === 0 ? directory : fc.record({ on: presence, entries: treeOf(ruleFiles, depth - 1) });
  const node: fc.Arbitrary<TwoSidedNode> = fc.oneof({ weight: 3, arbitrary: file }, { weight: 3, arbitrary: below });
  const entries = fc.dictionary(fc.constantFrom(...NAMES), node, { maxKeys: 6, noNullPrototype: true });
  const contents = Object.entries(ruleFiles).map(([name, content]) => {
    const contentOf = fc.record({ source: content, destination: content });
    return fc.option(fc.record({ on: presence, content: contentOf }), { freq: 2, nil: undefined })
      .map((of): TwoSidedTree => of === undefined ? {} : { [name]: of });
  });
  return fc.tuple(entries, ...contents).map((parts) => Object.assign({}, ...parts) as TwoSidedTree);
}

/** Whether an entry is on a side. */
export function isOn(node: TwoSidedNode, side: TreeSide): boolean {
  return node.on === "both" || node.on === side;
}

/** Paths of all entries, and whether each is a directory. */
export function* pathsOf(tree: TwoSidedTree, above = ""): Generator<readonly [path: string, isDirectory: boolean]> {
  for (const [name, node] of Object.entries(tree)) {
    yield [`${above}${name}`, "entries" in node];
    if ("entries" in node) yield* pathsOf(node.entries, `${above}${name}/`);
  }
}

/** What a rule file holds at the source. */
export function sourceFile(tree: TwoSidedTree, path: string): Uint8Array | undefined {
  const [name = "", ...rest] = path.split("/");
  if (rest.length === 0) return filesIn(tree, "source").read(name);
  const node = tree[name];
  return node !== undefined && "entries" in node ? sourceFile(node.entries, rest.join("/")) : undefined;
}

/** Commands of bash that make one side of a tree below a folder. */
export function treeCommands(tree: TwoSidedTree, side: TreeSide, folder: string): string[] {
  const directories: string[] = [folder];
  const files: string[] = [];
  const contents: string[] = [];
  const visit = (entries: TwoSidedTree, above: string) => {
    for (const [name, node] of Object.entries(entries)) {
      if (!isOn(node, side)) continue;
      const path = `${above}/${name}`;
      if ("entries" in node) {
        directories.push(path);
        visit(node.entries, path);
      } else if (node.content[side] === "") files.push(path);
      else contents.push(`printf ${bashQuoted(octal(node.content[side]))} > ${bashQuoted(path)}`);
    }
  };
  visit(tree, folder);
  return [
    `mkdir -p ${directories.map(bashQuoted).join(" ")}`,
    ...files.map((path) => `> ${bashQuoted(path)}`),
    ...contents,
  ];
}

/** A text as bash reads it, with its exact bytes. */
export function bashQuoted(text: string): string {
  const bytes = [...encodeName(text)];
  const isPlain = (byte: number) => byte > 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c;
  const escaped = bytes.map((byte) =>
    isPlain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`
  );
  return `$'${escaped.join("")}'`;
}

/** A text as the format of `printf` that writes its exact bytes. */
export function octal(text: string): string {
  return [...encodeName(text)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/** What a filter makes of two trees: paths, those of directories with `/` at their end, in order. */
export interface Outcome {
  /** What is transferred. */
  readonly transferred: readonly string[];
  /** What the destination has afterwards. */
  readonly left: readonly string[];
}

/** Runs a filter over two trees. What is deleted is deleted last, when rule files have been transferred, too. */
export function outcomeOf(filter: Filter, tree: TwoSidedTree): Outcome {
  const transferred = new Set<string>();
  transfer(filter.root(filesIn(tree, "source")), tree, "", transferred);
  const after = afterTransfer(tree, transferred, "");
  const left: string[] = [];
  deleteExtraneous(filter.root(filesIn(after, "destination")), after, transferred, "", left);
  return { transferred: [...transferred].sort(), left: left.sort() };
}

/** The destination with what was transferred to it. */
function afterTransfer(tree: TwoSidedTree, transferred: ReadonlySet<string>, above: string): TwoSidedTree {
  const entries: [string, TwoSidedNode][] = [];
  for (const [name, node] of Object.entries(tree)) {
    const path = pathOf(above, name, node);
    const isTransferred = transferred.has(path);
    if (!isTransferred && !isOn(node, "destination")) continue;
    if ("entries" in node) {
      entries.push([name, { on: "destination", entries: afterTransfer(node.entries, transferred, path) }]);
    } else {
      const { source, destination } = node.content;
      entries.push([name, {
        on: "destination",
        content: { source, destination: isTransferred ? source : destination },
      }]);
    }
  }
  return Object.fromEntries(entries);
}

function transfer(filter: DirectoryFilter, tree: TwoSidedTree, above: string, into: Set<string>): void {
  const { listing, names } = listingOf(tree, "source");
  for (const [index, name] of names.entries()) {
    if (filter.hides(listing, index)) continue;
    const node = tree[name]!;
    const path = pathOf(above, name, node);
    into.add(path);
    if (!("entries" in node)) continue;
    transfer(filter.descend(name, filesIn(node.entries, "source")), node.entries, path, into);
  }
}

/** Lists what is left of a directory that was transferred. */
function deleteExtraneous(
  filter: DirectoryFilter,
  tree: TwoSidedTree,
  transferred: ReadonlySet<string>,
  above: string,
  left: string[],
): void {
  const { listing, names } = listingOf(tree, "destination");
  for (const [index, name] of names.entries()) {
    const node = tree[name]!;
    const path = pathOf(above, name, node);
    if (!transferred.has(path)) {
      if (filter.protects(listing, index)) left.push(path, ...pathsBelow(node, path));
      else left.push(...leftOf(filter, name, node, above));
      continue;
    }
    left.push(path);
    if (!("entries" in node)) continue;
    const below = filter.descend(name, filesIn(node.entries, "destination"));
    deleteExtraneous(below, node.entries, transferred, path, left);
  }
}

/** What is left of an entry that is deleted: directories that hold something that is protected. */
function leftOf(filter: DirectoryFilter, name: string, node: TwoSidedNode, above: string): string[] {
  if (!("entries" in node)) return [];
  const path = pathOf(above, name, node);
  const below = filter.descendDeleted(name, filesIn(node.entries, "destination"));
  const { listing, names } = listingOf(node.entries, "destination");
  const left = names.flatMap((child, index) => {
    const inside = node.entries[child]!;
    if (!below.protects(listing, index)) return leftOf(below, child, inside, path);
    const at = pathOf(path, child, inside);
    return [at, ...pathsBelow(inside, at)];
  });
  return left.length === 0 ? [] : [path, ...left];
}

function pathsBelow(node: TwoSidedNode, above: string): string[] {
  if (!("entries" in node)) return [];
  return Object.entries(node.entries).filter(([, child]) => isOn(child, "destination")).flatMap(([name, child]) => {
    const path = pathOf(above, name, child);
    return [path, ...pathsBelow(child, path)];
  });
}

function pathOf(above: string, name: string, node: TwoSidedNode): string {
  return `${above}${name}${"entries" in node ? "/" : ""}`;
}

/** The rule files of a directory on one side. */
export function filesIn(tree: TwoSidedTree, side: TreeSide): RuleFiles {
  return {
    read(name) {
      const node = Object.hasOwn(tree, name) ? tree[name] : undefined;
      if (node === undefined || !isOn(node, side) || "entries" in node) return undefined;
      return encodeName(node.content[side]);
    },
  };
}

function listingOf(tree: TwoSidedTree, side: TreeSide): { listing: Listing; names: readonly string[] } {
  const listing = new Listing();
  const names = Object.keys(tree).filter((name) => isOn(tree[name]!, side));
  for (const name of names) {
    listing.addEntry(encodeName(name), {
      kind: "entries" in tree[name]! ? "directory" : "file",
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: 0,
      mtimeSeconds: 0,
      mtimeNanoseconds: 0,
      allocated: 0,
    }, { device: 1, inode: 1, links: 1 });
  }
  return { listing, names };
}
