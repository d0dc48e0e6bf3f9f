/**
 * Snapshots along time as a page: where they are in time, what each holds, what came and what went, and all numbers.
 * The pictures are plain SVG; the page needs no script but for its theme.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { formatBytes, formatCount, formatNumberOf } from "../bytes/quantities.ts";
import { escapeHtml, pageText } from "../report/page_frame.ts";
import type { TimelineSnapshot } from "./timeline.ts";

/** What the page is about. */
export interface ToldTimeline {
  /** The store, as it was given. */
  readonly store: string;
  /** The snapshots, oldest first. */
  readonly snapshots: readonly TimelineSnapshot[];
  /** Bytes that all take together. */
  readonly bytes: number;
}

/** Measures of the picture, in units of its own. */
const WIDTH = 1000;
const TIME_HEIGHT = 60;
const HOLD_HEIGHT = 150;
const CHANGE_HEIGHT = 70;
const MIDDLE = TIME_HEIGHT + HOLD_HEIGHT + 24 + CHANGE_HEIGHT;
const HEIGHT = MIDDLE + CHANGE_HEIGHT + 4;
/** What is there is never too thin to be seen. */
const LEAST = 2;

/**
 * Makes the page.
 *
 * @param told The store.
 * @returns The whole page.
 */
export function timelinePage(told: ToldTimeline): string {
  const { store, snapshots, bytes } = told;
  const count = formatNumberOf(snapshots.length, "snapshot");
  return pageText({
    title: `Snapshots: ${printable(store)}`,
    header: `<h1>Snapshots</h1>\n<p class="sides"><code>${escapeHtml(printable(store))}</code></p>`,
    parts: snapshots.length === 0 ? ['<p class="panel nothing">There is no snapshot yet</p>'] : [
      `<section class="totals" aria-label="Totals">\n${cards(told).join("\n")}\n</section>`,
      pictureHtml(snapshots),
      tableHtml(snapshots),
    ],
    footer: `${count}, ${formatBytes(bytes)} together`,
  });
}

function cards({ snapshots, bytes }: ToldTimeline): string[] {
  const alone = snapshots.reduce((sum, each) => sum + each.bytes, 0);
  const card = (look: string, number: string, word: string, small: string) =>
    `<div class="card ${look}"><span class="number">${number}</span><span class="word">${word}</span>` +
    `<span class="bytes">${small}</span></div>`;
  const [first, last] = [snapshots[0]!, snapshots.at(-1)!];
  return [
    card("time-shared", formatCount(snapshots.length), "snapshots", `${dayOf(first)} to ${dayOf(last)}`),
    card("time-fresh", formatBytes(bytes), "on disk", "everything counted once"),
    card("time-shared", formatBytes(alone - bytes), "shared", `each by itself: ${formatBytes(alone)}`),
    card("time-freed", formatBytes(last.ownBytes), "in the last alone", `of ${formatBytes(last.bytes)}`),
  ];
}

function pictureHtml(snapshots: readonly TimelineSnapshot[]): string {
  const keys = [
    ["time-shared", "shared with the one before"],
    ["time-fresh", "new"],
    ["time-freed", "no longer there; on the line above: its run had failures"],
  ].map(([look, word]) => `<li class="${look}">${word}</li>`).join("");
  const label = `${formatNumberOf(snapshots.length, "snapshot")} along time, with what each holds and what changed`;
  return `<figure class="panel strip timeline">\n<figcaption>When they were taken, what each holds, and below what came ` +
    `and what went (at a scale of its own)</figcaption>\n` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">\n` +
    `${drawing(snapshots).join("\n")}\n</svg>\n<div class="marks"><span>${dayOf(snapshots[0]!)}</span><span>${
      dayOf(snapshots.at(-1)!)
    }</span></div>\n<ul class="keys">${keys}</ul>\n</figure>`;
}

