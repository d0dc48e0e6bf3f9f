/**
 * Puts the style and the script of the HTML report into `lib/report/page_assets.ts`, where every runtime and the binary
 * find them without reading a file.
 *
 *     deno task page            writes it
 *     deno task page --check    tells whether it is up to date
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { PROJECT_ROOT, runtimeExecutable } from "../tests/support/runtimes.ts";

/** The generated file. */
export const PAGE_ASSETS: string = join(PROJECT_ROOT, "lib", "report", "page_assets.ts");

const PAGE_FOLDER = join(PROJECT_ROOT, "lib", "report", "page");

/** Returns what the generated file is to hold. */
export function pageAssets(): string {
  const style = `\n${readFileSync(join(PAGE_FOLDER, "page.css"), "utf8")}`;
  const script = `\n${bundle()}`;
  if (/<\/(?:script|style)|<!--/i.test(style + script)) {
    throw new Error("Cannot embed the page: it ends its own element");
  }
  return [
    "// deno-fmt-ignore-file\n/**\n * The style and the script of the HTML report, with their hashes for its policy.",
    " *\n * Generated from `page/` by `deno task page`; a test tells when it is out of date.\n *\n * @module\n */",
    ...constant("PAGE_STYLE", "Style sheet", style),
    ...constant("PAGE_SCRIPT", "Script", script),
  ].join("\n");
}

/** Readable on purpose: who is sent a page may want to look at what runs in it. */
function bundle(): string {
  const args = ["build", join(PAGE_FOLDER, "main.ts"), "--target=browser", "--format=iife"];
  return execFileSync(runtimeExecutable("bun"), args, { cwd: PROJECT_ROOT, encoding: "utf8" });
}

function constant(name: string, what: string, text: string): string[] {
  const hash = createHash("sha256").update(text).digest("base64");
  const lines = text.split("\n").map((line) => `  ${JSON.stringify(line)},`);
  return [
    `/** ${what} of the page. */`,
    `export const ${name}: string = [`,
    ...lines,
    '].join("\\n");',
    "",
    `/** Hash of it. */`,
    `export const ${name}_HASH = ${JSON.stringify(`sha256-${hash}`)};`,
    "",
  ];
}

if (import.meta.main) {
  const wanted = pageAssets();
  if (!process.argv.includes("--check")) writeFileSync(PAGE_ASSETS, wanted);
  else if (readFileSync(PAGE_ASSETS, "utf8") !== wanted) {
    console.error('Cannot use lib/report/page_assets.ts: it is out of date; run "deno task page"');
    process.exitCode = 1;
  }
}
