/**
 * Which steps are shown: those of the chosen deeds whose paths hold every word of the search. Totals of every branch
 * come from running sums over the nodes.
 *
 * @module
 */
import type { PageTree } from "./tree.ts";

/** What is looked for. */
export interface Wish {
  /** Words, all of which a path must hold; case does not count. */
  readonly words: readonly string[];
  /** Deeds by their place; empty for all. */
  readonly deeds: ReadonlySet<number>;
}

/** Totals of a branch. */
export interface BranchTotals {
  /** Steps. */
  readonly count: number;
  /** Bytes that are written or removed. */
  readonly bytes: number;
}

/** What of a tree is shown. */
export class Selection {
  /** The tree. */
  readonly tree: PageTree;
  /** Whether something is looked for, so that branches need not be opened by hand. */
  readonly isNarrow: boolean;
  /** For each deed, the number of chosen steps before each node. */
  readonly #counts: readonly Int32Array[];
  /** For each deed, their bytes. */
  readonly #bytes: readonly Float64Array[];

  /** Chooses. */
  constructor(tree: PageTree, wish: Wish) {
    this.tree = tree;
    const words = wish.words.map((word) => word.toLowerCase());
    this.isNarrow = words.length > 0 || wish.deeds.size > 0;
    const nodes = tree.names.length;
    this.#counts = tree.data.deeds.map(() => new Int32Array(nodes + 1));
    this.#bytes = tree.data.deeds.map(() => new Float64Array(nodes + 1));
    for (let node = 0; node < nodes; node++) {
      const chosen = isWanted(tree, node, words, wish.deeds);
      for (let deed = 0; deed < this.#counts.length; deed++) {
        const adds = chosen && tree.deed[tree.row[node]!] === deed;
        this.#counts[deed]![node + 1] = this.#counts[deed]![node]! + (adds ? 1 : 0);
        this.#bytes[deed]![node + 1] = this.#bytes[deed]![node]! + (adds ? tree.bytes[tree.row[node]!]! : 0);
      }
    }
  }

  /**
   * Totals of a branch.
   *
   * @param node Its node.
   * @param deed One deed alone. @default {all}
   * @returns What is chosen in it.
   */
  totals(node: number, deed?: number): BranchTotals {
    const end = this.tree.end[node]!;
    let [count, bytes] = [0, 0];
    for (let each = deed ?? 0; each <= (deed ?? this.#counts.length - 1); each++) {
      count += this.#counts[each]![end]! - this.#counts[each]![node]!;
      bytes += this.#bytes[each]![end]! - this.#bytes[each]![node]!;
    }
    return { count, bytes };
  }

  /**
   * Whether the step of a node itself is chosen.
   *
   * @param node The node.
   * @returns `false` for directories without a step, too.
   */
  has(node: number): boolean {
    return this.#counts.some((counts) => counts[node + 1]! > counts[node]!);
  }

  /**
   * The nodes directly below another that hold something chosen.
   *
   * @param node The node.
   * @returns In the order of the tree.
   */
  below(node: number): number[] {
    const found: number[] = [];
    const end = this.tree.end[node]!;
    for (let at = node + 1; at < end; at = this.tree.end[at]!) {
      if (this.totals(at).count > 0) found.push(at);
    }
    return found;
  }

  /**
   * The lines of the tree.
   *
   * @param isOpen Whether a branch is open.
   * @returns Nodes in order, without the root unless it has a step.
   */
  lines(isOpen: (node: number) => boolean): Int32Array {
    const { end } = this.tree;
    const lines = new Int32Array(end.length);
    let count = 0;
    if (this.has(0)) lines[count++] = 0;
    for (let node = 1; node < end.length;) {
      if (this.totals(node).count === 0) {
        node = end[node]!;
        continue;
      }
      lines[count++] = node;
      node = isOpen(node) ? node + 1 : end[node]!;
    }
    return lines.subarray(0, count);
  }
}

function isWanted(tree: PageTree, node: number, words: readonly string[], deeds: ReadonlySet<number>): boolean {
  const row = tree.row[node]!;
  if (row < 0 || (deeds.size > 0 && !deeds.has(tree.deed[row]!))) return false;
  const path = tree.lowered[node]!;
  return words.every((word) => path.includes(word));
}
