/**
 * A planned step for people. Plans of all tasks are shown, also of those that a program defines.
 *
 * @module
 */
import { printable } from "../../lib/bytes/printable.ts";
import type { Action } from "../../lib/plan/action.ts";
import type { PlanSummary } from "../../lib/plan/summary.ts";
import type { Verdict } from "../../lib/snapshot/retention.ts";
import { verdictText } from "../../lib/snapshot/retention_text.ts";
import { actionText, summaryText } from "../../lib/report/text.ts";
import { actionsOf, type PlannedStep } from "./planned_step.ts";

const INDENT = "  ";
const KEEP_WIDTH = "remove".length;

/** What plans have in common; all of it may be missing. */
interface AnyPlan {
  readonly source?: unknown;
  readonly destination?: unknown;
  readonly store?: unknown;
  readonly summary?: unknown;
  readonly failureCount?: unknown;
  readonly timeZone?: unknown;
  readonly refusal?: { readonly message: string } | undefined;
}

/**
 * Shows a step.
 *
 * @param step The step.
 * @returns Lines without their ends: a heading and what is planned.
 */
export async function* planLines({ step, status, plan, problem }: PlannedStep): AsyncGenerator<string> {
  const known = (typeof plan === "object" && plan !== null ? plan : {}) as AnyPlan;
  yield `${printable(step.join("/"))}:${aboutText(known)}`;
  if (problem !== undefined) yield `${INDENT}cannot be planned as things are: ${printable(problem.message)}`;
  if (status === "skipped") yield `${INDENT}not run`;
  if (status === "no plan") yield `${INDENT}run as it is, without a plan`;
  for await (const action of actionsOf(plan)) yield `${INDENT}${lineOf(action, known)}`;
  if (known.refusal !== undefined) yield `${INDENT}would be refused: ${printable(known.refusal.message)}`;
  const totals = totalsText(known);
  if (totals !== undefined) yield `${INDENT}${totals}`;
}

function aboutText({ source, destination, store }: AnyPlan): string {
  const sides = [source, destination, store].filter((side) => typeof side === "string").map(printable);
  return sides.length === 0 ? "" : ` ${sides.join(" -> ")}`;
}

function lineOf(action: unknown, { timeZone }: AnyPlan): string {
  if (typeof action !== "object" || action === null) return printable(String(action));
  if ("op" in action && "path" in action) return actionText(action as Action);
  if ("keep" in action && "name" in action) {
    return decidedText(action as Decided, typeof timeZone === "string" ? timeZone : "UTC");
  }
  return printable(JSON.stringify(action));
}

/** What retention says of a snapshot. */
interface Decided {
  readonly name: string;
  readonly keep: boolean;
  readonly reasons?: readonly unknown[];
}

function decidedText(decided: Decided, timeZone: string): string {
  const { name, keep, reasons = [] } = decided;
  const isText = reasons.every((reason) => typeof reason === "string");
  const why = isText ? printable(reasons.join(", ")) : verdictText(decided as Verdict, timeZone);
  return `${(keep ? "keep" : "remove").padEnd(KEEP_WIDTH)}  ${printable(name)}${why === "" ? "" : `  ${why}`}`;
}

function totalsText({ summary, failureCount }: AnyPlan): string | undefined {
  if (typeof summary !== "object" || summary === null) return undefined;
  if ("sourceEntries" in summary) {
    const failures = typeof failureCount === "number" ? failureCount : 0;
    return summaryText({ outcome: "planned", totals: summary as PlanSummary, failures });
  }
  const counts = Object.entries(summary).filter(([, value]) => typeof value === "number" && value > 0);
  return counts.map(([name, value]) => `${name} ${value}`).join(", ");
}