function drawing(snapshots: readonly TimelineSnapshot[]): string[] {
  const start = snapshots[0]!.takenMs;
  const span = Math.max(1, snapshots.at(-1)!.takenMs - start);
  const step = WIDTH / snapshots.length;
  const barWidth = Math.max(1, Math.min(60, step * 0.8));
  const holds = Math.max(1, ...snapshots.map(({ bytes }) => bytes));
  // All of the first is new, which says nothing and would dwarf the others.
  const later = snapshots.slice(1);
  const changes = Math.max(1, ...later.flatMap(({ newBytes, droppedBytes }) => [newBytes, droppedBytes]));
  const shapes: string[] = [`<rect class="axis" x="0" y="8" width="${WIDTH}" height="2"/>`];
  snapshots.forEach((snapshot, at) => {
    const middle = (at + 0.5) * step;
    const moment = snapshots.length === 1 ? WIDTH / 2 : 4 + (snapshot.takenMs - start) / span * (WIDTH - 8);
    shapes.push(`<path class="thread" d="M${round(moment)} 9V18L${round(middle)} ${TIME_HEIGHT - 6}"/>`);
    const look = (snapshot.failures ?? 0) > 0 ? "time-freed" : "moment";
    shapes.push(`<rect class="${look}" x="${round(moment - 1.5)}" y="4" width="3" height="10"/>`);
    shapes.push(...barShapes(snapshot, middle - barWidth / 2, barWidth, holds, at === 0 ? undefined : changes));
  });
  shapes.push(`<rect class="axis" x="0" y="${MIDDLE}" width="${WIDTH}" height="1"/>`);
  return shapes;
}

function barShapes(
  snapshot: TimelineSnapshot,
  x: number,
  width: number,
  holds: number,
  changes: number | undefined,
): string[] {
  const { sharedBytes, newBytes, droppedBytes } = snapshot;
  const title = `<title>${escapeHtml(titleOf(snapshot))}</title>`;
  const bar = (look: string, y: number, height: number) =>
    height === 0
      ? ""
      : `<rect class="${look}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}">` +
        `${title}</rect>`;
  const size = (bytes: number, most: number, height: number) =>
    bytes === 0 ? 0 : Math.max(LEAST, bytes / most * height);
  const fresh = size(newBytes, holds, HOLD_HEIGHT);
  const shared = Math.min(size(sharedBytes, holds, HOLD_HEIGHT), HOLD_HEIGHT - fresh);
  const ground = TIME_HEIGHT + HOLD_HEIGHT;
  const held = [bar("time-shared", ground - shared, shared), bar("time-fresh", ground - shared - fresh, fresh)];
  if (changes === undefined) return held.filter((shape) => shape !== "");
  const came = size(newBytes, changes, CHANGE_HEIGHT);
  const changed = [
    bar("time-fresh", MIDDLE - came, came),
    bar("time-freed", MIDDLE + 1, size(droppedBytes, changes, CHANGE_HEIGHT)),
  ];
  return [...held, ...changed].filter((shape) => shape !== "");
}

function titleOf({ name, bytes, newBytes, droppedBytes, ownBytes }: TimelineSnapshot): string {
  return `${name}: ${formatBytes(bytes)}, new ${formatBytes(newBytes)}, no longer there ${
    formatBytes(droppedBytes)
  }, ` +
    `alone here ${formatBytes(ownBytes)}`;
}

function tableHtml(snapshots: readonly TimelineSnapshot[]): string {
  const head = ["Snapshot", "All", "Alone here", "New", "Shared", "No longer there", "Entries", "Remarks"];
  const rows = [...snapshots].reverse().map((snapshot) => {
    const { name, bytes, ownBytes, newBytes, sharedBytes, droppedBytes, entries } = snapshot;
    const sizes = [bytes, ownBytes, newBytes, sharedBytes, droppedBytes].map(formatBytes);
    const cells = [...sizes, formatCount(entries)].map((cell) => `<td>${cell}</td>`).join("");
    return `<tr><th scope="row"><code>${name}</code></th>${cells}<td>${escapeHtml(remarksOf(snapshot))}</td></tr>`;
  });
  const heads = head.map((word) => `<th scope="col">${word}</th>`).join("");
  return `<section class="panel numbers"><table>\n<thead><tr>${heads}</tr></thead>\n<tbody>\n${
    rows.join("\n")
  }\n</tbody></table></section>`;
}

function remarksOf({ failures = 0, tags = [] }: TimelineSnapshot): string {
  const failed = failures === 0 ? [] : [formatNumberOf(failures, "failure")];
  return [...failed, ...tags.map(printable)].join(", ");
}

function dayOf({ takenMs }: TimelineSnapshot): string {
  return new Date(takenMs).toISOString().slice(0, 10);
}

/** Hundredths are finer than any screen. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
