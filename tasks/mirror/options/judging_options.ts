/**
 * The options that judge a run: what failures mean, and what is expected.
 *
 * @module
 */
import { type CausePolicy, policyProblem } from "../../../lib/model/cause.ts";
import { type Expectations, expectationsProblem } from "../../../lib/plan/expectation.ts";

/** What {@linkcode checkJudging} looks at. */
interface Judging {
  readonly policy: CausePolicy;
  readonly expect: Expectations;
}

/**
 * Refuses what cannot be used.
 *
 * @param options Complete options.
 * @throws {RangeError} with the option and what is wrong.
 */
export function checkJudging({ policy, expect }: Judging): void {
  for (const [cause, consequence] of Object.entries(policy)) {
    const problem = policyProblem(cause, consequence);
    if (problem !== undefined) throw new RangeError(`Cannot use policy ${cause}: ${String(consequence)}: ${problem}`);
  }
  const problem = expectationsProblem(expect);
  if (problem !== undefined) throw new RangeError(`Cannot use expect: ${problem}`);
}

/**
 * Whether a value from outside can be such an option.
 *
 * @param name Name of the option.
 * @param value Anything.
 * @returns `false` also for another option.
 */
export function isJudging(name: string, value: unknown): boolean {
  if (name === "expect") return expectationsProblem(value) === undefined;
  return name === "policy" && typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.entries(value).every(([cause, consequence]) => policyProblem(cause, consequence) === undefined);
}
