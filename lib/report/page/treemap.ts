/**
 * Treemaps: rectangles whose areas are in proportion to values, each as near to a square as it can be ("squarified
 * treemaps" of Bruls, Huizing and van Wijk, 2000).
 *
 * @module
 */

/** A rectangle in pixels. */
export interface Rect {
  /** From the left. */
  readonly x: number;
  /** From the top. */
  readonly y: number;
  /** Width. */
  readonly width: number;
  /** Height. */
  readonly height: number;
}

/**
 * Divides a rectangle.
 *
 * @param values Positive numbers, the largest first.
 * @param area The rectangle.
 * @returns A rectangle for each value, in the same order.
 */
export function squarify(values: readonly number[], area: Rect): Rect[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  const rects: Rect[] = [];
  let left = area;
  let remaining = total;
  for (let at = 0; at < values.length;) {
    const side = Math.min(left.width, left.height);
    const scale = remaining > 0 ? (left.width * left.height) / remaining : 0;
    const row = rowFrom(values, at, side, scale);
    const sum = values.slice(at, at + row).reduce((a, b) => a + b, 0);
    const depth = side > 0 ? (sum * scale) / side : 0;
    rects.push(...placeRow(values.slice(at, at + row), sum, left, depth));
    left = left.width >= left.height
      ? { x: left.x + depth, y: left.y, width: Math.max(0, left.width - depth), height: left.height }
      : { x: left.x, y: left.y + depth, width: left.width, height: Math.max(0, left.height - depth) };
    remaining -= sum;
    at += row;
  }
  return rects;
}

/** How many values go into the next row: as many as make it squarer. */
function rowFrom(values: readonly number[], from: number, side: number, scale: number): number {
  let [count, sum, worst] = [0, 0, Infinity];
  for (let at = from; at < values.length; at++) {
    const nextSum = sum + values[at]!;
    const ratio = worstRatio(values[from]!, values[at]!, nextSum, side, scale);
    if (count > 0 && ratio > worst) break;
    [count, sum, worst] = [count + 1, nextSum, ratio];
  }
  return count;
}

function worstRatio(largest: number, least: number, sum: number, side: number, scale: number): number {
  const square = side * side;
  const area = sum * scale;
  return Math.max((square * largest * scale) / (area * area), (area * area) / (square * least * scale));
}

function placeRow(values: readonly number[], sum: number, area: Rect, depth: number): Rect[] {
  const isColumn = area.width >= area.height;
  const side = isColumn ? area.height : area.width;
  let offset = 0;
  return values.map((value) => {
    const length = sum > 0 ? (value / sum) * side : 0;
    const rect = isColumn
      ? { x: area.x, y: area.y + offset, width: depth, height: length }
      : { x: area.x + offset, y: area.y, width: length, height: depth };
    offset += length;
    return rect;
  });
}
