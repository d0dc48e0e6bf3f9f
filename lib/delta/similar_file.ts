/**
 * Which file is likely to have much in common with one that is not there yet: first one of the same size and time, which
 * was probably renamed; then the one whose name is closest. How far two names are apart is what is left of the longer one
 * when what they begin with and what they end with are taken away: `backup-2026-11-23.tar` and `backup-2026-11-24.tar`
 * differ in one character.
 *
 * @module
 */

/** What counts of a file. */
export interface SimilarFile {
  /** Its name. */
  readonly name: string;
  /** Its size. */
  readonly size: number;
  /** Its time, in whole seconds. */
  readonly mtimeSeconds: number;
  /** And what is beyond them. */
  readonly mtimeNanoseconds: number;
}

/** A name that differs in more than this part of its length says nothing. */
const MOST_APART = 0.5;

/**
 * Chooses a file.
 *
 * @param wanted The file that is not there.
 * @param there The files that are, in any order.
 * @returns The most similar one; `undefined` when none is similar. The same whatever the order.
 */
export function chooseSimilar<File extends SimilarFile>(wanted: SimilarFile, there: readonly File[]): File | undefined {
  let best: File | undefined;
  let bestDistance = Infinity;
  for (const file of there) {
    const distance = isRenamed(wanted, file) ? -1 : nameDistance(wanted.name, file.name);
    if (distance > bestDistance) continue;
    if (distance > MOST_APART * Math.max(wanted.name.length, file.name.length)) continue;
    if (distance === bestDistance && best !== undefined && !comesBefore(wanted, file, best)) continue;
    best = file;
    bestDistance = distance;
  }
  return best;
}

function isRenamed(wanted: SimilarFile, file: SimilarFile): boolean {
  return file.size === wanted.size && file.mtimeSeconds === wanted.mtimeSeconds &&
    file.mtimeNanoseconds === wanted.mtimeNanoseconds;
}

/** Of two that are equally far, the one of the closer size, and then of the closer or smaller name. */
function comesBefore(wanted: SimilarFile, one: SimilarFile, other: SimilarFile): boolean {
  const size = Math.abs(one.size - wanted.size) - Math.abs(other.size - wanted.size);
  if (size !== 0) return size < 0;
  const name = nameDistance(wanted.name, one.name) - nameDistance(wanted.name, other.name);
  return name === 0 ? one.name < other.name : name < 0;
}

/**
 * How far two names are apart.
 *
 * @param one A name.
 * @param other Another.
 * @returns 0 for equal names, up to the length of the longer one.
 */
export function nameDistance(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one.charCodeAt(start) === other.charCodeAt(start)) start++;
  let end = 0;
  while (end < shorter - start && one.charCodeAt(one.length - 1 - end) === other.charCodeAt(other.length - 1 - end)) {
    end++;
  }
  return Math.max(one.length, other.length) - start - end;
}
