/**
 * What a delta would be, for people at a terminal: a bar along the new file, and numbers.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { formatBytes, formatCount, formatNumberOf } from "../bytes/quantities.ts";
import {
  columnsOf,
  lookOf,
  percentText,
  RANGE_KINDS,
  RANGE_WORDS,
  type RangeKind,
  savedText,
} from "./delta_columns.ts";
import type { ToldDelta, ToldRange } from "./delta_columns.ts";
import { type Paint, painter, type Style } from "./paint.ts";

const LEAST_COLUMNS = 10;
const MOST_COLUMNS = 200;

interface Look {
  /** Without colours. */
  readonly plain: string;
  /** With colours. */
  readonly block: string;
  readonly style: Style;
}

const LOOKS: Readonly<Record<RangeKind | "some", Look>> = {
  kept: { plain: "=", block: "█", style: "green" },
  moved: { plain: "~", block: "█", style: "cyan" },
  literal: { plain: "#", block: "█", style: "yellow" },
  some: { plain: "+", block: "▒", style: "yellow" },
};

/** How it is drawn. */
export interface DeltaTextOptions {
  /** Columns of the terminal. */
  readonly columns: number;
  /** Whether it is coloured; the bar is drawn in blocks then. @default {false} */
  readonly colored?: boolean;
}

/**
 * Draws what a delta would be.
 *
 * @param told What it would be.
 * @param options How it is drawn.
 * @returns Lines with their ends.
 */
export function deltaText(told: ToldDelta, { columns, colored = false }: DeltaTextOptions): string {
  const paint = painter(colored);
  const sign: Sign = (look, count) =>
    colored ? paint(LOOKS[look].style, LOOKS[look].block.repeat(count)) : LOOKS[look].plain.repeat(count);
  const width = Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, columns)) - 2;
  const { old, fresh, oldBytes, newBytes, blocks, blockLength, signatureBytes, deltaBytes } = told;
  const blocksText = `${formatNumberOf(blocks, "block")} of ${formatNumberOf(blockLength, "byte")}`;
  const looks = columnsOf(told, width).map(lookOf);
  const little = `${sign("some", 1)}  ${paint("dim", "something new, less of it than of the rest")}`;
  const lines = [
    `${paint("bold", "old")}  ${printable(old)}: ${formatBytes(oldBytes)}, ${blocksText}`,
    `${paint("bold", "new")}  ${printable(fresh)}: ${formatBytes(newBytes)}`,
    "",
    ...(newBytes === 0 ? [] : [`[${bar(looks, sign)}]`, paint("dim", axis(newBytes, width + 2)), ""]),
    ...RANGE_KINDS.map((kind) => legend(told, kind, sign, paint)),
    ...(looks.includes("some") ? [little] : []),
    "",
    `delta ${formatBytes(deltaBytes)}: ${savedText(told, formatBytes)}`,
    `signature ${formatBytes(signatureBytes)}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** The sign for a look, so many times. */
type Sign = (look: RangeKind | "some", count: number) => string;

function bar(looks: readonly (RangeKind | "some")[], sign: Sign): string {
  let text = "";
  for (let at = 0, end = 0; at < looks.length; at = end) {
    while (looks[end] === looks[at]) end++;
    text += sign(looks[at]!, end - at);
  }
  return text;
}

/** Where one is in the file: its beginning, its middle and its end. */
function axis(newBytes: number, width: number): string {
  const end = formatBytes(newBytes);
  const middle = width < 40 ? "" : formatBytes(newBytes / 2);
  const before = "0".padEnd(Math.floor((width - middle.length) / 2)) + middle;
  return `${before}${end.padStart(width - before.length)}`;
}

function legend(told: ToldDelta, kind: RangeKind, sign: Sign, paint: Paint): string {
  const { ranges, bytes } = told[kind];
  const { word, meaning } = RANGE_WORDS[kind];
  const size = `${formatBytes(bytes).padStart(9)} ${percentText(bytes, told.newBytes).padStart(8)}`;
  return `${sign(kind, 1)}  ${word.padEnd(5)} ${size}  ${
    paint("dim", `${formatNumberOf(ranges, "range")} ${meaning}`)
  }`;
}

/**
 * One range of the new file.
 *
 * @param range The range.
 * @returns A line with its end.
 */
export function rangeText({ kind, start, length, oldStart }: ToldRange): string {
  const from = oldStart === undefined || oldStart === start ? "" : ` from byte ${formatCount(oldStart)}`;
  return `${RANGE_WORDS[kind].word.padEnd(5)}  ${formatNumberOf(length, "byte")} at ${formatCount(start)}${from}\n`;
}
