/**
 * A walker of our tests' own: it knows nothing of the project's code and asks GNU find, sha256sum and getfattr what is
 * there, byte for byte. Whether two trees are equal is judged by it alone.
 */
import { Buffer } from "node:buffer";
import { mustRun, runCommand } from "./commands.ts";

/** All that counts of one entry, as text. */
export interface WalkedEntry {
  /** Letter of `find -printf %y`: f, d, l, p, s, b or c. */
  readonly kind: string;
  /** Permission bits with setuid, setgid and sticky, octal. */
  readonly mode: string;
  /** Number of the owner. */
  readonly owner: string;
  /** Number of the group. */
  readonly group: string;
  /** Length of a file. */
  readonly size: string;
  /** Time of modification to the nanosecond. */
  readonly time: string;
  /** Where a symlink points. */
  readonly target: string;
  /** Major and minor number of a device, hexadecimal. */
  readonly device: string;
  /** First path of all names of the same inode below the root. */
  readonly sameAs: string;
  /** `"holes"` when clearly less is allocated than the length. */
  readonly holes: string;
  /** SHA-256 of the content. */
  readonly content: string;
  /** What getfattr tells, access control lists included; empty when nobody asked. */
  readonly xattrs: string;
}

/** A field of an entry. */
export type WalkedField = keyof WalkedEntry;

/** Entries by path; a path is a string of bytes (Latin-1), the root is the empty one. */
export type WalkedTree = ReadonlyMap<string, WalkedEntry>;

/** What is asked beside the rest. */
export interface WalkOptions {
  /** Read extended attributes and access control lists, with getfattr. @default {false} */
  readonly xattrs?: boolean;
}

type Draft = { -readonly [Field in WalkedField]: WalkedEntry[Field] } & { inode: string };

const FIELDS = ["%y", "%m", "%U", "%G", "%s", "%T@", "%D:%i", "%b", "%P"].join("\\t");
/** Allocation is counted in 512 bytes, and file systems round up. */
const SECTOR = 512;
const CLEARLY_LESS = 8192;
/** Longest path that programs take as an argument. */
const PATH_LIMIT = 4000;

/** Tells all that is below a directory, and of the directory itself. */
export function walkTree(root: string, options: WalkOptions = {}): WalkedTree {
  const drafts = listAll(root);
  addContents(root, drafts);
  addDevices(root, drafts);
  addLinks(drafts);
  if (options.xattrs === true) addXattrs(root, drafts);
  const tree = new Map<string, WalkedEntry>();
  for (const [path, { inode: _, ...entry }] of drafts) tree.set(path, entry);
  return tree;
}

function listAll(root: string): Map<string, Draft> {
  const { stdout, status, stderr } = runCommand("find", [".", "-printf", `${FIELDS}\\0%l\\0`], { cwd: root });
  if (status !== 0) throw new Error(`find ended with ${status}: ${stderr}`);
  const parts = latin1(stdout).split("\0");
  const drafts = new Map<string, Draft>();
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [kind = "", mode = "", owner = "", group = "", size = "", time = "", inode = "", blocks = "", ...rest] =
      parts[at]!.split("\t");
    const path = rest.join("\t");
    const sparse = kind === "f" && Number(blocks) * SECTOR + CLEARLY_LESS < Number(size);
    drafts.set(path, {
      ...{ kind, mode: kind === "l" ? "" : mode, owner, group, time, inode },
      size: kind === "f" ? size : "",
      target: parts[at + 1]!,
      holes: sparse ? "holes" : "",
      ...{ device: "", sameAs: "", content: "", xattrs: "" },
    });
  }
  return drafts;
}

/** Paths go in, one answer of the form `ANSWER PATH` for each comes out. */
function askAll(root: string, program: readonly string[], paths: readonly string[]): Map<string, string> {
  const answers = new Map<string, string>();
  const input = Buffer.from(paths.map((path) => `./${path}\0`).join(""), "latin1");
  const { stdout } = runCommand("xargs", ["-0", "--no-run-if-empty", ...program, "--"], { cwd: root, input });
  for (const line of latin1(stdout).split("\0")) {
    const at = line.indexOf(" ");
    if (at > 0) answers.set(line.slice(line.indexOf("./", at) + 2), line.slice(0, at));
  }
  return answers;
}

