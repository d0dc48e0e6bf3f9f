/**
 * The tree of the page: every step and every directory above one is a node, in the order of the tree. A node's own
 * branch is the nodes from it up to its end, so totals of a branch are two look-ups in running sums.
 *
 * @module
 */
import type { PageData } from "./data.ts";

/** Nodes in columns; node 0 is the root. */
export interface PageTree {
  /** The data that it was made from. */
  readonly data: PageData;
  /** Name of each node. */
  readonly names: readonly string[];
  /** Whole path of each node in lower case, for the search. */
  readonly lowered: readonly string[];
  /** How deep each node is; the root is 0. */
  readonly depth: Uint16Array;
  /** Node above each; the root is above itself. */
  readonly above: Int32Array;
  /** First node that is no longer below each. */
  readonly end: Int32Array;
  /** Step of each node, or -1 for a directory in which alone something is done. */
  readonly row: Int32Array;
  /** Deed of each step. */
  readonly deed: Uint8Array;
  /** Bytes that each step writes, moves or removes. */
  readonly bytes: Float64Array;
  /** Where links lead, by step. */
  readonly targets: ReadonlyMap<number, string>;
}

/**
 * Builds the tree.
 *
 * @param data The columns.
 * @returns The tree.
 */
export function buildTree(data: PageData): PageTree {
  const builder = new TreeBuilder();
  let path = "";
  for (let row = 0; row < data.rest.length; row++) {
    path = path.slice(0, data.shared[row]) + data.rest[row];
    builder.add(path, row);
  }
  return builder.finish(data);
}

/** Places that are not known yet; `at` is the node, `path` what is added to below it. */
class TreeBuilder {
  readonly #names: string[] = ["./"];
  readonly #lowered: string[] = ["./"];
  readonly #depth: number[] = [0];
  readonly #above: number[] = [0];
  readonly #row: number[] = [-1];
  /** Nodes on the way to the one that was added last, the root first, each with its path. */
  #way: { readonly node: number; readonly path: string }[] = [{ node: 0, path: "" }];
  readonly #end: number[] = [0];

  add(path: string, row: number): void {
    if (path === "") {
      this.#row[0] = row;
      return;
    }
    while (!this.#isBelow(path)) this.#leave();
    const from = this.#way.at(-1)!.path;
    let start = from === "" ? 0 : from.length + 1;
    for (let slash = path.indexOf("/", start); slash >= 0; slash = path.indexOf("/", start)) {
      this.#enter(path.slice(start, slash), path.slice(0, slash), -1);
      start = slash + 1;
    }
    this.#enter(path.slice(start), path, row);
  }

  finish(data: PageData): PageTree {
    while (this.#way.length > 0) this.#leave();
    return {
      data,
      names: this.#names,
      lowered: this.#lowered,
      depth: Uint16Array.from(this.#depth),
      above: Int32Array.from(this.#above),
      end: Int32Array.from(this.#end),
      row: Int32Array.from(this.#row),
      deed: Uint8Array.from(data.deed, (digit) => Number.parseInt(digit, 36)),
      bytes: bytesOf(data),
      targets: new Map(data.targets),
    };
  }

  #isBelow(path: string): boolean {
    const top = this.#way.at(-1)!.path;
    return top === "" || (path.startsWith(top) && path.charAt(top.length) === "/");
  }

  #enter(name: string, path: string, row: number): void {
    const node = this.#names.push(name) - 1;
    this.#lowered.push(path.toLowerCase());
    this.#depth.push(this.#way.length);
    this.#above.push(this.#way.at(-1)!.node);
    this.#row.push(row);
    this.#end.push(node);
    this.#way.push({ node, path });
  }

  #leave(): void {
    this.#end[this.#way.pop()!.node] = this.#names.length;
  }
}

function bytesOf(data: PageData): Float64Array {
  const bytes = Float64Array.from(data.size);
  for (const [row, exact] of data.bytes) bytes[row] = exact;
  return bytes;
}

/**
 * Whole path of a node.
 *
 * @param tree The tree.
 * @param node The node.
 * @returns Its path from the root; `"./"` for the root itself.
 */
export function pathOf(tree: PageTree, node: number): string {
  const parts: string[] = [];
  for (let at = node; at !== 0; at = tree.above[at]!) parts.unshift(tree.names[at]!);
  return parts.length === 0 ? "./" : parts.join("/");
}

/**
 * Whether a node is shown as a directory.
 *
 * @param tree The tree.
 * @param node The node.
 * @returns `true` for what has something below it, and for steps on directories.
 */
export function isDirectory(tree: PageTree, node: number): boolean {
  const row = tree.row[node]!;
  return node === 0 || tree.end[node]! > node + 1 ||
    (row >= 0 && tree.data.kinds[Number.parseInt(tree.data.kind.charAt(row), 36)] === "directory");
}
