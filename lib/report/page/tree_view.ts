/// <reference lib="dom" />
/**
 * The tree as a list in which only the lines in sight exist, so that their number does not matter.
 *
 * @module
 */
import { formatBytes, formatCount } from "../../bytes/quantities.ts";
import { make } from "./element.ts";
import type { Selection } from "./selection.ts";
import { isDirectory, type PageTree, pathOf } from "./tree.ts";

/** Height of a line in pixels, as in the style sheet. */
const LINE_HEIGHT = 28;
/** Lines beyond both edges. */
const MARGIN_LINES = 8;
/** Browsers end elements that are much higher; beyond it the scroll bar is scaled. */
const MOST_PIXELS = 8_000_000;
/** Lines that are open at first. */
const FIRST_LINES = 200;
/** Lines that are printed. */
const PRINTED_LINES = 5_000;

/** See the module comment. */
export class TreeView {
  readonly #box: HTMLElement;
  readonly #space: HTMLElement;
  readonly #tree: PageTree;
  readonly #onSelect: (node: number) => void;
  /** Nodes that are open while nothing is looked for, and nodes that were closed while something is. */
  readonly #opened = new Set<number>();
  #closed = new Set<number>();
  #selection: Selection;
  #lines: Int32Array = new Int32Array();
  #current = -1;

