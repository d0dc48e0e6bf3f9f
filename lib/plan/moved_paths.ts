/**
 * Where entries are before a plan that moves directories is carried out: its steps name what is in a moved directory by
 * the new path.
 *
 * @module
 */
import { parentPath, type RelPath, ROOT } from "../model/rel_path.ts";

/** A directory that was moved. */
interface MovedFrom {
  readonly from: RelPath;
  /** Which of all moves it is; it knows those before it. */
  readonly serial: number;
}

/** See the module comment. */
export class MovedPaths {
  readonly #moved = new Map<RelPath, MovedFrom>();

  /** Takes the next directory that is moved, in the order of the plan. */
  add(path: RelPath, from: RelPath): void {
    this.#moved.set(path, { from, serial: this.#moved.size });
  }

  /** Where an entry is now that a step names by the path it will have. */
  original(path: RelPath): RelPath {
    let at = path;
    let before = this.#moved.size;
    for (;;) {
      const [above, moved] = this.#around(at, before) ?? [];
      if (above === undefined || moved === undefined) return at;
      at = (moved.from + at.slice(above.length)) as RelPath;
      before = moved.serial;
    }
  }

  #around(path: RelPath, before: number): [RelPath, MovedFrom] | undefined {
    if (before === 0) return undefined;
    for (let at = path; at !== ROOT; at = parentPath(at)) {
      const moved = this.#moved.get(at);
      if (moved !== undefined && moved.serial < before) return [at, moved];
    }
    return undefined;
  }
}
