/**
 * From the options of a filter to the filter as plain data. Whoever calls says how files are read.
 *
 * @module
 */
import { buildFilter, type FilterInput, type FilterStep } from "../../../lib/filter/build_filter.ts";
import { listedPath, parsePathList, type PathOfList } from "../../../lib/filter/parse_path_list.ts";
import { MAX_RULE_FILE_BYTES } from "../../../lib/filter/rule_entries.ts";
import type { FilterSpec } from "../../../lib/filter/spec.ts";
import { filterLimits } from "../options/check_filter_options.ts";
import type { FilterItem, FilterOptions } from "../options/filter_options.ts";

/** Bytes that a list of paths may have. */
const MAX_LIST_BYTES = 256 << 20;

/** How files that are named in options are read. */
export interface FileReading {
  /**
   * Reads a file.
   *
   * @param file Its name as it was given; `"-"` is standard input.
   * @param most Bytes that it may have.
   * @returns Its bytes.
   * @throws {SyncError} code `"filter-invalid"` when it cannot be used.
   */
  read(file: string, most: number): Uint8Array;
}

/** What a filter depends on beside its options. */
export interface FilterWorld {
  /** Reads the files that are named. */
  readonly files: FileReading;
  /** The present moment, in milliseconds since 1970. */
  readonly now: number;
  /** Absolute paths of both roots. */
  readonly roots?: FilterInput["roots"];
  /** What a person adds to the list of CVS; asked for when rules may need it. */
  readonly cvsAdditions: () => NonNullable<FilterInput["cvsAdditions"]>;
}

/** A list of paths, as it was given. */
export interface PathList {
  /** Its name, for people. */
  readonly source: string;
  /** The paths in their order. */
  readonly paths: readonly PathOfList[];
}

/** A filter, and the list of paths that it was made of. */
export interface BuiltFilter {
  /** The filter. */
  readonly spec: FilterSpec;
  /** The list, if there is one. */
  readonly list: PathList | undefined;
}

/**
 * Makes the filter that options say.
 *
 * @param options The options.
 * @param world What it depends on beside.
 * @returns The filter.
 * @throws {SyncError} code `"filter-invalid"` when a rule or a file cannot be used.
 */
export function filterSpec(options: FilterOptions, { files, now, roots, cvsAdditions }: FilterWorld): BuiltFilter {
  const list = pathListOf(options, files);
  const spec = buildFilter({
    steps: stepsOf(options, files),
    gitignore: options.gitignore ?? false,
    cvsExclude: options.cvsExclude ?? false,
    cvsAdditions: mayUseCvs(options) ? cvsAdditions() : {},
    deleteExcluded: options.deleteExcluded ?? false,
    from0: options.from0 ?? false,
    limits: filterLimits(options, now),
    paths: list?.paths.map(({ line: _, ...path }) => path),
    recursive: options.recursive ?? false,
    roots,
    readMergeFile: (file) => files.read(file, MAX_RULE_FILE_BYTES),
  });
  return { spec, list };
}

/** Rules of `filter`, then `include`, then `exclude`; git itself never looks into `.git`. */
function stepsOf(
  { filter = [], include = [], exclude = [], gitignore }: FilterOptions,
  files: FileReading,
): FilterStep[] {
  const items: FilterItem[] = [
    ...filter,
    ...include.map((pattern) => ({ include: pattern })),
    ...exclude.map((pattern) => ({ exclude: pattern })),
    ...(gitignore === true ? [{ exclude: ".git" }] : []),
  ];
  return items.map((item) => stepOf(item, files));
}

function stepOf(item: FilterItem, files: FileReading): FilterStep {
  if (typeof item === "string") return { type: "filter", text: item };
  if ("include" in item) return { type: "include", text: item.include };
  if ("exclude" in item) return { type: "exclude", text: item.exclude };
  const type = "includeFrom" in item ? "include-from" : "exclude-from";
  const file = "includeFrom" in item ? item.includeFrom : item.excludeFrom;
  return { type, file, content: files.read(file, MAX_RULE_FILE_BYTES) };
}

/** A runtime may ask a person before it gives access to the environment, so it is left alone where no rule needs it. */
function mayUseCvs({ cvsExclude, filter = [] }: FilterOptions): boolean {
  return cvsExclude === true || filter.some((item) => typeof item === "string" && MAY_BE_CVS_REGEXP.test(item));
}

/** `-C`, and files of rules, in which it may be. */
const MAY_BE_CVS_REGEXP = /^(?:[.:]|merge|dir-merge|(?:-|exclude)[^ _]*C)/;

function pathListOf({ filesFrom, from0 = false }: FilterOptions, files: FileReading): PathList | undefined {
  if (filesFrom === undefined) return undefined;
  if (typeof filesFrom === "string") {
    const source = filesFrom === "-" ? "standard input" : filesFrom;
    return { source, paths: parsePathList(files.read(filesFrom, MAX_LIST_BYTES), from0, source) };
  }
  return { source: "filesFrom", paths: filesFrom.map((text, index) => ({ ...listedPath(text), line: index + 1 })) };
}
