/**
 * What is finished and waits to be switched with everything else. In a directory that the destination has, new and
 * replaced entries wait under temporary names; a new directory is made under one as a whole, with all that is in it. So
 * nothing of a run is seen before the switch.
 *
 * @module
 */
import type { Entry } from "../model/entry.ts";
import { childPath, parentPath, type RelPath } from "../model/rel_path.ts";
import type { Change } from "../plan/action.ts";

/** One change that waits; plain data. */
export interface Held {
  /** What it is. */
  readonly action: Change;
  /** Its name until the switch; absent in a directory that waits itself, and for metadata alone. */
  readonly temporary: string | undefined;
  /** What the file of the source was when it was copied. */
  readonly copied: Entry | undefined;
}

/** Everything that waits; plain data. */
export interface StagedWork {
  /** Changes, in the order in which they were made. */
  readonly held: Held[];
  /** Directories that get their own metadata after the switch. */
  readonly directories: RelPath[];
}

/**
 * Nothing waits.
 *
 * @returns Work to add to.
 */
export function emptyStagedWork(): StagedWork {
  return { held: [], directories: [] };
}

/**
 * Adds what another thread has staged.
 *
 * @param into Changed in place.
 * @param more What is added.
 */
export function addStagedWork(into: StagedWork, more: StagedWork): void {
  for (const each of more.held) into.held.push(each);
  for (const each of more.directories) into.directories.push(each);
}

/** What one thread stages. */
export class Staging {
  /** Whether the directory at hand waits itself, so that what is in it need not. */
  inside = false;
  #work = emptyStagedWork();
  #temporary: string | undefined;
  #copied: Entry | undefined;
  readonly #locations = new Map<RelPath, RelPath>();

  /** Takes the temporary name of the entry of the action at hand. */
  wait(temporary: string): void {
    this.#temporary = temporary;
  }

  /** Takes what the file of the action at hand was when it was copied. */
  copied(want: Entry): void {
    this.#copied = want;
  }

  /** Keeps an action that was carried out as far as it may be before the switch. */
  hold(action: Change): void {
    const [temporary, copied] = [this.#temporary, this.#copied];
    this.forget();
    this.#work.held.push({ action, temporary, copied });
    this.#locate(action.path, temporary);
  }

  /** The action at hand failed. */
  forget(): void {
    this.#temporary = undefined;
    this.#copied = undefined;
  }

  /** Keeps a directory whose metadata is set after the switch. */
  settleLater(directory: RelPath): void {
    this.#work.directories.push(directory);
  }

  /** Hands over what waits. */
  take(): StagedWork {
    const work = this.#work;
    this.#work = emptyStagedWork();
    return work;
  }

  /** Learns where another thread has staged something. */
  learn({ held }: StagedWork): void {
    for (const { action, temporary } of held) this.#locate(action.path, temporary);
  }

  #locate(path: RelPath, temporary: string | undefined): void {
    if (temporary !== undefined) this.#locations.set(path, childPath(parentPath(path), temporary));
  }

  /** Where something is now. */
  locate(path: RelPath): RelPath {
    for (let at = path; at !== ""; at = parentPath(at)) {
      const found = this.#locations.get(at);
      if (found !== undefined) return found + path.slice(at.length) as RelPath;
    }
    return path;
  }
}
