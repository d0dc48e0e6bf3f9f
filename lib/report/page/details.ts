/// <reference lib="dom" />
/**
 * Everything that is known of one entry.
 *
 * @module
 */
import { formatBytes, formatCount, formatNumberOf } from "../../bytes/quantities.ts";
import { make } from "./element.ts";
import type { Selection } from "./selection.ts";
import { isDirectory, type PageTree, pathOf } from "./tree.ts";

/**
 * Shows an entry.
 *
 * @param box Where.
 * @param selection What is chosen.
 * @param times Time of each step and of what was in its place.
 * @param node The entry.
 */
export function showDetails(box: HTMLElement, selection: Selection, times: Times, node: number): void {
  const { tree } = selection;
  const row = tree.row[node]!;
  const slash = node !== 0 && isDirectory(tree, node) ? "/" : "";
  const path = make("p", "path", { text: `${pathOf(tree, node)}${slash}` });
  const list = make("dl", "", {
    inside: [...(row < 0 ? [] : ownTerms(tree, times, row)), ...branchTerms(selection, node)],
  });
  const shut = make("button", "quiet", {
    text: "×",
    attributes: { id: "shut", type: "button", "aria-label": "Close" },
  });
  shut.addEventListener("click", () => box.classList.remove("chosen"));
  box.classList.add("chosen");
  box.replaceChildren(shut, path, list);
}

/** Times of all steps, added up. */
export interface Times {
  /** Time of each entry. */
  readonly time: Float64Array;
  /** Time of what was there. */
  readonly had: Float64Array;
}

/**
 * Adds up the times of the columns.
 *
 * @param tree The tree.
 * @returns Seconds since 1970.
 */
export function timesOf({ data }: PageTree): Times {
  const time = new Float64Array(data.time.length);
  const had = new Float64Array(data.time.length);
  let last = 0;
  for (let row = 0; row < time.length; row++) {
    last += data.time[row]!;
    time[row] = last;
    had[row] = last + data.hadTime[row]!;
  }
  return { time, had };
}

function ownTerms({ data, deed, targets }: PageTree, { time, had }: Times, row: number): HTMLElement[] {
  const { name, word } = data.deeds[deed[row]!]!;
  const target = targets.get(row);
  const [hadSize, hadTime] = [data.had[row]!, had[row]!];
  const kind = data.kinds[Number.parseInt(data.kind.charAt(row), 36)]!;
  const terms: [string, Node][] = [
    [
      "what",
      make("span", `badge deed-${name}`, { text: `${word} ${kind}` }),
    ],
    ["why", new Text(data.whys[data.why[row]!]!)],
  ];
  if (target !== undefined) {
    terms.push([target.startsWith("<=") ? "was" : "leads to", new Text(target.replace(/^\S+ /, ""))]);
  }
  if (kind === "file" && name !== "adjust") {
    terms.push(["size", new Text(`${hadSize < 0 ? "" : `${formatSize(hadSize)} → `}${formatSize(data.size[row]!)}`)]);
  }
  terms.push([
    "modified",
    new Text(`${hadTime === time[row] ? "" : `${formatTime(hadTime)} → `}${formatTime(time[row]!)}`),
  ]);
  if (hadTime > time[row]! && hadSize >= 0) {
    terms.push(["", make("strong", "newer", { text: "What is there is newer" })]);
  }
  return terms.flatMap(([term, value]) => [make("dt", "", { text: term }), make("dd", "", { inside: [value] })]);
}

function branchTerms(selection: Selection, node: number): HTMLElement[] {
  const { tree } = selection;
  if (tree.end[node]! === node + 1) return [];
  const { count, bytes } = selection.totals(node);
  const counts = tree.data.deeds.flatMap(({ word }, deed) => {
    const { count: each } = selection.totals(node, deed);
    return each === 0 ? [] : [`${word} ${formatCount(each)}`];
  });
  const text = `${formatNumberOf(count, "entry", "entries")}, ${formatBytes(bytes)}: ${counts.join(", ")}`;
  return [make("dt", "", { text: "inside" }), make("dd", "", { text })];
}

function formatSize(bytes: number): string {
  return bytes < 1024 ? formatBytes(bytes) : `${formatBytes(bytes)} (${formatCount(bytes)})`;
}

/** In UTC, so that everybody who reads the page reads the same. */
function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime())
    ? `${seconds} s`
    : date.toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");
}
