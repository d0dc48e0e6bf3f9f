/**
 * Reads a manifest line by line: each entry is given as it comes, and what is wrong is told by line. Nothing but the
 * last path is kept, so a manifest in the order of a tree may be of any length.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import { comparePaths, type RelPath } from "../model/rel_path.ts";
import { ALGORITHM_NAMES, ALGORITHMS, type HashAlgorithm } from "./algorithm.ts";
import type { ManifestEntry } from "./entry.ts";
import { lengthProblem, type ParsedLine, parseLine } from "./parse_line.ts";

/** What is wrong with a line. */
export interface ManifestProblem {
  /** Number of the line, from 1. */
  readonly line: number;
  /** The end of a sentence. */
  readonly problem: string;
}

/** An entry and the line that names it. */
export interface NumberedEntry {
  /** Number of the line, from 1. */
  readonly line: number;
  /** The entry. */
  readonly entry: ManifestEntry;
}

/** Problems that are kept; more are only counted. */
const KEPT_PROBLEMS = 100;
/** Problems that the error names. */
const TOLD_PROBLEMS = 5;

/** See the module comment. */
export class ManifestReader {
  /** What is wrong, the first hundred. */
  readonly problems: ManifestProblem[] = [];
  /** How many problems there are. */
  problemCount = 0;
  /** Which checksums are in it, once that is known. */
  algorithm: HashAlgorithm | undefined;
  /** Whether all kinds of entries are listed, and not files alone. */
  listsAll = false;
  /** Whether the entries so far came in the order of a tree. */
  isOrdered = true;
  /** Entries so far. */
  count = 0;
  #line = 0;
  #last: RelPath | undefined;
  #noted: Extract<ParsedLine, { type: "recorded" }> | undefined;

  /** Begins; without an algorithm the lines tell it, or the length of the first checksum. */
  constructor(algorithm?: HashAlgorithm) {
    this.algorithm = algorithm;
  }

  /**
   * Takes the next line.
   *
   * @param line The line without its end, as a name is carried; `undefined` for one that is too long.
   * @returns The entry that it names, if it does.
   */
  push(line: string | undefined): NumberedEntry | undefined {
    this.#line++;
    const parsed = line === undefined ? { type: "problem", problem: "it is too long" } as const : parseLine(line);
    const noted = this.#noted;
    if (noted !== undefined && (parsed.type !== "checksum" || parsed.path !== noted.path)) {
      this.#problem("the line before tells of a file that this is not", this.#line);
    }
    this.#noted = undefined;
    switch (parsed.type) {
      case "nothing":
        return undefined;
      case "problem":
        return this.#problem(parsed.problem);
      case "head":
        return this.#head(parsed.algorithm);
      case "recorded":
        this.#noted = parsed;
        return undefined;
      case "entry":
        return this.#entry(parsed.entry);
      case "checksum":
        return this.#checksum(parsed, noted);
    }
  }

  /** Ends it: a manifest that names nothing checks nothing. */
  end(): void {
    if (this.#noted !== undefined) this.#problem("the file that it tells of does not follow");
    if (this.count === 0 && !this.listsAll && this.problemCount === 0) this.#problem("there is no checksum in it");
  }

  /** Adds a problem. */
  #problem(problem: string, line = this.#line): undefined {
    this.problemCount++;
    if (this.problems.length < KEPT_PROBLEMS) this.problems.push({ line, problem });
  }

  #head(algorithm: HashAlgorithm): undefined {
    if (this.count > 0 || this.listsAll) return this.#problem("it may only be the first line");
    this.listsAll = true;
    this.algorithm ??= algorithm;
    if (this.algorithm !== algorithm) this.#problem(`its checksums are of ${algorithm}, not of ${this.algorithm}`);
  }

  #checksum(
    { path, digest, algorithm }: Extract<ParsedLine, { type: "checksum" }>,
    noted: Extract<ParsedLine, { type: "recorded" }> | undefined,
  ): NumberedEntry | undefined {
    this.algorithm ??= algorithm ?? algorithmOfLength(digest.length);
    if (this.algorithm === undefined) return this.#problem(`no checksum that is known has ${digest.length} digits`);
    if (algorithm !== undefined && algorithm !== this.algorithm) {
      return this.#problem(`its checksum is of ${algorithm}, and not of ${this.algorithm} as the others`);
    }
    const unfit = lengthProblem(digest, this.algorithm);
    if (unfit !== undefined) return this.#problem(unfit);
    const recorded = noted?.path === path ? { recorded: noted.recorded } : {};
    return this.#entry({ path, kind: "file", digest, ...recorded });
  }

  #entry(entry: ManifestEntry): NumberedEntry | undefined {
    const order = this.#last === undefined ? -1 : comparePaths(this.#last, entry.path);
    if (order === 0) return this.#problem(`it names "${printable(entry.path)}" once more`);
    if (order > 0) this.isOrdered = false;
    this.#last = entry.path;
    this.count++;
    return { line: this.#line, entry };
  }
}

/** The first algorithm of the table that has checksums of this length. */
function algorithmOfLength(digits: number): HashAlgorithm | undefined {
  return ALGORITHM_NAMES.find((name) => ALGORITHMS[name].bytes * 2 === digits);
}

/**
 * Puts entries into the order of a tree.
 *
 * @param entries The entries; sorted in place.
 * @returns What is named more than once.
 */
export function sortEntries(entries: NumberedEntry[]): ManifestProblem[] {
  entries.sort((a, b) => comparePaths(a.entry.path, b.entry.path) || a.line - b.line);
  const again = entries.filter(({ entry }, at) => at > 0 && entries[at - 1]!.entry.path === entry.path);
  return again.map(({ line, entry }) => ({ line, problem: `it names "${printable(entry.path)}" once more` }))
    .sort((a, b) => a.line - b.line);
}

/**
 * The error that a manifest with problems is refused with.
 *
 * @param file Its name, for people.
 * @param problems What is wrong, as far as it was kept; at least one.
 * @param count How many problems there are.
 * @returns An error with code `"manifest-damaged"`.
 */
export function manifestError(file: string, problems: readonly ManifestProblem[], count: number): SyncError {
  const lines = problems.slice(0, TOLD_PROBLEMS).map(({ line, problem }) => `line ${line}: ${problem}`);
  const more = count > lines.length ? [`and ${count - lines.length} more`] : [];
  return new SyncError(
    "manifest-damaged",
    `Cannot use manifest "${printable(file)}": ${[...lines, ...more].join("; ")}`,
    {
      path: file,
      hint: "nothing was compared; correct these lines, or make the manifest anew",
    },
  );
}
