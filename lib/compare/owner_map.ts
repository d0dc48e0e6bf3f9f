/**
 * Owners that are replaced by others, in the words of `--usermap` and `--groupmap`: `FROM:TO` items, separated by commas,
 * of which the first that matches counts. FROM is a name, a number, a range of numbers, a pattern with `*`, `?` and
 * `[...]` that names match, or empty for numbers without a name.
 *
 * @module
 */

/** One name and its number. */
export interface Account {
  /** The name. */
  readonly name: string;
  /** The number. */
  readonly id: number;
}

/** Where names are looked up. */
export interface Accounts {
  /** The number of a name, or `undefined`. */
  idOf(name: string): number | undefined;
  /** All that are known. */
  all(): readonly Account[];
}

/** What is replaced by what; plain data. */
export interface IdRule {
  /** Numbers, as ranges with both ends. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
  /** Whether the ranges are what it does not match. @default {false} */
  readonly inverted?: boolean;
  /** The number that is set instead. */
  readonly to: number;
}

/** An item before its names are looked up. */
export interface OwnerItem {
  /** What is replaced, as it was written. */
  readonly from: string;
  /** By what, as it was written. */
  readonly to: string;
}

/** The largest number that is not "leave it as it is". */
const MOST = 0xffff_fffe;
const RANGE_REGEXP = /^(\d+)(?:-(\d+))?$/;
const PATTERN_REGEXP = /[*?[]/;

/**
 * Reads items.
 *
 * @param option Name of the option, for messages.
 * @param text The items.
 * @returns Items in order; their names are not looked up yet.
 * @throws {RangeError} when it is not a list of `FROM:TO`.
 */
export function parseOwnerMap(option: string, text: string): OwnerItem[] {
  return text.split(",").map((item) => {
    const at = item.indexOf(":");
    const [from, to] = [item.slice(0, Math.max(at, 0)), item.slice(at + 1)];
    const problem = at < 0 || to === "" ? "it must be FROM:TO" : numberProblem(from, to);
    if (problem !== undefined) throw new RangeError(`Cannot use ${option} ${JSON.stringify(item)}: ${problem}`);
    return { from, to };
  });
}

function numberProblem(from: string, to: string): string | undefined {
  const numbers = [...RANGE_REGEXP.exec(from)?.slice(1) ?? [], /^\d+$/.test(to) ? to : undefined];
  if (numbers.some((digits) => digits !== undefined && Number(digits) > MOST)) return `numbers go up to ${MOST}`;
  return /^\d+-/.test(from) && !RANGE_REGEXP.test(from) ? "a range has a number at both ends" : undefined;
}

/**
 * Looks the names of items up.
 *
 * @param items The items.
 * @param accounts Where names are looked up.
 * @param numeric Whether numbers count as if they had no names.
 * @returns Rules, or the name that is not known.
 */
export function resolveOwnerMap(
  items: readonly OwnerItem[],
  accounts: Accounts,
  numeric: boolean,
): IdRule[] | { readonly unknown: string } {
  const rules: IdRule[] = [];
  for (const { from, to } of items) {
    const target = /^\d+$/.test(to) ? Number(to) : accounts.idOf(to);
    if (target === undefined) return { unknown: to };
    const matched = matchedBy(from, accounts, numeric);
    if (matched === undefined) return { unknown: from };
    rules.push({ ...matched, to: target });
  }
  return rules;
}

function matchedBy(from: string, accounts: Accounts, numeric: boolean): Omit<IdRule, "to"> | undefined {
  const [, low, high = low] = RANGE_REGEXP.exec(from) ?? [];
  if (low !== undefined) return { ranges: [[Number(low), Number(high)]] };
  const all = numeric ? [] : namesById(accounts);
  if (from !== "" && !PATTERN_REGEXP.test(from)) {
    const id = accounts.idOf(from);
    return id === undefined ? undefined : { ranges: numeric ? [] : [[id, id]] };
  }
  const pattern = patternOf(from);
  const nameless = pattern.test("");
  // Where numbers without a name match, it is told which do not.
  const listed = all.filter(({ name }) => pattern.test(name) !== nameless);
  return { ranges: listed.map(({ id }) => [id, id]), inverted: nameless };
}

/** The first name of each number. */
function namesById(accounts: Accounts): Account[] {
  const first = new Map<number, Account>();
  for (const account of accounts.all()) if (!first.has(account.id)) first.set(account.id, account);
  return [...first.values()];
}

function patternOf(glob: string): RegExp {
  const parts = glob.match(/\[[!^]?\]?[^\]]*\]|[^]/gu) ?? [];
  return new RegExp(`^${parts.map(partPattern).join("")}$`, "su");
}

function partPattern(part: string): string {
  if (part === "*") return ".*";
  if (part === "?") return ".";
  if (part.length < 3) return part.replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&");
  const negated = /^\[[!^]/.test(part);
  return `[${negated ? "^" : ""}${part.slice(negated ? 2 : 1, -1).replace(/[\\\][^&]/gu, "\\$&")}]`;
}

/**
 * Replaces a number.
 *
 * @param id The number.
 * @param rules The rules.
 * @returns Another number, or the same when no rule matches.
 */
export function mappedId(id: number, rules: readonly IdRule[]): number {
  for (const { ranges, inverted = false, to } of rules) {
    if (ranges.some(([low, high]) => id >= low && id <= high) !== inverted) return to;
  }
  return id;
}
