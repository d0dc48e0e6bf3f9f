/// <reference lib="dom" />
/**
 * The map: every branch is as large as its bytes or its number of steps, and has the colour of what is done most in it.
 * A branch of some size shows what is inside it; a click goes into it.
 *
 * @module
 */
import { formatBytes, formatNumberOf } from "../../bytes/quantities.ts";
import { make } from "./element.ts";
import type { Selection } from "./selection.ts";
import { type PageTree, pathOf } from "./tree.ts";
import { type Rect, squarify } from "./treemap.ts";

/** Tiles of one level; the rest is one tile. */
const MOST_TILES = 40;
/** From this size on a branch shows what is inside it. */
const NESTED = { width: 80, height: 56 } as const;
/** From this size on a tile has its name on it, and from this height on its size below. */
const LABELLED = { width: 46, height: 20 } as const;
const TWO_LINES = 38;
const TITLE_HEIGHT = 20;
const GAP = 2;
/** Least part of the stripe below a branch, in percent. */
const LEAST_SHARE = 4;

/** By what tiles are large. */
export type Measure = "bytes" | "count";

/** A tile: a branch, or several small ones together. */
interface Tile {
  readonly node: number | undefined;
  readonly label: string;
  readonly value: number;
}

/** See the module comment. */
export class MapView {
  readonly #box: HTMLElement;
  readonly #trail: HTMLElement;
  readonly #onSelect: (node: number) => void;
  #selection: Selection;
  #measure: Measure;
  #root = 0;

  /** Fills a box; the way to the branch that is shown goes into `trail`. */
  constructor(
    parts: { readonly box: HTMLElement; readonly trail: HTMLElement },
    selection: Selection,
    measure: Measure,
    onSelect: (node: number) => void,
  ) {
    this.#box = parts.box;
    this.#trail = parts.trail;
    this.#selection = selection;
    this.#measure = measure;
    this.#onSelect = onSelect;
    this.#box.addEventListener("click", (event) => this.#click(event));
    this.#trail.addEventListener("click", (event) => this.#click(event));
    new ResizeObserver(() => this.#draw()).observe(this.#box);
  }

  get #tree(): PageTree {
    return this.#selection.tree;
  }

  /** Shows what is chosen. */
  show(selection: Selection): void {
    this.#selection = selection;
    while (this.#root !== 0 && selection.totals(this.#root).count === 0) this.#root = this.#tree.above[this.#root]!;
    this.#draw();
  }

  /** Measures otherwise. */
  measureBy(measure: Measure): void {
    this.#measure = measure;
    this.#draw();
  }

  #click(event: Event): void {
    const element = (event.target as Element).closest<HTMLElement>("[data-node]");
    if (element === null) return;
    const node = Number(element.dataset["node"]);
    if (node === 0 || this.#tree.end[node]! > node + 1) {
      this.#root = node;
      this.#draw();
    }
    if (node !== 0) this.#onSelect(node);
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#box;
    this.#drawTrail();
    if (width === 0 || height === 0) return;
    const tiles = this.#tiles(this.#root, { x: 0, y: 0, width, height }, true);
    const nothing = this.#measure === "bytes" ? "No content is written or removed here" : "Nothing matches";
    this.#box.replaceChildren(...(tiles.length === 0 ? [make("p", "empty", { text: nothing })] : tiles));
  }

  #drawTrail(): void {
    const way: number[] = [];
    for (let at = this.#root; at !== 0; at = this.#tree.above[at]!) way.unshift(at);
    const crumbs = [0, ...way].map((node) => {
      const text = node === 0 ? "All" : this.#tree.names[node]!;
      const current: Record<string, string> = node === this.#root ? { "aria-current": "true" } : {};
      return make("button", "crumb", { text, attributes: { type: "button", "data-node": String(node), ...current } });
    });
    this.#trail.replaceChildren(...crumbs);
  }

