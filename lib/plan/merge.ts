/**
 * Merges sorted sequences into one, with one item of each in hand.
 *
 * @module
 */

/** A sequence and its next item. */
interface Head<Item> {
  item: Item;
  readonly rest: Iterator<Item>;
}

/**
 * Merges sequences that are sorted, each by itself.
 *
 * @param sequences The sequences.
 * @param compare Their order.
 * @returns All items, sorted.
 */
export function* mergeSorted<Item>(
  sequences: readonly Iterable<Item>[],
  compare: (a: Item, b: Item) => number,
): Generator<Item, void, undefined> {
  const heap: Head<Item>[] = [];
  for (const sequence of sequences) {
    const rest = sequence[Symbol.iterator]();
    const first = rest.next();
    if (first.done !== true) heap.push({ item: first.value, rest });
  }
  for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(heap, at, compare);
  while (heap.length > 0) {
    const head = heap[0]!;
    yield head.item;
    const next = head.rest.next();
    if (next.done !== true) {
      head.item = next.value;
    } else {
      const last = heap.pop()!;
      if (heap.length > 0) heap[0] = last;
    }
    sink(heap, 0, compare);
  }
}

/** Lets the head at a place of a binary heap sink to where it belongs. */
function sink<Item>(heap: Head<Item>[], from: number, compare: (a: Item, b: Item) => number): void {
  let at = from;
  for (;;) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && compare(heap[child]!.item, heap[least]!.item) < 0) least = child;
    }
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least]!, heap[at]!];
    at = least;
  }
}
