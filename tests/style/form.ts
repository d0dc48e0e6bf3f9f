/**
 * Checks of form: headers of files, names of files and folders, no `any`, no default export,
 * and that tests are declared by the façade alone.
 *
 * Each check takes one source and returns one line per breach.
 */
import ts from "typescript";
import { importsOf, lineOf, nodesOf, type Source } from "./source.ts";

/** Files from this length on say what they are for. */
const HEADER_FROM_LINES = 40;

/** How many lines that takes. */
const HEADER_LINES = { min: 2, max: 12 };

/** Names that say nothing about what is in a file or folder. */
const EMPTY_WORDS = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "index"];

/** Returns a line when a file of some length does not open with a header of 2 to 12 lines. */
export function headerBreaches(source: Source): string[] {
  if (source.text.trimEnd().split("\n").length < HEADER_FROM_LINES) return [];
  const lines = headerLines(source);
  if (lines === 0) return [`${source.path}: opens with no header`];
  const fits = lines >= HEADER_LINES.min && lines <= HEADER_LINES.max;
  return fits ? [] : [`${source.path}: the header has ${lines} lines, ${HEADER_LINES.min} to ${HEADER_LINES.max} fit`];
}

/** Returns a line for each part of a path that is not snake_case, or that says nothing. */
export function nameBreaches(path: string): string[] {
  const parts = path.replace(/(?:\.asm)?\.ts$/, "").split("/");
  return parts.flatMap((part) => {
    if (!/^_?[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(part)) return [`${path}: "${part}" is not snake_case`];
    const empty = part.split("_").find((word) => EMPTY_WORDS.includes(word));
    return empty === undefined ? [] : [`${path}: "${empty}" says nothing`];
  });
}

/** Returns a line for each `any`. */
export function anyBreaches(source: Source): string[] {
  return [...nodesOf(source.tree)].filter((node) => node.kind === ts.SyntaxKind.AnyKeyword)
    .map((node) => `${source.path}:${lineOf(source, node)}: any`);
}

/** Returns a line for each default export. */
export function defaultExportBreaches(source: Source): string[] {
  return [...nodesOf(source.tree)].filter(isDefaultExport)
    .map((node) => `${source.path}:${lineOf(source, node)}: default export`);
}

/** The one file that declares tests by the runner's own functions. */
const TEST_API = "tests/support/test_api.ts";

/** Returns a line for each way past the façade of the tests, without which errors outside of tests would be lost. */
export function testApiBreaches(source: Source): string[] {
  if (source.path === TEST_API) return [];
  const breaches = importsOf(source).filter(({ specifier }) => specifier === "node:test" || specifier === "bun:test")
    .map(({ specifier, line }) => `${source.path}:${line}: imports "${specifier}" past ${TEST_API}`);
  const denoTests = [...nodesOf(source.tree)].filter((node) =>
    ts.isPropertyAccessExpression(node) && node.name.text === "test" && node.expression.getText() === "Deno"
  );
  return [
    ...breaches,
    ...denoTests.map((node) => `${source.path}:${lineOf(source, node)}: Deno.test past ${TEST_API}`),
  ];
}

/** Returns how many lines of text the header has; a comment that belongs to a declaration is none. */
function headerLines({ tree, text }: Source): number {
  const [first] = tree.statements;
  const comments = (ts.getLeadingCommentRanges(text, 0) ?? []).filter(({ pos }) => text.startsWith("/**", pos));
  const opening = comments[0];
  if (opening === undefined || first === undefined) return 0;
  const belongsToFirst = comments.length === 1 && !ts.isImportDeclaration(first) && !ts.isExportDeclaration(first);
  if (belongsToFirst) return 0;
  const lines = text.slice(opening.pos, opening.end).split("\n");
  return lines.filter((line) => line.replace(/^\s*(?:\/\*\*|\*\/|\*)/, "").replace(/\*\/$/, "").trim() !== "").length;
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === "default";
  return ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
}
