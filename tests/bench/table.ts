/**
 * Results as tables of Markdown, which is also what the terminal shows: columns are padded so that both read well.
 */
import { type CaseResult, type Rival, RIVALS, type Row, type Target } from "./results.ts";

const NAMES = { binary: "binary", bun: "Bun, from source", deno: "Deno, from source" } as const;
const HEADINGS = {
  "time": "Time",
  "delta": "Signatures and deltas",
  "memory": "Memory",
  "start-up": "Start-up",
  "kernels": "Kernels, on one core",
} as const;
const LINE_WIDTH = 120;
const RIVAL_COMMANDS: Readonly<Record<Rival, string>> = {
  "rsync": "rsync",
  "cp": "cp -a",
  "rm": "rm -rf",
  "rdiff": "rdiff",
  "empty program": "empty program",
  "no filter": "no filter",
  "rsync -anc": "rsync -anc",
  "sha256sum": "find, xargs -P2 sha256sum",
  "first manifest": "first manifest",
  "memory read": "memory read",
};

/** Returns all tables, each under its heading. What rsync is told beside `-aH` is in the cases. */
export function renderTables(results: readonly CaseResult[], heading = "##"): string {
  const parts: string[] = [];
  for (const table of ["time", "delta", "memory", "start-up", "kernels"] as const) {
    const rows = results.filter((result) => result.table === table).flatMap((result) => result.rows);
    if (rows.length > 0) parts.push(`${heading} ${HEADINGS[table]}\n\n${renderRows(rows)}`);
  }
  return parts.join("\n\n");
}

function renderRows(rows: readonly Row[]): string {
  const rivals = RIVALS.filter((rival) => rows.some((row) => row.rivals[rival] !== undefined));
  const head = ["", "Undrift as", "Undrift", ...rivals.map((rival) => RIVAL_COMMANDS[rival])];
  const ratios = rivals.map((rival) => `of ${rival}`);
  const cells = rows.map((row) => [
    row.what,
    NAMES[row.form],
    amount(row.value, row.unit),
    ...rivals.map((rival) => row.rivals[rival] === undefined ? "" : amount(row.rivals[rival].value, row.unit)),
    ...rivals.map((rival) => row.rivals[rival]?.ratio.toFixed(2) ?? ""),
    row.targets.map((target) => describeTarget(target, row.unit)).join(", "),
    row.met === undefined ? "" : row.met ? "yes" : "no",
  ]);
  return layOut([...head, ...ratios, "target", "met"], cells);
}

function describeTarget({ rival, most, least }: Target, unit: Row["unit"]): string {
  if (rival !== undefined) return `≤ ${most} of ${rival}`;
  return least === undefined ? `≤ ${most} ${unit}` : `≥ ${least} ${unit}`;
}

function amount(value: number, unit: Row["unit"]): string {
  if (unit === "MB") return `${value.toFixed(1)} MB`;
  if (unit === "GB/s") return `${value.toFixed(2)} GB/s`;
  return value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}

function layOut(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, 3, ...rows.map((row) => row[at]!.length)));
  const isText = (at: number) => at < 2 || at >= head.length - 2;
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => isText(at) ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)).join(" | ")} |`;
  const rule = widths.map((width, at) => isText(at) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`);
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** Returns a paragraph in lines of the length that `deno fmt` gives them. */
export function wrapped(paragraph: string): string {
  const lines = [""];
  for (const word of paragraph.split(/\s+/)) {
    const last = lines[lines.length - 1]!;
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= LINE_WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
