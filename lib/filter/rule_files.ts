/**
 * The rule files of one directory: how they are reached, and what they add to a filter.
 *
 * @module
 */
import { type RuleContext, RuleList } from "./collect_rules.ts";
import { GITIGNORE, parseGitignore } from "./gitignore.ts";
import { invalidFile } from "./invalid.ts";
import { type PerDirectoryRule, type Rule, ruleFileName } from "./rule.ts";

/** Reaches the rule files of the directory that is entered. */
export interface RuleFiles {
  /**
   * Reads a rule file.
   *
   * @param name Its name in the directory.
   * @returns What is in it; `undefined` when there is none.
   */
  read(name: string): Uint8Array | undefined;
}

/** A directory without rule files. */
export const NO_RULE_FILES: RuleFiles = { read: () => undefined };

/** Rules that a file adds in its directory. */
export interface DirectoryRules {
  /** The rules. */
  readonly rules: readonly Rule[];
  /** What directories above have added does not hold here. */
  readonly isCleared: boolean;
}

/** A kind of rule file that is looked for in every directory. */
export interface RuleFileKind {
  /** Its name in every directory. */
  readonly name: string;
  /** Subdirectories keep the rules. */
  readonly isInherited: boolean;
  /**
   * Reads it.
   *
   * @param files The files of the directory.
   * @param directory Path of the directory.
   * @returns What it adds; `undefined` when there is none.
   * @throws {SyncError} code `"filter-invalid"` when it is not a rule file.
   */
  readonly read: (files: RuleFiles, directory: string) => DirectoryRules | undefined;
}

/** Files `.gitignore`. */
export const GITIGNORE_KIND: RuleFileKind = {
  name: GITIGNORE,
  isInherited: true,
  read(files, directory) {
    const bytes = files.read(GITIGNORE);
    if (bytes === undefined) return undefined;
    return { rules: parseGitignore(bytes, pathIn(directory, GITIGNORE)), isCleared: false };
  },
};

/**
 * The files that a per-directory rule names.
 *
 * @param rule The rule.
 * @param context What rules need of the world around them.
 * @returns The kind of file.
 */
export function ruleFileKind(rule: PerDirectoryRule, context: Omit<RuleContext, "readMergeFile">): RuleFileKind {
  const name = ruleFileName(rule.file);
  if (name === undefined) throw invalidFile(rule.file, "it is no file of a directory");
  return {
    name,
    isInherited: rule.inherited,
    read(files, directory) {
      const bytes = files.read(name);
      if (bytes === undefined) return undefined;
      const source = pathIn(directory, name);
      const list = new RuleList({ ...context, readMergeFile: (file) => mergeFile(files, file, source) });
      list.addFile(bytes, source, rule.format);
      return { rules: list.rules, isCleared: list.isCleared };
    },
  };
}

function mergeFile(files: RuleFiles, file: string, source: string): Uint8Array {
  if (file.includes("/")) throw invalidFile(source, "it names a merge file that is not in its own directory");
  const bytes = files.read(file);
  if (bytes === undefined) throw invalidFile(source, "it names a merge file that is missing");
  return bytes;
}

function pathIn(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
