/**
 * Checks of the architecture's rules: who imports whom, that files form no cycle, and that only adapters name a
 * runtime, a clock or chance.
 *
 * Each check takes the rules as values and returns one line per breach. The rules themselves are in
 * `tests/architecture_test.ts`.
 */
import { posix } from "node:path";
import ts from "typescript";
import { importsOf, lineOf, nodesOf, type Source } from "./source.ts";

/** What an area may import. */
export interface Area {
  /** Other areas. */
  readonly areas: readonly string[];
  /** Names of packages; one that ends in "/" or ":" stands for all that begin so. */
  readonly packages: readonly string[];
}

/** Areas by name. */
export type Rules = Readonly<Record<string, Area>>;

/** Returns the area that a file belongs to: the folder below `lib/`, `tasks`, or the file's own name. */
export function areaOf(path: string): string {
  const parts = path.split("/");
  const last = parts.length - 1;
  const folder = parts[0] === "lib" ? parts[1] : parts[0];
  return (parts[0] === "lib" && last > 1) || (parts[0] !== "lib" && last > 0) ? folder ?? path : path;
}

/** Returns a line for each import that the rules do not allow. */
export function importBreaches(source: Source, rules: Rules): string[] {
  const area = areaOf(source.path);
  const rule = rules[area];
  if (rule === undefined) return [`${source.path}: no rule for the area "${area}"`];
  return importsOf(source).flatMap(({ specifier, line }) => {
    const problem = specifier.startsWith(".")
      ? areaProblem(area, areaOf(resolveImport(source.path, specifier)), rule)
      : packageProblem(area, specifier, rule);
    return problem === undefined ? [] : [`${source.path}:${line}: ${problem}`];
  });
}

/** Returns a line for each cycle of files that import each other, in whatever way. */
export function importCycles(sources: readonly Source[]): string[] {
  const edges = new Map(sources.map((source) => [source.path, targetsOf(source)]));
  const finished = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(path);
    if (seenAt >= 0) found.push([...trail.slice(seenAt), path].join(" -> "));
    if (seenAt >= 0 || finished.has(path)) return;
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

/** Returns a line for each mention of a global in `names`, and for each reading of the clock or of chance. */
export function globalBreaches(source: Source, names: readonly string[]): string[] {
  return [...nodesOf(source.tree)].flatMap((node) => {
    const mention = mentionOf(node, names);
    return mention === undefined ? [] : [`${source.path}:${lineOf(source, node)}: names ${mention}`];
  });
}

/** Returns a line for each identifier that matches. */
export function identifierBreaches(source: Source, pattern: RegExp): string[] {
  return [...nodesOf(source.tree)]
    .filter((node) => (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) && pattern.test(node.text))
    .map((node) => `${source.path}:${lineOf(source, node)}: names ${node.getText(source.tree)}`);
}

function areaProblem(area: string, other: string, { areas }: Area): string | undefined {
  return other === area || areas.includes(other) ? undefined : `${area} must not import ${other}`;
}

function packageProblem(area: string, specifier: string, { packages }: Area): string | undefined {
  const matches = (name: string) => /[/:]$/.test(name) ? specifier.startsWith(name) : specifier === name;
  return packages.some(matches) ? undefined : `${area} must not import "${specifier}"`;
}

function resolveImport(path: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(path), specifier));
}

function targetsOf(source: Source): string[] {
  const specifiers = importsOf(source).map(({ specifier }) => specifier);
  return specifiers.filter((specifier) => specifier.startsWith(".")).map((specifier) =>
    resolveImport(source.path, specifier)
  );
}

/** Readings of the clock and of chance, and what they are read from. */
const READINGS: readonly (readonly [object: string, member: string])[] = [
  ["Date", "now"],
  ["Math", "random"],
  ["Temporal", "Now"],
];

function mentionOf(node: ts.Node, names: readonly string[]): string | undefined {
  if (ts.isNewExpression(node) && isNamed(node.expression, "Date") && (node.arguments ?? []).length === 0) {
    return "new Date()";
  }
  if (ts.isPropertyAccessExpression(node)) {
    const reading = READINGS.find(([object, member]) => isNamed(node.expression, object) && node.name.text === member);
    return reading?.join(".");
  }
  return ts.isIdentifier(node) && names.includes(node.text) && isReference(node) ? node.text : undefined;
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

/** Tells whether an identifier stands for a variable or type, and is not the name of a member. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.name !== node;
  }
  return !ts.isMethodSignature(parent) && !ts.isMethodDeclaration(parent);
}
