/**
 * `undrift prune`.
 *
 * @module
 */
import type { PruneOptions } from "../../tasks/prune/options.ts";
import type { PruneEvent, PruneReport, PruneSummary } from "../../tasks/prune/report.ts";
import { formatBytes, formatCount, formatDuration, formatNumberOf } from "../bytes/quantities.ts";
import type { Verdict } from "../snapshot/retention.ts";
import { verdictText } from "../snapshot/retention_text.ts";
import { type Call, makeTask } from "./mirror_command.ts";
import type { Values } from "./parse.ts";
import { StoreOutput } from "./store_output.ts";

const VERB_WIDTH = 6;

/**
 * Runs `undrift prune STORE`.
 *
 * @param call The command line.
 * @returns The exit code.
 */
export async function pruneCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [store = ""] = operands;
  const output = new StoreOutput(io, values);
  return await output.tell("prune", store, async () => {
    const prune = await tasks.prune();
    const task = makeTask(() => prune(store, pruneOptions(values)));
    if (values.isOn("dry-run")) {
      const { verdicts, summary, timeZone } = await task.plan({ signal: io.signal });
      for (const verdict of verdicts) tellVerdict(output, verdict, timeZone);
      output.record("pruning", summary);
      output.note(planText(summary));
      return { outcome: "planned", failures: 0 };
    }
    const verdicts: Verdict[] = [];
    const onEvent = (event: PruneEvent) => {
      if (event.type === "verdict") verdicts.push(event.verdict);
      else if (event.type === "failure") output.failure(event.failure);
    };
    const report = await task.run({ signal: io.signal, onEvent });
    if (output.isJson || values.isOn("verbose")) {
      for (const verdict of report.verdicts) tellVerdict(output, verdict, report.timeZone);
    }
    const { removedEntries, freedBytes, durationMs, failureCount, outcome } = report;
    output.record("pruning", {
      ...report.summary,
      removedEntries,
      ...(freedBytes === undefined ? {} : { freedBytes }),
    });
    output.note(doneText(report));
    return {
      outcome: outcome === "partial" ? "partial" : "done",
      failures: failureCount,
      durationMs: Math.round(durationMs),
    };
  });
}

function tellVerdict(output: StoreOutput, verdict: Verdict, timeZone: string): void {
  const { name, keep, reasons } = verdict;
  const why = verdictText(verdict, timeZone);
  output.record("verdict", { name, keep, reasons, why });
  const verb = output.paint(keep ? "green" : "red", (keep ? "keep" : "remove").padEnd(VERB_WIDTH));
  output.lines(`${verb}  ${name}  ${output.paint("dim", why)}\n`);
}

/**
 * The options of pruning, from those of the command line.
 *
 * @param values Values of the options.
 * @returns Options for `prune`.
 */
export function pruneOptions(values: Values): PruneOptions {
  const given = <Name extends keyof PruneOptions>(name: Name, value: PruneOptions[Name] | undefined) =>
    value === undefined ? {} : { [name]: value };
  return {
    ...given("keepLast", values.number("keep-last")),
    ...given("keepHourly", values.number("keep-hourly")),
    ...given("keepDaily", values.number("keep-daily")),
    ...given("keepWeekly", values.number("keep-weekly")),
    ...given("keepMonthly", values.number("keep-monthly")),
    ...given("keepYearly", values.number("keep-yearly")),
    ...given("keepWithin", values.text("keep-within")),
    keepTags: values.repeated("keep-tag").map(({ value }) => value),
    ...given("timeZone", values.text("time-zone")),
    ...given("lockWait", values.number("lock-wait")),
    ...given("jobs", values.number("jobs")),
    layer: (values.text("layer") ?? "auto") as "auto" | "native" | "portable",
  };
}

function planText({ kept, removed, unfinished }: PruneSummary): string {
  return `plan: keep ${formatCount(kept)}, remove ${formatNumberOf(removed, "snapshot")}${unfinishedText(unfinished)}`;
}

function doneText({ summary, removedEntries, freedBytes, durationMs, failureCount }: PruneReport): string {
  const freed = freedBytes === undefined || freedBytes === 0 ? "" : `, ${formatBytes(freedBytes)} freed`;
  const entries = `${formatNumberOf(removedEntries, "entry", "entries")}${freed} in ${formatDuration(durationMs)}`;
  const failed = failureCount === 0 ? "" : `; ${formatNumberOf(failureCount, "entry", "entries")} failed`;
  const { kept, removed, unfinished } = summary;
  const head = `done: kept ${formatCount(kept)}, removed ${formatNumberOf(removed, "snapshot")}`;
  return `${head}; ${entries}${unfinishedText(unfinished)}${failed}`;
}

function unfinishedText(unfinished: number): string {
  return unfinished === 0 ? "" : `; ${formatCount(unfinished)} of an earlier run to be finished`;
}
