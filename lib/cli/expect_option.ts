/**
 * `--expect 'METRIC OPERATOR AMOUNT'`, given as often as needed.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import {
  amountProblem,
  type Bounds,
  type Expectations,
  isMetric,
  type Metric,
  METRIC_NAMES,
  operatorOf,
} from "../plan/expectation.ts";
import { nearest } from "./suggest.ts";

/**
 * The expectations that the values say.
 *
 * @param values Values of the option, in their order.
 * @returns The expectations.
 * @throws {SyncError} code `"usage"`, quoting what is wrong.
 */
export function expectationsOf(values: readonly string[]): Expectations {
  const expectations: Partial<Record<Metric, Partial<Record<keyof Bounds, string>>>> = {};
  for (const value of values) {
    const { metric, operator, amount } = readOne(value);
    const bounds = expectations[metric] ??= {};
    if (bounds[operator] !== undefined) {
      throw refusal(value, `${metric} is compared in this way already, with ${bounds[operator]}`);
    }
    bounds[operator] = amount;
  }
  return expectations;
}

function readOne(value: string): { metric: Metric; operator: keyof Bounds; amount: string } {
  const [, metric, sign = "", amount = ""] = /^\s*([^\s<>=!]*)\s*([<>=!]*)\s*(.*?)\s*$/s.exec(value) ?? [];
  if (metric === undefined || metric === "") throw refusal(value, "it must be a metric, a comparison and a number");
  if (!isMetric(metric)) {
    const meant = nearest(metric, METRIC_NAMES);
    const hint = meant === undefined ? `metrics are ${METRIC_NAMES.join(", ")}` : `did you mean ${meant}?`;
    throw refusal(value, `there is no metric "${printable(metric)}"; ${hint}`);
  }
  const operator = operatorOf(sign);
  if (operator === undefined) {
    const what = sign === "" ? "there is no comparison" : `"${sign}" is no comparison`;
    throw refusal(value, `${what}; comparisons are < <= = >= > !=`);
  }
  const problem = amount === "" ? "there is no number" : amountProblem(metric, amount);
  if (problem !== undefined) throw refusal(value, amount === "" ? problem : `"${printable(amount)}": ${problem}`);
  return { metric, operator, amount };
}

function refusal(value: string, problem: string): SyncError {
  return new SyncError("usage", `Cannot use --expect "${printable(value)}": ${problem}`);
}