function addContents(root: string, drafts: Map<string, Draft>): void {
  const files = [...drafts].filter(([, { kind, size }]) => kind === "f" && size !== "0").map(([path]) => path);
  const sums = askAll(root, ["sha256sum", "-z"], files.filter((path) => path.length < PATH_LIMIT));
  for (const path of files) drafts.get(path)!.content = sums.get(path) ?? sumOfLongPath(root, path);
}

/** A path that is too long for any call is gone along in pieces; whatever cannot be read has no sum. */
function sumOfLongPath(root: string, path: string): string {
  if (path.length < PATH_LIMIT) return "unreadable";
  const names = path.split("/");
  const chain: string[] = [];
  while (names.length > 1) chain.push("env", "-C", names.splice(0, Math.min(names.length - 1, 10)).join("/"));
  const [program = "", ...args] = [...chain, "sha256sum", "--", ...names];
  return mustRun(program, args, { cwd: root }).split(" ")[0]!;
}

function addDevices(root: string, drafts: Map<string, Draft>): void {
  const devices = [...drafts].filter(([, { kind }]) => kind === "b" || kind === "c").map(([path]) => path);
  for (const [path, numbers] of askAll(root, ["stat", "--printf", "%t:%T %n\\0"], devices)) {
    drafts.get(path)!.device = numbers;
  }
}

function addLinks(drafts: Map<string, Draft>): void {
  const first = new Map<string, string>();
  for (const path of [...drafts.keys()].sort()) {
    const draft = drafts.get(path)!;
    if (draft.kind === "d") continue;
    const known = first.get(draft.inode);
    if (known === undefined) first.set(draft.inode, path);
    draft.sameAs = known ?? path;
  }
}

/** Blocks of `# file: NAME`, a line for each attribute, an empty line. The name is escaped, so it is one line. */
function addXattrs(root: string, drafts: Map<string, Draft>): void {
  const byEscapedName = new Map([...drafts].map(([path, draft]) => [path === "" ? "." : path, draft]));
  const args = ["-R", "-P", "-h", "-d", "-m", "-", "-e", "hex", "."];
  const { stdout } = runCommand("getfattr", args, { cwd: root });
  for (const block of latin1(stdout).split("\n\n")) {
    const [header = "", ...lines] = block.split("\n");
    const name = header.replace("# file: ", "").replace(/\\([0-7]{3})/g, (_, octal) => octalCharacter(octal));
    const draft = byEscapedName.get(name);
    if (draft !== undefined) draft.xattrs = lines.sort().join("\n");
    else if (header !== "") throw new Error(`Cannot tell whose attributes these are: ${header}`);
  }
}

function octalCharacter(octal: string): string {
  return String.fromCharCode(parseInt(octal, 8));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** What is left out of a comparison. */
export interface CompareOptions {
  /** Fields that may differ. @default {[]} */
  readonly ignore?: readonly WalkedField[];
  /** Digits of a second that count. @default {9} */
  readonly timeDigits?: number;
}

/** Returns a line for each difference of two trees, in order of paths; none for equal trees. */
export function compareTrees(a: WalkedTree, b: WalkedTree, options: CompareOptions = {}): string[] {
  const ignored = options.ignore ?? [];
  const found: string[] = [];
  for (const path of [...new Set([...a.keys(), ...b.keys()])].sort()) {
    const [mine, theirs] = [a.get(path), b.get(path)];
    const shown = JSON.stringify(path);
    if (mine === undefined || theirs === undefined) {
      found.push(`${shown}: only in the ${mine === undefined ? "second" : "first"}`);
      continue;
    }
    for (const field of Object.keys(mine) as WalkedField[]) {
      if (ignored.includes(field) || mine[field] === theirs[field]) continue;
      if (field === "time" && cutTime(mine.time, options) === cutTime(theirs.time, options)) continue;
      found.push(`${shown}: ${field} ${JSON.stringify(mine[field])} and ${JSON.stringify(theirs[field])}`);
    }
  }
  return found;
}

function cutTime(time: string, { timeDigits = 9 }: CompareOptions): string {
  return time.slice(0, time.indexOf(".") + 1 + timeDigits);
}

/** Compares what is below two directories: see {@linkcode walkTree} and {@linkcode compareTrees}. */
export function differencesOf(a: string, b: string, options: WalkOptions & CompareOptions = {}): string[] {
  return compareTrees(walkTree(a, options), walkTree(b, options), options);
}
