/**
 * Findings of a comparison as parts of the HTML page: totals as cards, and a list for each kind.
 *
 * @module
 */
import { formatCount, formatNumberOf } from "../bytes/quantities.ts";
import { type Finding, FINDING_KINDS, type FindingKind } from "../compare/finding.ts";
import type { ReportSummary } from "./document.ts";
import { FINDING_WORDS, findingPath, findingWhy, toldKinds } from "./finding_text.ts";
import { escapeHtml } from "./page_frame.ts";

/** Findings of one kind that are listed; a browser has to hold them all. */
const MOST_ROWS = 5_000;

/** Gathers findings for a page. */
export class FindingRows {
  readonly #lists = new Map<FindingKind, { readonly rows: string[]; count: number }>();

  /**
   * Adds one; what is the same is not listed.
   *
   * @param finding What was found.
   */
  add(finding: Finding): void {
    const { finding: kind } = finding;
    if (kind === "same") return;
    const list = this.#lists.get(kind) ?? { rows: [], count: 0 };
    this.#lists.set(kind, list);
    list.count++;
    if (list.rows.length < MOST_ROWS) list.rows.push(rowHtml(finding));
  }

  /**
   * All lists.
   *
   * @returns HTML; empty when nothing was found.
   */
  html(): string {
    return FINDING_KINDS.map((kind) => this.#listHtml(kind)).filter((part) => part !== "").join("\n");
  }

  #listHtml(kind: FindingKind): string {
    const list = this.#lists.get(kind);
    if (list === undefined) return "";
    const left = list.count - list.rows.length;
    const more = left === 0 ? "" : `\n<li class="hint">and ${formatCount(left)} more</li>`;
    const { sign, word } = FINDING_WORDS[kind];
    const title = `${sign} ${formatNumberOf(list.count, "entry", "entries")} ${word}`;
    return `<details class="panel failures" open><summary>${title}</summary><ul>${
      list.rows.join("\n")
    }${more}</ul></details>`;
  }
}

function rowHtml(finding: Finding): string {
  const sign = FINDING_WORDS[finding.finding].sign;
  const why = sign === "-" || sign === "+" ? "" : ` <span class="hint">${escapeHtml(findingWhy(finding))}</span>`;
  return `<li><code>${escapeHtml(findingPath(finding))}</code>${why}</li>`;
}

/**
 * The totals of a comparison.
 *
 * @param summary How it ended.
 * @returns HTML; empty for other tasks.
 */
export function checkedHtml({ checked }: ReportSummary): string {
  if (checked === undefined) return "";
  const cards = [...toldKinds(checked), "same" as const].map((kind) =>
    `<div class="card${kind === "same" ? "" : " failed"}"><span class="number">${formatCount(checked[kind])}</span>` +
    `<span class="word">${FINDING_WORDS[kind].word}</span><span class="bytes"></span></div>`
  );
  return `<section class="totals" aria-label="Totals">\n${cards.join("\n")}\n</section>`;
}