  #value(node: number): number {
    const { bytes, count } = this.#selection.totals(node);
    return this.#measure === "bytes" ? bytes : count;
  }

  #tiles(node: number, area: Rect, isNested: boolean): HTMLElement[] {
    const tiles = this.#gather(node);
    const rects = squarify(tiles.map(({ value }) => value), area);
    return tiles.flatMap((tile, at) => {
      const rect = rects[at]!;
      return rect.width < 3 || rect.height < 3 ? [] : [this.#tile(tile, rect, isNested)];
    });
  }

  #gather(node: number): Tile[] {
    const tiles = this.#selection.below(node)
      .map((each): Tile => ({ node: each, label: this.#tree.names[each]!, value: this.#value(each) }))
      .filter(({ value }) => value > 0)
      .sort((a, b) => b.value - a.value);
    if (tiles.length <= MOST_TILES) return tiles;
    const rest = tiles.splice(MOST_TILES - 1);
    const value = rest.reduce((sum, tile) => sum + tile.value, 0);
    tiles.push({ node: undefined, label: `${formatNumberOf(rest.length, "smaller one")}`, value });
    return tiles.sort((a, b) => b.value - a.value);
  }

  #tile({ node, label, value }: Tile, rect: Rect, isNested: boolean): HTMLElement {
    const width = Math.max(1, rect.width - GAP);
    const height = Math.max(1, rect.height - GAP);
    const isBranch = node !== undefined && this.#tree.end[node]! > node + 1;
    const opens = isNested && isBranch && width >= NESTED.width && height >= NESTED.height;
    const shown = this.#measure === "bytes" ? formatBytes(value) : formatNumberOf(value, "entry", "entries");
    const path = node === undefined ? label : pathOf(this.#tree, node);
    const isReadable = width >= LABELLED.width && height >= LABELLED.height;
    const name = make("span", "tile-name", { text: isBranch ? `${label}/` : label });
    const size = make("span", "tile-size", { text: shown });
    const button = make("button", isReadable ? "tile-face" : "tile-face bare", {
      attributes: {
        type: "button",
        // The Tab key stops at the outer tiles; what is inside is reached by going into them.
        tabindex: isNested ? "0" : "-1",
        title: `${path}\n${shown}`,
        "aria-label": `${path}, ${shown}`,
        ...(node === undefined ? {} : { "data-node": String(node) }),
      },
      inside: !isReadable ? [] : opens || height >= TWO_LINES ? [name, size] : [name],
    });
    if (isBranch && isReadable) button.style.backgroundImage = this.#stripe(node);
    const tile = make("div", `tile ${opens ? "nested" : ""} ${this.#deedClass(node)}`, { inside: [button] });
    place(tile, { ...rect, width, height });
    if (opens) {
      const inner = { x: 3, y: TITLE_HEIGHT, width: width - 6 + GAP, height: height - TITLE_HEIGHT - 6 + GAP };
      tile.append(...this.#tiles(node, inner, false));
    }
    return tile;
  }

  #shares(node: number): { readonly name: string; readonly weight: number; readonly value: number }[] {
    return this.#tree.data.deeds.map(({ name, weight }, deed) => {
      const { bytes, count } = this.#selection.totals(node, deed);
      return { name, weight, value: this.#measure === "bytes" ? bytes : count };
    });
  }

  /** What is done most in a branch gives its colour; among equals, what weighs most. */
  #deedClass(node: number | undefined): string {
    if (node === undefined) return "mixed";
    const [most] = this.#shares(node).sort((a, b) => b.value - a.value || b.weight - a.weight);
    return `deed-${most!.name}`;
  }

  /** Everything that is done in a branch, in its share; what weighs most comes first and is never too thin to be seen. */
  #stripe(node: number): string {
    const shares = this.#shares(node).filter(({ value }) => value > 0).sort((a, b) => b.weight - a.weight);
    const sum = shares.reduce((total, { value }) => total + value, 0);
    let at = 0;
    const stops = shares.map(({ name, value }) => {
      const from = at;
      at = Math.min(100, at + Math.max(LEAST_SHARE, (value / sum) * 100));
      return `var(--${name}) ${from}% ${at}%`;
    });
    return `linear-gradient(to right, ${stops.join(", ")})`;
  }
}

function place(element: HTMLElement, { x, y, width, height }: Rect): void {
  element.style.left = `${x}px`;
  element.style.top = `${y}px`;
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}
