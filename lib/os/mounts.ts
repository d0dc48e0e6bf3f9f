/**
 * Where a directory is on its file system. A directory that is mounted in two places has two paths with nothing in
 * common; the table of mounts (proc_pid_mountinfo(5)) tells what they stand for.
 *
 * @module
 */
import { readFileSync } from "node:fs";

/** One mount: a directory of a file system and where it is to be found. */
export interface Mount {
  /** Major and minor number of the file system. */
  readonly device: string;
  /** The directory of it that is mounted. */
  readonly root: string;
  /** Where it is mounted. */
  readonly point: string;
}

/** A directory on a file system. */
export type Place = Pick<Mount, "device"> & {
  /** Path from the root of the file system. */
  readonly path: string;
};

/**
 * Reads the mounts of this process.
 *
 * @returns The mounts, later ones over earlier ones; empty where there is no such table or it may not be read.
 */
export function readMounts(): Mount[] {
  try {
    return parseMounts(readFileSync("/proc/self/mountinfo", "utf8"));
  } catch {
    return [];
  }
}

/**
 * Reads a table of mounts.
 *
 * @param text Content of a `mountinfo` file.
 * @returns The mounts in the order of the table.
 */
export function parseMounts(text: string): Mount[] {
  return text.split("\n").map((line) => line.split(" ")).filter((fields) => fields.length > 5)
    .map(([, , device = "", root = "", point = ""]) => ({ device, root: unescape(root), point: unescape(point) }));
}

/** Blanks and backslashes are written as three octal digits. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

/**
 * Where a path leads.
 *
 * @param path An absolute path without symlinks.
 * @param mounts The table.
 * @returns The place, or `undefined` when the table does not know.
 */
export function placeOf(path: string, mounts: readonly Mount[]): Place | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    if (isWithin(path, mount.point) && mount.point.length >= (found?.point.length ?? 0)) found = mount;
  }
  if (found === undefined) return undefined;
  const rest = path.slice(found.point === "/" ? 0 : found.point.length);
  const root = found.root === "/" ? "" : found.root;
  return { device: found.device, path: `${root}${rest}` || "/" };
}

/**
 * Whether a path is a directory or below it.
 *
 * @param path An absolute path.
 * @param directory Another.
 * @returns Whether `directory` is `path` or above it.
 */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}
