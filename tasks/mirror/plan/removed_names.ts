/**
 * Which names a plan removes from the directories that it is in, while its deletions stream by: what is in a directory
 * comes before the directory itself.
 *
 * @module
 */
import { baseName, parentPath, type RelPath } from "../../../lib/model/rel_path.ts";

/** A directory from which something was removed. */
interface Level {
  readonly path: RelPath;
  readonly names: Set<string>;
}

/** See the module comment. */
export class RemovedNames {
  readonly #levels: Level[] = [];

  /**
   * Takes the next deletion.
   *
   * @param path What is removed.
   * @param isDirectory Whether it is a directory.
   * @returns For a directory, all names that were removed from it before.
   */
  take(path: RelPath, isDirectory: boolean): ReadonlySet<string> | undefined {
    while (this.#levels.length > 0 && !isAtOrBelow(path, this.#levels.at(-1)!.path)) this.#levels.pop();
    const names = this.#levels.at(-1)?.path === path ? this.#levels.pop()!.names : NONE;
    const parent = parentPath(path);
    if (this.#levels.at(-1)?.path !== parent) this.#levels.push({ path: parent, names: new Set() });
    this.#levels.at(-1)!.names.add(baseName(path));
    return isDirectory ? names : undefined;
  }
}

const NONE: ReadonlySet<string> = new Set();

function isAtOrBelow(path: RelPath, directory: RelPath): boolean {
  return directory === "" || path === directory || path.startsWith(`${directory}/`);
}
