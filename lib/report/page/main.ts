/// <reference lib="dom" />
/**
 * The script of the HTML page: reads the data, shows the tree and the map, and wires what can be pressed. The totals,
 * refusals and failures are in the page already and need no script.
 *
 * @module
 */
import { formatBytes, formatCount, formatNumberOf } from "../../bytes/quantities.ts";
import type { PageData } from "./data.ts";
import { showDetails, timesOf } from "./details.ts";
import { byId } from "./element.ts";
import { MapView, type Measure } from "./map_view.ts";
import { Selection } from "./selection.ts";
import { buildTree } from "./tree.ts";
import { TreeView } from "./tree_view.ts";

const THEMES = ["auto", "light", "dark"] as const;

function start(): void {
  wireTheme();
  const source = document.getElementById("data");
  if (source !== null) wireList(JSON.parse(source.textContent ?? "") as PageData);
  document.documentElement.dataset["state"] = "ready";
}

function wireTheme(): void {
  const button = byId("theme");
  button.hidden = false;
  let at = 0;
  button.addEventListener("click", () => {
    at = (at + 1) % THEMES.length;
    const theme = THEMES[at]!;
    document.documentElement.dataset["theme"] = theme;
    button.textContent = `Theme: ${theme}`;
  });
}

function wireList(data: PageData): void {
  const tree = buildTree(data);
  const times = timesOf(tree);
  const chosen = new Set<number>();
  const search = byId("search") as HTMLInputElement;
  let selection = new Selection(tree, { words: [], deeds: chosen });
  const measure = selection.totals(0).bytes > 0 ? "bytes" : "count";

  const detail = (node: number) => showDetails(byId("details"), selection, times, node);
  const list = new TreeView(byId("tree"), selection, detail);
  const map = new MapView({ box: byId("map"), trail: byId("trail") }, selection, measure, (node) => {
    list.reveal(node);
    detail(node);
  });
  const choose = () => {
    const words = search.value.split(/\s+/).filter((word) => word !== "");
    selection = new Selection(tree, { words, deeds: chosen });
    list.show(selection);
    map.show(selection);
    sayFound(selection);
  };

  search.addEventListener("input", choose);
  wireDeeds(data, chosen, choose);
  wireMeasure(measure, (by) => map.measureBy(by));
  byId("open").addEventListener("click", () => list.setAllOpen(true));
  byId("close").addEventListener("click", () => list.setAllOpen(false));
  wireKeys(search, choose);
  addEventListener("beforeprint", () => list.setPrinting(true));
  addEventListener("afterprint", () => list.setPrinting(false));
  byId("explorer").hidden = false;
  choose();
}

function sayFound(selection: Selection): void {
  const { count, bytes } = selection.totals(0);
  const all = selection.tree.data.rest.length;
  const size = bytes === 0 ? "" : `, ${formatBytes(bytes)}`;
  byId("found").textContent = count === all
    ? `${formatNumberOf(count, "entry", "entries")}${size}`
    : `${formatCount(count)} of ${formatNumberOf(all, "entry", "entries")}${size}`;
  byId("tree").classList.toggle("empty-list", count === 0);
}

/** The totals at the top are switches, too. */
function wireDeeds(data: PageData, chosen: Set<number>, choose: () => void): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-deed]")) {
    const deed = data.deeds.findIndex(({ name }) => name === button.dataset["deed"]);
    button.addEventListener("click", () => {
      if (!chosen.delete(deed)) chosen.add(deed);
      button.setAttribute("aria-pressed", String(chosen.has(deed)));
      choose();
    });
  }
}

function wireMeasure(first: Measure, onChoice: (measure: Measure) => void): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>("button[data-measure]")];
  const press = (measure: Measure) => {
    for (const each of buttons) each.setAttribute("aria-pressed", String(each.dataset["measure"] === measure));
  };
  press(first);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const measure = button.dataset["measure"] as Measure;
      press(measure);
      onChoice(measure);
    });
  }
}

/** A slash goes to the search, Escape empties it. */
function wireKeys(search: HTMLInputElement, choose: () => void): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== search && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search && search.value !== "") {
      search.value = "";
      choose();
    }
  });
}

start();
