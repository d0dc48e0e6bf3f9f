/**
 * A report as one HTML page. Totals, refusals and failures are plain HTML; the script of the page (`page/`, embedded by
 * `page_assets.ts`) shows the tree and the map.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { formatBytes, formatCount, formatNumberOf } from "../bytes/quantities.ts";
import type { Degradation } from "../model/capabilities.ts";
import type { Failure } from "../model/event.ts";
import type { ReportDocument, ReportHead, ReportSummary } from "./document.ts";
import { checkedHtml, FindingRows } from "./finding_html.ts";
import { jsonForScript, PageColumns } from "./page_data.ts";
import { escapeHtml, pageText } from "./page_frame.ts";
import { summaryText } from "./text.ts";
import { type Deed, DEEDS, deedsToTell, oneLine, OUTCOME_WORDS, refusalWord } from "./words.ts";

/**
 * A report as a page.
 *
 * @returns The report, to be told; all of it comes at its end.
 */
export function htmlDocument(): ReportDocument {
  const columns = new PageColumns();
  const findings = new FindingRows();
  const warnings: Degradation[] = [];
  const failures: Failure[] = [];
  let head: ReportHead = { task: "" };
  return {
    start: (given) => {
      head = given;
      return "";
    },
    action: (action) => {
      columns.add(action);
      return "";
    },
    finding: (finding) => {
      findings.add(finding);
      return "";
    },
    warning: (warning) => {
      warnings.push(warning);
      return "";
    },
    failure: (failure) => {
      failures.push(failure);
      return "";
    },
    end: (summary) => reportPage({ head, summary, columns, findings, warnings, failures }),
  };
}

interface Page {
  readonly head: ReportHead;
  readonly summary: ReportSummary;
  readonly columns: PageColumns;
  readonly findings: FindingRows;
  readonly warnings: readonly Degradation[];
  readonly failures: readonly Failure[];
}

function reportPage(page: Page): string {
  const { head, summary, columns } = page;
  const title = `${head.task.charAt(0).toUpperCase()}${head.task.slice(1)}`;
  const outcome = OUTCOME_WORDS[summary.outcome];
  return pageText({
    title: `${title} ${outcome}${sidesText(head)}`,
    header: `<h1>${escapeHtml(title)} <span class="outcome ${summary.outcome}">${outcome}</span></h1>\n${
      sidesHtml(head)
    }`,
    parts: [
      refusalHtml(summary),
      totalsHtml(summary, columns),
      checkedHtml(summary),
      failuresHtml(page),
      warningsHtml(page.warnings),
      page.findings.html(),
      columns.count === 0 ? nothingHtml(summary) : EXPLORER,
    ],
    footer: summaryText(summary) ?? "Nothing was changed",
    ...(columns.count === 0 ? {} : { data: jsonForScript(columns.data(tenseOf(summary))) }),
  });
}

function tenseOf({ outcome }: ReportSummary): "plan" | "done" {
  return outcome === "planned" ? "plan" : "done";
}

function sidesText({ source, destination }: ReportHead): string {
  const sides = [source, destination].filter((side) => side !== undefined).map(printable);
  return sides.length === 0 ? "" : `: ${sides.join(" → ")}`;
}

function sidesHtml({ source, destination }: ReportHead): string {
  const sides = [source, destination].filter((side) => side !== undefined);
  const codes = sides.map((side) => `<code>${escapeHtml(printable(side))}</code>`);
  return sides.length === 0 ? "" : `<p class="sides">${codes.join(" → ")}</p>`;
}

function refusalHtml({ error, outcome }: ReportSummary): string {
  if (error === undefined) return "";
  const title = outcome === "planned" ? `This plan ${refusalWord(outcome)}` : `This task was ${refusalWord(outcome)}`;
  const hint = error.hint === undefined ? "" : `<p class="hint">${escapeHtml(oneLine(error.hint))}</p>`;
  return `<section class="alert" role="alert"><h2>${title}</h2><p>${
    escapeHtml(oneLine(error.message))
  }</p>${hint}</section>`;
}

