/**
 * Trees written down: what a test makes, and what it expects to find. The literals are those of the memory tree; what
 * is made is real, and judged by the independent walker.
 */
import { createHash } from "node:crypto";
import { lchownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NodeLiteral, TreeLiteral } from "../../lib/model/memory_literal.ts";
import { mustRun } from "./commands.ts";
import { assertEquals } from "./test_api.ts";
import { walkTree } from "./walker.ts";

export type { NodeLiteral, TreeLiteral };

/** One entry of a literal with its path. */
type Placed = readonly [path: string, node: NodeLiteral];

/** All entries of a literal, a directory before what is in it. */
export function* entriesOf(literal: TreeLiteral, above = ""): Generator<Placed> {
  for (const [name, node] of Object.entries(literal)) {
    const path = above === "" ? name : `${above}/${name}`;
    yield [path, node];
    if ("dir" in node) yield* entriesOf(node.dir, path);
  }
}

/** Makes what a literal says below a directory, which is made, too. Names are text here; times are to the nanosecond. */
export function makeTree(root: string, literal: TreeLiteral): void {
  mkdirSync(root, { recursive: true });
  const entries = [...entriesOf(literal)];
  const commands: string[] = [];
  for (const [path, node] of entries) {
    if ("hardLinkOf" in node) continue;
    makeNode(join(root, path), node, commands);
  }
  for (const [path, node] of entries) {
    if ("hardLinkOf" in node) commands.push(`ln ${quoted(join(root, node.hardLinkOf))} ${quoted(join(root, path))}`);
  }
  commands.push(...metadataCommands(root, entries));
  if (commands.length > 0) mustRun("sh", ["-es"], { input: commands.join("\n") });
}

function makeNode(path: string, node: NodeLiteral, commands: string[]): void {
  if ("file" in node) writeFileSync(path, node.file);
  else if ("dir" in node) mkdirSync(path);
  else if ("link" in node) symlinkSync(node.link, path);
  else if ("fifo" in node) commands.push(`mkfifo ${quoted(path)}`);
  else if ("blockDevice" in node) commands.push(`mknod ${quoted(path)} b ${node.blockDevice.join(" ")}`);
  else if ("characterDevice" in node) commands.push(`mknod ${quoted(path)} c ${node.characterDevice.join(" ")}`);
  else throw new TypeError(`Cannot make ${path}: a literal of this kind is not made here`);
}

/** Owners, then permissions, then times: one program for all that share one. */
function metadataCommands(root: string, entries: readonly Placed[]): string[] {
  const byTime = new Map<string, string[]>();
  const byMode = new Map<string, string[]>();
  const add = (to: Map<string, string[]>, key: string, path: string) => to.set(key, [...to.get(key) ?? [], path]);
  for (const [path, node] of [...entries].reverse()) {
    if ("hardLinkOf" in node) continue;
    const at = join(root, path);
    if (node.uid !== undefined || node.gid !== undefined) lchownSync(at, node.uid ?? 0, node.gid ?? 0);
    if (node.mode !== undefined && !("link" in node)) add(byMode, node.mode.toString(8), at);
    if (node.mtime !== undefined) add(byTime, node.mtime, at);
  }
  const commands = (program: string, by: Map<string, string[]>) =>
    [...by].map(([value, paths]) => `${program}${value} -- ${paths.map(quoted).join(" ")}`);
  return [...commands("chmod ", byMode), ...commands("touch -h -d @", byTime)];
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

/** Checks that exactly what a literal says is below a directory. Permissions and times count where it gives them. */
export function expectTree(root: string, literal: TreeLiteral): void {
  const found: Record<string, string> = {};
  const expected: Record<string, string> = {};
  const wanted = new Map(entriesOf(literal));
  for (const [path, entry] of walkTree(root)) {
    if (path === "") continue;
    const node = wanted.get(path);
    const time = node?.mtime === undefined ? "" : ` at ${entry.time.replace(/\.?0+$/, "")}`;
    const mode = node?.mode === undefined ? "" : ` ${entry.mode}`;
    const linked = entry.sameAs === path || entry.kind === "d" ? "" : ` = ${entry.sameAs}`;
    found[path] = `${entry.kind}${mode}${time} ${entry.content}${entry.target}${linked}`;
  }
  const first = firstNames(literal);
  for (const [path, node] of wanted) expected[path] = expectationOf(path, node, wanted, first);
  assertEquals(found, expected);
}

function expectationOf(
  path: string,
  node: NodeLiteral,
  wanted: ReadonlyMap<string, NodeLiteral>,
  first: ReadonlyMap<string, string>,
): string {
  const owner = "hardLinkOf" in node ? wanted.get(node.hardLinkOf)! : node;
  const kind = "file" in owner ? "f" : "dir" in owner ? "d" : "link" in owner ? "l" : "fifo" in owner ? "p" : "?";
  const time = node.mtime === undefined ? "" : ` at ${node.mtime}`;
  const mode = node.mode === undefined ? "" : ` ${node.mode.toString(8)}`;
  const content = "file" in owner && owner.file.length > 0 ? createHash("sha256").update(owner.file).digest("hex") : "";
  const target = "link" in owner ? owner.link : "";
  const group = first.get("hardLinkOf" in node ? node.hardLinkOf : path) ?? path;
  const linked = group === path || kind === "d" ? "" : ` = ${group}`;
  return `${kind}${mode}${time} ${content}${target}${linked}`;
}

/** For each file with several names, the first of them. */
function firstNames(literal: TreeLiteral): Map<string, string> {
  const first = new Map<string, string>();
  for (const [path, node] of entriesOf(literal)) {
    if (!("hardLinkOf" in node)) continue;
    const known = first.get(node.hardLinkOf) ?? node.hardLinkOf;
    first.set(node.hardLinkOf, path < known ? path : known);
  }
  return first;
}
