/**
 * Whether a symlink stays within the tree, judged by its text alone, as rsync's `--safe-links` does: it may climb at
 * its start, as high as the root and no higher, and nowhere else.
 *
 * @module
 */

/**
 * Tells whether a symlink is safe.
 *
 * @param target Where it points, as it is written.
 * @param depth How many directories are between the root and the symlink; 0 in the root.
 * @returns `false` for an absolute target, one that climbs out, and one that climbs after going down.
 */
export function isSafeTarget(target: string, depth: number): boolean {
  if (target === "" || target.startsWith("/")) return false;
  // Whatever comes before a `..` may be a symlink itself, so that nobody knows where it leads.
  if (target.endsWith("/..")) return false;
  let height = depth;
  let climbs = true;
  for (const part of target.split("/")) {
    if (part === "") continue;
    if (part !== "..") climbs = false;
    else if (!climbs || --height < 0) return false;
  }
  return true;
}
