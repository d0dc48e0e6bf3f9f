/**
 * Reads the lines of checksum files: those of {@linkcode manifestLines}, of the GNU and BSD tools, and of `openssl`.
 *
 * @module
 */
import { parseRelPath, type RelPath } from "../model/rel_path.ts";
import { ALGORITHM_NAMES, ALGORITHMS, type HashAlgorithm, isAlgorithm } from "./algorithm.ts";
import type { ManifestEntry, Recorded } from "./entry.ts";
import { unescapeName } from "./escape.ts";
import { COMMENT, MANIFEST_VERSION } from "./write_line.ts";

/** What a line says. */
export type ParsedLine =
  /** A file and its checksum; a tag names the algorithm. */
  | { readonly type: "checksum"; readonly path: RelPath; readonly digest: string; readonly algorithm?: HashAlgorithm }
  /** An entry of another kind. */
  | { readonly type: "entry"; readonly entry: ManifestEntry }
  /** What the file of the next line looked like. */
  | { readonly type: "recorded"; readonly path: RelPath; readonly recorded: Recorded }
  /** All kinds of entries are listed. */
  | { readonly type: "head"; readonly algorithm: HashAlgorithm }
  /** Nothing: an empty line, or somebody else's comment. */
  | { readonly type: "nothing" }
  /** It cannot be used: the end of a sentence that says why. */
  | { readonly type: "problem"; readonly problem: string };

const GNU_REGEXP = /^(\\?)([0-9a-f]+) [ *](.+)$/is;
const BSD_REGEXP = /^(\\?)([a-z][a-z0-9/-]*) ?\((.+)\) ?= ([0-9a-f]+)$/is;
const NUMBER_REGEXP = /^-?\d{1,16}$/;
const KINDS_IN_COMMENTS = ["directory", "fifo", "socket"] as const;
const DEVICES = ["block-device", "character-device"] as const;
const MOST_NANOSECONDS = 999_999_999;

/** Names of tags, and those that `openssl` gives. */
const ALGORITHM_OF_TAG: ReadonlyMap<string, HashAlgorithm> = new Map([
  ...ALGORITHM_NAMES.map((name) => [ALGORITHMS[name].tag.toLowerCase(), name] as const),
  ["sha2-256", "sha256"],
  ["sha2-512", "sha512"],
  ["blake2b-512", "blake2b"],
]);

/**
 * Reads a line.
 *
 * @param line The line without its end, as a name is carried.
 * @returns What it says.
 */
export function parseLine(line: string): ParsedLine {
  if (line.endsWith("\r")) return problem("it ends in CR LF; lines end in LF alone");
  if (line.includes("\0")) return problem("it holds NUL");
  if (line === "") return { type: "nothing" };
  if (line.startsWith(COMMENT)) return parseComment(line.slice(COMMENT.length));
  if (line.startsWith("#")) return { type: "nothing" };
  const [, gnuEscape, gnuDigest, gnuName] = GNU_REGEXP.exec(line) ?? [];
  if (gnuDigest !== undefined) return checksum(gnuEscape!, gnuName!, gnuDigest);
  const [, bsdEscape, tag, bsdName, bsdDigest] = BSD_REGEXP.exec(line) ?? [];
  if (tag === undefined) return problem('it must be a checksum, two spaces and a name, or "SHA256 (name) = checksum"');
  const algorithm = ALGORITHM_OF_TAG.get(tag.toLowerCase());
  if (algorithm === undefined) return problem(`checksums of the kind ${tag} are not known`);
  return checksum(bsdEscape!, bsdName!, bsdDigest!, algorithm);
}

function problem(text: string): ParsedLine {
  return { type: "problem", problem: text };
}

function checksum(escape: string, name: string, digits: string, algorithm?: HashAlgorithm): ParsedLine {
  const path = escape === "" ? provenPath(name) : escapedPath(name);
  if (typeof path !== "string") return path;
  const digest = digits.toLowerCase();
  if (algorithm === undefined) return { type: "checksum", path, digest };
  const unfit = lengthProblem(digest, algorithm);
  return unfit === undefined ? { type: "checksum", path, digest, algorithm } : problem(unfit);
}

/**
 * What is wrong with the length of a checksum.
 *
 * @param digest The checksum in hexadecimal.
 * @param algorithm What it should be of.
 * @returns The end of a sentence, or `undefined` when nothing is wrong.
 */
export function lengthProblem(digest: string, algorithm: HashAlgorithm): string | undefined {
  const digits = ALGORITHMS[algorithm].bytes * 2;
  return digest.length === digits
    ? undefined
    : `a checksum of ${algorithm} has ${digits} digits, this has ${digest.length}`;
}

function escapedPath(text: string): RelPath | ParsedLine {
  const name = unescapeName(text);
  return name === undefined ? problem("its name has an escape that means nothing") : provenPath(name);
}

/** A leading `./`, as `find .` gives it, means nothing. */
function provenPath(name: string): RelPath | ParsedLine {
  const path = name.replace(/^(?:\.\/+)+/, "");
  if (path.startsWith("/")) return problem("its name is absolute");
  if (path === "") return problem("it has no name");
  try {
    return parseRelPath(path);
  } catch {
    return problem("its name leaves the directory, or has a part that is empty");
  }
}

function parseComment(text: string): ParsedLine {
  const [head = "", name, ...more] = text.split("\t");
  if (name === undefined) return parseHead(head);
  const path = escapedPath(name);
  if (typeof path !== "string") return path;
  if (isOneOf(KINDS_IN_COMMENTS, head) && more.length === 0) return { type: "entry", entry: { path, kind: head } };
  if (head === "symlink" && more.length === 1) return symlink(path, more[0]!);
  if (isOneOf(DEVICES, head) && more.length === 1) return device(path, head, more[0]!);
  return head === "file" ? recordedFile(path, more) : problem("its comment means nothing");
}

function isOneOf<Word extends string>(words: readonly Word[], word: string): word is Word {
  return (words as readonly string[]).includes(word);
}

function parseHead(text: string): ParsedLine {
  const [word, version, algorithm = "", ...more] = text.split(" ");
  if (word !== "manifest" || more.length > 0) return problem("its comment means nothing");
  if (version !== String(MANIFEST_VERSION)) return problem("it is of a version that is not known here");
  if (!isAlgorithm(algorithm)) return problem(`checksums of the kind ${algorithm} are not known`);
  return { type: "head", algorithm };
}

function symlink(path: RelPath, text: string): ParsedLine {
  const target = unescapeName(text);
  if (target === undefined || target === "") return problem("the target of its symlink cannot be read");
  return { type: "entry", entry: { path, kind: "symlink", target } };
}

function device(path: RelPath, kind: "block-device" | "character-device", text: string): ParsedLine {
  const [major, minor] = /^(\d{1,10}),(\d{1,10})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (major === undefined || minor === undefined) return problem("the numbers of its device cannot be read");
  return { type: "entry", entry: { path, kind, device: [major, minor] } };
}

function recordedFile(path: RelPath, fields: readonly string[]): ParsedLine {
  const [size = -1, mtimeSeconds = 0, mtimeNanoseconds = -1] = fields.every((each) => NUMBER_REGEXP.test(each))
    ? fields.map(Number)
    : [];
  if (fields.length !== 3 || size < 0 || mtimeNanoseconds < 0 || mtimeNanoseconds > MOST_NANOSECONDS) {
    return problem("the size and time of its file cannot be read");
  }
  return { type: "recorded", path, recorded: { size, mtimeSeconds, mtimeNanoseconds } };
}
