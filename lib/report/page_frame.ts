/**
 * What all HTML pages share: one file that needs nothing else, no other file and no network.
 *
 * Names are text that anyone may have chosen. They are in a page as escaped text or inside JSON without a `<`; the
 * script makes text nodes of them; and the page's own policy lets nothing run but the one script, by its hash.
 *
 * @module
 */
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH, PAGE_STYLE, PAGE_STYLE_HASH } from "./page_assets.ts";

/** What a page may load and run: nothing but its own style and script. */
const POLICY = [
  "default-src 'none'",
  `style-src '${PAGE_STYLE_HASH}'`,
  `script-src '${PAGE_SCRIPT_HASH}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** What differs between pages. */
export interface PageFrame {
  /** Title of the window, as text. */
  readonly title: string;
  /** What is in the header beside the switch of the theme, as HTML. */
  readonly header: string;
  /** Parts below it, as HTML; empty ones are left out. */
  readonly parts: readonly string[];
  /** The last line, as text. */
  readonly footer: string;
  /** JSON for the script that can be inside an element. @default {none} */
  readonly data?: string;
}

/**
 * Makes a page.
 *
 * @param frame What is on it.
 * @returns The whole page.
 */
export function pageText({ title, header, parts, footer, data }: PageFrame): string {
  return `<!doctype html>
<html lang="en" data-theme="auto">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header class="top">
<div>
${header}
</div>
<button type="button" id="theme" class="quiet" hidden>Theme: auto</button>
</header>
<main>
${parts.filter((part) => part !== "").join("\n")}
</main>
<footer>${escapeHtml(footer)}. Made by undrift; this page needs no network.</footer>
${
    data === undefined
      ? ""
      : `<script type="application/json" id="data">${data}</script>\n`
  }<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

const REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Text for the inside of an element or of a quoted attribute.
 *
 * @param text Any text.
 * @returns The same with references for what is markup.
 */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (found) => REFERENCES[found]!);
}
