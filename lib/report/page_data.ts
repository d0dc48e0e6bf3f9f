/**
 * Gathers steps into the columns of the HTML page.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { formatNumberOf } from "../bytes/quantities.ts";
import { comparePaths, type RelPath } from "../model/rel_path.ts";
import type { Action } from "../plan/action.ts";
import type { PageData, PageDeed } from "./page/data.ts";
import {
  bytesOf,
  type Deed,
  DEED_NAMES,
  deedOf,
  DEEDS,
  entryOf,
  KIND_WORDS,
  reasonTexts,
  shownTarget,
} from "./words.ts";

/** A digit must be enough for a deed or a kind. */
const RADIX = 36;

interface Row {
  readonly path: RelPath;
  readonly deed: number;
  readonly kind: number;
  readonly why: number;
  readonly size: number;
  readonly bytes: number;
  readonly had: number;
  readonly time: number;
  readonly hadTime: number;
  readonly target: string;
}

/** Texts, each kept once. */
class Shared {
  readonly texts: string[] = [];
  readonly #places = new Map<string, number>();

  place(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** See the module comment. */
export class PageColumns {
  readonly #rows: Row[] = [];
  readonly #kinds = new Shared();
  readonly #whys = new Shared();

  /** How many steps there are. */
  get count(): number {
    return this.#rows.length;
  }

  /**
   * Bytes that are written or removed by one deed.
   *
   * @param deed The deed.
   * @returns Their sum.
   */
  bytesOf(deed: Deed): number {
    const at = DEED_NAMES.indexOf(deed);
    return this.#rows.reduce((sum, row) => row.deed === at ? sum + row.bytes : sum, 0);
  }

  /**
   * Adds a step.
   *
   * @param action The step.
   */
  add(action: Action): void {
    const entry = entryOf(action);
    // What is moved takes the place of nothing.
    const before = "want" in action && action.op !== "move" ? action.have : undefined;
    const size = entry.kind === "file" && action.op !== "set-metadata" ? entry.size : 0;
    this.#rows.push({
      path: action.path,
      deed: DEED_NAMES.indexOf(deedOf(action)),
      kind: this.#kinds.place(KIND_WORDS[entry.kind]),
      why: this.#whys.place(reasonTexts(action).join(", ")),
      size,
      bytes: bytesOf(action),
      had: before !== undefined && before.kind === "file" ? before.size : -1,
      time: entry.mtimeSeconds,
      hadTime: (before ?? entry).mtimeSeconds,
      target: `${shownTarget(action).trimStart()}${company(action)}`,
    });
  }

  /**
   * The columns.
   *
   * @param tense Whether it is told what will be done or what was done.
   * @returns Plain data.
   */
  data(tense: "plan" | "done"): PageData {
    const rows = this.#rows.sort((a, b) => comparePaths(a.path, b.path));
    const deeds = DEED_NAMES.map((name): PageDeed => {
      const { sign, weight } = DEEDS[name];
      return { name, sign, word: DEEDS[name][tense], weight };
    });
    return {
      deeds,
      kinds: this.#kinds.texts,
      whys: this.#whys.texts,
      ...frontCoded(rows.map(({ path }) => printable(path))),
      deed: rows.map(({ deed }) => deed.toString(RADIX)).join(""),
      kind: rows.map(({ kind }) => kind.toString(RADIX)).join(""),
      why: rows.map(({ why }) => why),
      size: rows.map(({ size }) => size),
      bytes: rows.flatMap(({ size, bytes }, at) => bytes === size ? [] : [[at, bytes] as const]),
      had: rows.map(({ had }) => had),
      time: differences(rows.map(({ time }) => time)),
      hadTime: rows.map(({ time, hadTime }) => hadTime - time),
      targets: rows.flatMap(({ target }, at) => target === "" ? [] : [[at, target] as const]),
    };
  }
}

/** What comes along with a directory that is moved. */
function company(action: Action): string {
  if (action.op !== "move" || action.entries === 1) return "";
  return `, with ${formatNumberOf(action.entries - 1, "entry", "entries")} in it`;
}

function frontCoded(paths: readonly string[]): Pick<PageData, "shared" | "rest"> {
  const shared: number[] = [];
  const rest: string[] = [];
  let last = "";
  for (const path of paths) {
    let common = 0;
    while (common < last.length && common < path.length && last.charCodeAt(common) === path.charCodeAt(common)) {
      common++;
    }
    // Not between the two halves of a character outside of the first plane.
    if (common > 0 && /[\ud800-\udbff]/.test(path.charAt(common - 1))) common--;
    shared.push(common);
    rest.push(path.slice(common));
    last = path;
  }
  return { shared, rest };
}

function differences(values: readonly number[]): number[] {
  return values.map((value, at) => value - (values[at - 1] ?? 0));
}

/**
 * Data as text inside a `<script>` element of type `application/json`.
 *
 * @param data Plain data.
 * @returns JSON in which no tag, comment or line separator can be seen.
 */
export function jsonForScript(data: PageData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll(
    "\u2029",
    "\\u2029",
  );
}
