/**
 * `--on CAUSE=ignore|warn|fail`, given as often as needed; the last word on a cause counts.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import { CAUSE_NAMES, type CausePolicy, CONSEQUENCES, isCause, policyProblem } from "../model/cause.ts";
import { nearest } from "./suggest.ts";

/**
 * The policy that the values say.
 *
 * @param values Values of the option, in their order.
 * @returns The policy.
 * @throws {SyncError} code `"usage"`, with the nearest name when one was mistyped.
 */
export function policyOf(values: readonly string[]): CausePolicy {
  return Object.fromEntries(values.map(readOne));
}

function readOne(value: string): readonly [cause: string, consequence: string] {
  const [, cause = "", consequence = ""] = /^([^=]*)(?:=(.*))?$/s.exec(value) ?? [];
  const problem = policyProblem(cause, consequence);
  if (problem === undefined) return [cause, consequence];
  throw new SyncError("usage", `Cannot use --on ${printable(value)}: ${hinted(problem, cause, consequence)}`);
}

/** The problem with what was meant, where a slip away is something that can be used. */
function hinted(problem: string, cause: string, consequence: string): string {
  if (!isCause(cause)) {
    const meant = nearest(cause, CAUSE_NAMES);
    return meant === undefined ? problem : `there is no such cause; did you mean ${meant}?`;
  }
  const meant = nearest(consequence, CONSEQUENCES);
  return meant === undefined || meant === consequence ? problem : `${problem}; did you mean ${cause}=${meant}?`;
}