  /** Fills a box. */
  constructor(box: HTMLElement, selection: Selection, onSelect: (node: number) => void) {
    this.#box = box;
    this.#space = box.appendChild(make("div", "space"));
    this.#tree = selection.tree;
    this.#selection = selection;
    this.#onSelect = onSelect;
    this.#openFirst();
    box.addEventListener("scroll", () => this.#draw(), { passive: true });
    box.addEventListener("click", (event) => this.#click(event));
    box.addEventListener("keydown", (event) => this.#press(event));
    new ResizeObserver(() => this.#draw()).observe(box);
  }

  /** How many lines there are. */
  get lineCount(): number {
    return this.#lines.length;
  }

  /** Shows what is chosen, from the top. */
  show(selection: Selection): void {
    this.#selection = selection;
    this.#closed = new Set();
    this.#box.scrollTop = 0;
    this.#layOut();
  }

  /** Opens everything above a node and brings it into sight. */
  reveal(node: number): void {
    for (let at = node; at !== 0; at = this.#tree.above[at]!) this.#setOpen(at, true);
    this.#layOut();
    this.#select(this.#lines.indexOf(node));
  }

  /** Opens or closes every branch. */
  setAllOpen(isOpen: boolean): void {
    this.#opened.clear();
    this.#closed = new Set();
    const into = this.#selection.isNarrow ? (isOpen ? undefined : this.#closed) : (isOpen ? this.#opened : undefined);
    if (into !== undefined) { for (let node = 1; node < this.#tree.names.length; node++) into.add(node); }
    this.#layOut();
  }

  /** Draws many lines at once for paper, or only those in sight. */
  setPrinting(isPrinting: boolean): void {
    if (isPrinting) this.#fill(0, Math.min(this.#lines.length, PRINTED_LINES), 0);
    else this.#draw();
  }

  /** Opens level after level while the list stays short. */
  #openFirst(): void {
    const { depth, names } = this.#tree;
    for (let level = 1; level < 64; level++) {
      const found: number[] = [];
      for (let node = 1; node < names.length; node++) if (depth[node] === level) found.push(node);
      const lines = this.#selection.lines((node) => depth[node]! <= level).length;
      if (found.length === 0 || lines > FIRST_LINES) return;
      for (const node of found) this.#opened.add(node);
    }
  }

  #isOpen = (node: number): boolean => {
    return this.#selection.isNarrow ? !this.#closed.has(node) : this.#opened.has(node);
  };

  #setOpen(node: number, isOpen: boolean): void {
    if (this.#selection.isNarrow === isOpen) (isOpen ? this.#closed : this.#opened).delete(node);
    else (isOpen ? this.#opened : this.#closed).add(node);
  }

  #layOut(): void {
    const chosen = this.#lines[this.#current];
    this.#lines = this.#selection.lines(this.#isOpen);
    this.#current = chosen === undefined ? -1 : this.#lines.indexOf(chosen);
    this.#space.style.height = `${Math.min(MOST_PIXELS, this.#lines.length * LINE_HEIGHT)}px`;
    this.#draw();
  }

  /** Draws the lines in sight; in a very long list a pixel of the scroll bar is more than one of the list. */
  #draw(): void {
    const { scrollTop, clientHeight } = this.#box;
    const seen = Math.ceil(clientHeight / LINE_HEIGHT);
    const whole = this.#lines.length * LINE_HEIGHT;
    const first = whole <= MOST_PIXELS
      ? scrollTop / LINE_HEIGHT
      : (scrollTop / Math.max(1, MOST_PIXELS - clientHeight)) * (this.#lines.length - clientHeight / LINE_HEIGHT);
    const from = Math.max(0, Math.floor(first) - MARGIN_LINES);
    this.#fill(
      from,
      Math.min(this.#lines.length, from + seen + 2 * MARGIN_LINES),
      scrollTop - (first - from) * LINE_HEIGHT,
    );
  }

  #fill(from: number, to: number, top: number): void {
    const lines: HTMLElement[] = [];
    for (let at = from; at < to; at++) lines.push(this.#line(at, top + (at - from) * LINE_HEIGHT));
    this.#space.replaceChildren(...lines);
    if (this.#current >= from && this.#current < to) this.#box.setAttribute("aria-activedescendant", "line-current");
    else this.#box.removeAttribute("aria-activedescendant");
  }

  #line(at: number, top: number): HTMLElement {
    const tree = this.#tree;
    const node = this.#lines[at]!;
    const hasBelow = node !== 0 && tree.end[node]! > node + 1;
    const isCurrent = at === this.#current;
    const line = make("div", isCurrent ? "line current" : "line", {
      attributes: {
        "role": "treeitem",
        "aria-level": String(Math.max(1, tree.depth[node]!)),
        "aria-selected": String(isCurrent),
        "data-at": String(at),
        ...(hasBelow ? { "aria-expanded": String(this.#isOpen(node)) } : {}),
        ...(isCurrent ? { id: "line-current" } : {}),
      },
      inside: [
        make("span", hasBelow ? "twist" : "twist none"),
        this.#badge(node),
        make("span", "name", { text: `${tree.names[node]}${node !== 0 && isDirectory(tree, node) ? "/" : ""}` }),
        ...this.#target(node),
        make("span", "why", { text: this.#why(node) }),
        ...(hasBelow ? this.#counts(node) : []),
        make("span", "size", { text: this.#size(node, hasBelow) }),
      ],
    });
    line.style.top = `${top}px`;
    line.style.setProperty("--depth", String(Math.max(0, tree.depth[node]! - 1)));
    line.title = pathOf(tree, node);
    return line;
  }

  #badge(node: number): HTMLElement {
    const { data, row, deed } = this.#tree;
    const at = row[node]!;
    // Nothing is done to the directory itself, or nothing that is looked for.
    if (at < 0 || !this.#selection.has(node)) return make("span", "badge none");
    const { name, word } = data.deeds[deed[at]!]!;
    return make("span", `badge deed-${name}`, { text: word });
  }

  #target(node: number): HTMLElement[] {
    const text = this.#tree.targets.get(this.#tree.row[node]!);
    return text === undefined ? [] : [make("span", "target", { text })];
  }

  #why(node: number): string {
    const { data, row } = this.#tree;
    return row[node]! < 0 || !this.#selection.has(node) ? "" : data.whys[data.why[row[node]!]!]!;
  }

  #counts(node: number): HTMLElement[] {
    const counts = this.#tree.data.deeds.flatMap(({ name, sign, word }, deed) => {
      const { count } = this.#selection.totals(node, deed);
      if (count === 0) return [];
      const text = `${sign}${formatCount(count)}`;
      return [make("span", `count deed-${name}`, { text, attributes: { title: `${word} ${formatCount(count)}` } })];
    });
    return [make("span", "counts", { inside: counts })];
  }

  /** Of a file its own size, of a branch what is written, moved or removed in it. */
  #size(node: number, hasBelow: boolean): string {
    const { data, row, deed } = this.#tree;
    if (hasBelow || isDirectory(this.#tree, node)) {
      const { bytes } = this.#selection.totals(node);
      return bytes === 0 ? "" : formatBytes(bytes);
    }
    return data.deeds[deed[row[node]!]!]?.name === "adjust" ? "" : formatBytes(data.size[row[node]!]!);
  }

  #click(event: MouseEvent): void {
    const target = event.target as Element;
    const line = target.closest<HTMLElement>("[data-at]");
    if (line === null) return;
    const at = Number(line.dataset["at"]);
    const isTwist = target.classList.contains("twist");
    if (isTwist || at === this.#current) this.#toggle(at);
    this.#select(at);
  }

  #press(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.#box.clientHeight / LINE_HEIGHT) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.#current + 1,
      ArrowUp: this.#current - 1,
      PageDown: this.#current + page,
      PageUp: this.#current - page,
      Home: 0,
      End: this.#lines.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) this.#select(Math.max(0, Math.min(this.#lines.length - 1, to)));
    else if (event.key === "ArrowRight") this.#open(true);
    else if (event.key === "ArrowLeft") this.#open(false);
    else if (event.key === "Enter" || event.key === " ") this.#toggle(this.#current);
    else return;
    event.preventDefault();
  }

  /** Right opens, then goes into; left closes, then goes up. */
  #open(isOpen: boolean): void {
    const node = this.#lines[this.#current];
    if (node === undefined) return;
    const hasBelow = this.#tree.end[node]! > node + 1;
    if (hasBelow && this.#isOpen(node) !== isOpen) this.#toggle(this.#current);
    else if (isOpen && hasBelow) this.#select(this.#current + 1);
    else if (!isOpen) this.#select(this.#lines.indexOf(this.#tree.above[node]!));
  }

  #toggle(at: number): void {
    const node = this.#lines[at];
    if (node === undefined || this.#tree.end[node]! === node + 1) return;
    this.#setOpen(node, !this.#isOpen(node));
    this.#layOut();
  }

  #select(at: number): void {
    const node = this.#lines[at];
    if (node === undefined) return;
    this.#current = at;
    this.#bringIntoSight(at);
    this.#draw();
    this.#onSelect(node);
  }

  #bringIntoSight(at: number): void {
    const whole = this.#lines.length * LINE_HEIGHT;
    const scale = whole <= MOST_PIXELS ? 1 : MOST_PIXELS / whole;
    const top = at * LINE_HEIGHT * scale;
    const { scrollTop, clientHeight } = this.#box;
    if (top < scrollTop) this.#box.scrollTop = top;
    else if (top + LINE_HEIGHT > scrollTop + clientHeight) this.#box.scrollTop = top + LINE_HEIGHT - clientHeight;
  }
}