function totalsHtml(summary: ReportSummary, columns: PageColumns): string {
  const { totals, failures } = summary;
  if (totals === undefined) return "";
  const cards = deedsToTell(totals).map((deed) => deedCard(deed, totals[DEEDS[deed].total], columns, tenseOf(summary)));
  if (failures > 0) {
    const number = `<span class="number">${formatCount(failures)}</span>`;
    cards.push(`<div class="card failed">${number}<span class="word">failed</span><span class="bytes"></span></div>`);
  }
  return `<section class="totals" aria-label="Totals; press one to see only that">\n${cards.join("\n")}\n</section>`;
}

function deedCard(deed: Deed, count: number, columns: PageColumns, tense: "plan" | "done"): string {
  const bytes = columns.bytesOf(deed);
  const off = count === 0 || columns.count === 0 ? " disabled" : "";
  return `<button type="button" class="card deed-${deed}" data-deed="${deed}" aria-pressed="false"${off}>` +
    `<span class="number">${formatCount(count)}</span><span class="word">${DEEDS[deed][tense]}</span>` +
    `<span class="bytes">${bytes === 0 ? "" : formatBytes(bytes)}</span></button>`;
}

function failuresHtml({ failures, summary }: Page): string {
  if (failures.length === 0) return "";
  const items = failures.map(({ path, message, hint }) => {
    const where = path === "" ? "" : `<code>${escapeHtml(printable(path))}</code> `;
    const next = hint === undefined ? "" : ` <span class="hint">${escapeHtml(oneLine(hint))}</span>`;
    return `<li>${where}${escapeHtml(oneLine(message))}${next}</li>`;
  });
  const left = summary.failures - failures.length;
  if (left > 0) items.push(`<li class="hint">and ${formatCount(left)} more</li>`);
  const title = `${formatNumberOf(Math.max(summary.failures, failures.length), "entry", "entries")} failed`;
  return `<details class="panel failures" open><summary>${title}</summary><ul>${items.join("\n")}</ul></details>`;
}

function warningsHtml(warnings: readonly Degradation[]): string {
  if (warnings.length === 0) return "";
  const items = warnings.map(({ message }) => `<li>${escapeHtml(oneLine(message))}</li>`).join("\n");
  return `<details class="panel"><summary>${
    formatNumberOf(warnings.length, "warning")
  }</summary><ul>${items}</ul></details>`;
}

function nothingHtml({ totals, outcome }: ReportSummary): string {
  if (totals === undefined || outcome === "refused" || outcome === "stopped") return "";
  const agree = formatNumberOf(totals.sourceEntries, "entry agrees", "entries agree");
  return `<p class="panel nothing">Nothing to do: ${agree}</p>`;
}

const EXPLORER = `<noscript><p class="panel nothing">The tree and the map need JavaScript.</p></noscript>
<section id="explorer" aria-label="Entries" hidden>
<div class="panel">
<div class="bar">
<input type="search" id="search" placeholder="Search paths  ( / )" aria-label="Search paths" autocomplete="off" spellcheck="false">
<span id="found" role="status"></span>
<button type="button" class="quiet" id="open">Open all</button>
<button type="button" class="quiet" id="close">Close all</button>
</div>
<div id="tree" role="tree" aria-label="Entries by directory" tabindex="0"></div>
</div>
<div class="side">
<div class="panel">
<div class="bar">
<nav id="trail" aria-label="Branch that the map shows"></nav>
<div class="choice" role="group" aria-label="What makes a tile large">
<button type="button" data-measure="bytes">bytes</button><button type="button" data-measure="count">entries</button>
</div>
</div>
<div id="map"></div>
</div>
<div class="panel" id="details" aria-live="polite"><p class="ask">Choose an entry to see all about it.</p></div>
</div>
</section>`;
