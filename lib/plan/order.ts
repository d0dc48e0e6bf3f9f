/**
 * The order of a plan: directories before what is in them, deletions after them and the other way round,
 * what is removed from the source last of all. It is the order in
 * which a plan is shown and saved, and its changes can be carried out in it.
 *
 * @module
 */
import { compareForRemoval, comparePaths, parentPath } from "../model/rel_path.ts";
import type { Action } from "./action.ts";

/**
 * Compares the places of two actions in a plan.
 *
 * @param a One action.
 * @param b The other.
 * @returns Negative, zero or positive.
 */
export function compareActions(a: Action, b: Action): number {
  const turn = turnOf(a);
  if (turn !== turnOf(b)) return turn - turnOf(b);
  if (turn === 1) return compareForRemoval(a.path, b.path);
  // What is removed from the source is together with all of its directory.
  const apart = turn === 2 ? comparePaths(parentPath(a.path), parentPath(b.path)) : 0;
  return apart === 0 ? comparePaths(a.path, b.path) : apart;
}

function turnOf({ op }: Action): number {
  return op === "delete" ? 1 : op === "remove-source" ? 2 : 0;
}
