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
  const meant = isCause(cause) ? nearest(consequence, CONSEQUENCES) : nearest(cause, CAUSE_NAMES);
  const hint = meant === undefined || meant === consequence
    ? ""
    : `; did you mean ${isCause(cause) ? `${cause}=${meant}` : meant}?`;
  throw new SyncError("usage", `Cannot use --on ${printable(value)}: ${problem}${hint}`);
}
