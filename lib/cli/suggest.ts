/**
 * "Did you mean": the nearest of some known words.
 *
 * @module
 */

/**
 * Finds the word that somebody most likely meant.
 *
 * @param given What was typed.
 * @param known Words that there are.
 * @returns The nearest one, or `undefined` when none is near: more than a third of the letters would have to change.
 */
export function nearest(given: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(given.length / 3)) + 1;
  for (const word of known) {
    const distance = editDistance(given, word);
    if (distance < least) {
      best = word;
      least = distance;
    }
  }
  return best ?? startingWith(given, known);
}

/** The only word that begins so, as in `--verb` for `--verbose`. */
function startingWith(given: string, known: readonly string[]): string | undefined {
  if (given.length < 2) return undefined;
  const found = known.filter((word) => word.startsWith(given));
  return found.length === 1 ? found[0] : undefined;
}

/**
 * How many letters have to be put in, taken out, changed or swapped with their neighbour.
 *
 * @param a One word.
 * @param b The other.
 * @returns The smallest number (optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(last[column]! + 1, next[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, beforeLast[column - 2]! + 1);
      }
      next.push(cost);
    }
    beforeLast = last;
    last = next;
  }
  return last[b.length]!;
}
