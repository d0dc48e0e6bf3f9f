/**
 * What a delta would be, as a page: the new file as a strip, and numbers. It needs no script but for its theme.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { formatBytes, formatCount, formatNumberOf } from "../bytes/quantities.ts";
import { columnsOf, percentText, RANGE_KINDS, RANGE_WORDS, type RangeKind, savedText } from "./delta_columns.ts";
import type { Shares, ToldDelta } from "./delta_columns.ts";
import { escapeHtml, pageText } from "./page_frame.ts";

/** The strip has so many columns, and is so high, in units of its own. */
const COLUMNS = 400;
const HEIGHT = 60;
/** What is new is never too thin to be seen. */
const LEAST_HEIGHT = 6;

/**
 * Makes the page.
 *
 * @param told What the delta would be.
 * @returns The whole page.
 */
export function deltaPage(told: ToldDelta): string {
  const { old, fresh, deltaBytes } = told;
  return pageText({
    title: `Delta: ${printable(old)} → ${printable(fresh)}`,
    header: `<h1>Delta <span class="outcome planned">not made</span></h1>
<p class="sides"><code>${escapeHtml(printable(old))}</code> → <code>${escapeHtml(printable(fresh))}</code></p>`,
    parts: [
      `<section class="totals" aria-label="Totals">\n${
        RANGE_KINDS.map((kind) => card(told, kind)).join("\n")
      }\n</section>`,
      stripHtml(told),
      factsHtml(told),
    ],
    footer: `A delta of ${formatBytes(deltaBytes)}, ${savedText(told, formatBytes)}`,
  });
}

function card(told: ToldDelta, kind: RangeKind): string {
  const { bytes, ranges } = told[kind];
  return `<div class="card range-${kind}"><span class="number">${percentText(bytes, told.newBytes)}</span>` +
    `<span class="word">${RANGE_WORDS[kind].word}</span>` +
    `<span class="bytes">${formatBytes(bytes)} in ${formatNumberOf(ranges, "range")}</span></div>`;
}

function stripHtml(told: ToldDelta): string {
  const { newBytes } = told;
  if (newBytes === 0) return '<p class="panel nothing">The new file is empty</p>';
  const keys = RANGE_KINDS.map((kind) => `<li class="range-${kind}">${RANGE_WORDS[kind].meaning}</li>`).join("");
  const svg = `<svg viewBox="0 0 ${COLUMNS} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${
    escapeHtml(summaryOf(told))
  }">\n${rects(told).join("\n")}\n</svg>`;
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    `<span>${part === 0 ? "0" : formatBytes(newBytes * part)}</span>`
  );
  return `<figure class="panel strip">\n<figcaption>The new file, from its beginning to its end</figcaption>\n${svg}
<div class="marks">${marks.join("")}</div>\n<ul class="keys">${keys}</ul>\n</figure>`;
}

function summaryOf(told: ToldDelta): string {
  return RANGE_KINDS.map((kind) => `${percentText(told[kind].bytes, told.newBytes)} ${RANGE_WORDS[kind].meaning}`).join(
    ", ",
  );
}

/** Columns that look the same are one. */
function rects(told: ToldDelta): string[] {
  const columns = columnsOf(told, COLUMNS);
  const layers = columns.map(layersOf);
  const made: string[] = [];
  for (let at = 0, end = 0; at < columns.length; at = end) {
    const look = layers[at]!;
    while (end < layers.length && isSame(look, layers[end]!)) end++;
    made.push(...rectsOf(told, look, at, end));
  }
  return made;
}

/** Heights of the kinds, from the top: what is new comes first. */
type Layers = readonly (readonly [kind: RangeKind, height: number])[];

function layersOf(shares: Shares): Layers {
  const literal = shares.literal === 0 ? 0 : Math.max(LEAST_HEIGHT, Math.round(shares.literal * HEIGHT));
  const known = shares.kept + shares.moved;
  const moved = known === 0 ? 0 : Math.round((HEIGHT - literal) * shares.moved / known);
  const layers = [["literal", literal], ["moved", moved], ["kept", HEIGHT - literal - moved]] as const;
  return layers.filter(([, height]) => height > 0);
}

function isSame(one: Layers, other: Layers): boolean {
  return one.length === other.length && one.every(([kind, height], at) => {
    const [otherKind, otherHeight] = other[at]!;
    return kind === otherKind && height === otherHeight;
  });
}

function rectsOf({ newBytes }: ToldDelta, layers: Layers, at: number, end: number): string[] {
  const byte = (column: number) => formatCount(Math.round(column / COLUMNS * newBytes));
  let y = 0;
  return layers.map(([kind, height]) => {
    const title = `${RANGE_WORDS[kind].word}, about bytes ${byte(at)} to ${byte(end)}`;
    const place = `x="${at}" y="${y}" width="${end - at}" height="${height}"`;
    y += height;
    return `<rect class="range-${kind}" ${place}><title>${title}</title></rect>`;
  });
}

function factsHtml(told: ToldDelta): string {
  const { oldBytes, newBytes, blocks, blockLength, signatureBytes, deltaBytes } = told;
  const facts: readonly (readonly [term: string, fact: string])[] = [
    ["Old file", sizeText(oldBytes)],
    ["New file", sizeText(newBytes)],
    ["Blocks", `${formatCount(blocks)} of ${formatNumberOf(blockLength, "byte")}`],
    ["Signature", sizeText(signatureBytes)],
    ["Delta", `${sizeText(deltaBytes)}: ${savedText(told, sizeText)}`],
  ];
  const rows = facts.map(([term, fact]) => `<dt>${term}</dt><dd>${escapeHtml(fact)}</dd>`).join("\n");
  return `<section class="panel facts"><dl>\n${rows}\n</dl></section>`;
}

function sizeText(bytes: number): string {
  return bytes < 1024 ? formatBytes(bytes) : `${formatBytes(bytes)} (${formatCount(bytes)})`;
}
