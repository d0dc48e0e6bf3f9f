/**
 * Measures files and functions, and judges the measures.
 *
 * A function counts with all of its lines, those of functions inside it included. Arrow functions without a block are
 * left out: they would only make the median look better.
 */
import ts from "typescript";
import { lineOf, nodesOf, type Source } from "./source.ts";

/** Lines of something. */
export interface Size {
  /** Path of a file; with "#" and the name, a function. */
  readonly name: string;
  /** How many lines. */
  readonly lines: number;
}

/** What sizes must keep to. */
export interface Limits {
  /** Half of all are not longer. */
  readonly median: number;
  /** Nine in ten are not longer. */
  readonly p90: number;
  /** None is longer. */
  readonly max: number;
}

/** Returns the size of a file. */
export function fileSize({ path, text }: Source): Size {
  return { name: path, lines: text.trimEnd().split("\n").length };
}

/** Returns the sizes of the functions in a file. */
export function functionSizes(source: Source): Size[] {
  return [...nodesOf(source.tree)].filter(isFunctionWithBlock).map((node) => {
    const end = source.tree.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
    return { name: `${source.path}#${functionName(node)}`, lines: end - lineOf(source, node) + 1 };
  });
}

/** Returns a line for each limit that sizes break. What is exempt by name is left out. */
export function sizeBreaches(sizes: readonly Size[], limits: Limits, exempt: readonly string[] = []): string[] {
  const counted = sizes.filter(({ name }) => !exempt.includes(name));
  const tooLong = counted.filter(({ lines }) => lines > limits.max);
  const breaches = tooLong.map(({ name, lines }) => `${name}: ${lines} lines, at most ${limits.max}`);
  for (const [word, share, limit] of [["median", 0.5, limits.median], ["p90", 0.9, limits.p90]] as const) {
    const found = quantile(counted.map(({ lines }) => lines), share);
    if (found > limit) breaches.push(`${word}: ${found} lines, at most ${limit}; the longest are ${longest(counted)}`);
  }
  return breaches;
}

/** Returns the value that a share of the values does not exceed; 0 for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function longest(sizes: readonly Size[]): string {
  const sorted = [...sizes].sort((a, b) => b.lines - a.lines);
  return sorted.slice(0, 5).map(({ name, lines }) => `${name} (${lines})`).join(", ");
}

function isFunctionWithBlock(node: ts.Node): node is ts.FunctionLikeDeclaration {
  if (ts.isArrowFunction(node)) return ts.isBlock(node.body);
  const isFunction = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) || ts.isAccessor(node);
  return isFunction && node.body !== undefined;
}

function functionName(node: ts.FunctionLikeDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return "constructor";
  const name = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  return name?.getText() ?? "(anonymous)";
}
