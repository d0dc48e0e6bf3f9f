/**
 * The project's own sources, parsed, for the tests that hold them to rules.
 *
 * Rules are checked on the syntax tree and not on the text, so that comments and strings cannot break them, and cannot
 * hide a breach either.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { PROJECT_ROOT } from "../support/runtimes.ts";

/** A parsed file. */
export interface Source {
  /** Path from the project's folder, with "/" between its parts. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
  /** Its syntax tree, with links to parents. */
  readonly tree: ts.SourceFile;
}

/** An import or re-export. */
export interface Import {
  /** What stands between the quotes. */
  readonly specifier: string;
  /** Line of it, from 1. */
  readonly line: number;
}

/** Parses a text as the file at `path`. */
export function parseSource(path: string, text: string): Source {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
}

/** Reads and parses TypeScript files at or below paths of the project; a path that does not exist has none. */
export function readSources(...paths: string[]): Source[] {
  return paths.flatMap(listTypeScript).map((path) => parseSource(path, readFileSync(join(PROJECT_ROOT, path), "utf8")));
}

/** Yields every node of a tree, parents first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

/** Returns the line of a node, from 1. */
export function lineOf({ tree }: Source, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** Returns what a file imports: statically, dynamically by a literal, as a type, or by re-export. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  for (const node of nodesOf(source.tree)) {
    const specifier = specifierOf(node);
    if (specifier !== undefined) found.push({ specifier, line: lineOf(source, node) });
  }
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literalText(node.moduleSpecifier);
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? literalText(node.argument.literal) : "";
  if (!ts.isCallExpression(node)) return undefined;
  const { expression, arguments: args } = node;
  const imports = expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === "require");
  return imports ? literalText(args[0]) : undefined;
}

function literalText(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function listTypeScript(path: string): string[] {
  if (path.endsWith(".ts")) return listFolder(".").includes(path) ? [path] : [];
  return listFolder(path).filter((file) => file.endsWith(".ts") && !file.endsWith(".asm.ts"))
    .map((file) => `${path}/${file}`).sort();
}

function listFolder(path: string): string[] {
  try {
    const recursive = path !== ".";
    return readdirSync(join(PROJECT_ROOT, path), { recursive, encoding: "utf8" }).map((n) => n.replaceAll("\\", "/"));
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  }
}
