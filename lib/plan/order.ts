/**
 * The order of a plan: directories before what is in them, deletions last and the other way round. It is the order in
 * which a plan is shown and saved, and its changes can be carried out in it.
 *
 * @module
 */
import { compareForRemoval, comparePaths } from "../model/rel_path.ts";
import type { Action } from "./action.ts";

/**
 * Compares the places of two actions in a plan.
 *
 * @param a One action.
 * @param b The other.
 * @returns Negative, zero or positive.
 */
export function compareActions(a: Action, b: Action): number {
  const isDeletion = a.op === "delete";
  if (isDeletion !== (b.op === "delete")) return isDeletion ? 1 : -1;
  return isDeletion ? compareForRemoval(a.path, b.path) : comparePaths(a.path, b.path);
}
