/**
 * `undrift verify --catalog FILE DIR`: a tree held against its catalog.
 *
 * @module
 */
import { selectsAll } from "../../tasks/mirror/selection/filter_traits.ts";
import type { ScrubOptions } from "../../tasks/scrub/options.ts";
import type { ScrubEvent, ScrubFinding, ScrubReport } from "../../tasks/scrub/report.ts";
import { formatNumberOf } from "../bytes/quantities.ts";
import { printable } from "../bytes/printable.ts";
import { addFinding, type Finding, type FindingKind, noTotals } from "../compare/finding.ts";
import { asSyncError, SyncError } from "../errors.ts";
import { EXIT, exitCodeOfError } from "./exit_code.ts";
import { filterOptions } from "./filter_options.ts";
import { algorithmOption } from "./manifest_command.ts";
import { type Call, makeTask } from "./mirror_command.ts";
import { openOutput } from "./open_output.ts";
import type { Output } from "./output.ts";
import type { Values } from "./parse.ts";

/** What each verdict is called among the findings of a verification. */
const KINDS: Readonly<Record<ScrubFinding["verdict"], FindingKind>> = {
  new: "extra",
  changed: "changed",
  suspect: "content",
  rotten: "rotten",
  gone: "missing",
};

/** Options that need a catalog and one directory. */
const SCRUB_ONLY = ["budget", "oldest-first", "repair-from"] as const;
/** Options that say nothing here. */
const NOT_HERE = ["metadata", "xattrs", "acls", "paranoid"] as const;

/**
 * Whether a command line of `verify` means a scrub.
 *
 * @param call The command line.
 * @returns `false` when there is something else to hold the tree against.
 * @throws {SyncError} code `"usage"` when options of a scrub are given, and it is none.
 */
export function isScrub({ operands, values }: Call): boolean {
  const catalog = values.text("catalog");
  if (catalog !== undefined && operands.length === 1 && values.text("manifest") === undefined) return true;
  const given = SCRUB_ONLY.find((name) => isGiven(values, name));
  if (given === undefined) return false;
  throw new SyncError("usage", `Cannot use --${given} here: it takes --catalog FILE and one directory`);
}

function isGiven(values: Values, name: typeof SCRUB_ONLY[number]): boolean {
  return name === "oldest-first" ? values.isOn(name) : values.text(name) !== undefined;
}

/**
 * Runs `undrift verify --catalog FILE DIR`.
 *
 * @param call The command line.
 * @returns The exit code: 0 when all that was read is right or was repaired, or only changed.
 */
export async function scrubCommand({ operands, values, io, tasks }: Call): Promise<number> {
  const [source = ""] = operands;
  refuseOthers(values);
  const output = await openOutput(io, values, true);
  output.start("verify", values.text("catalog")!, source);
  const totals = noTotals();
  try {
    const scrub = await tasks.scrub();
    const task = makeTask(() => scrub(source, scrubOptions(values)));
    const report = await task.run({
      signal: io.signal,
      onEvent: (event) => {
        if (event.type === "action") addFinding(totals, findingOf(event.action));
        tell(output, event);
      },
    });
    const { files, bytes, counts, failureCount, causes, durationMs } = report;
    const same = counts.same + counts.touched;
    const all = { ...totals, files, bytes, same, entries: totals.entries + same };
    for (const note of notesOf(report)) output.note(note);
    return output.end({ kind: "checked", totals: all, failureCount, causes, durationMs }, exitCodeOf(report));
  } catch (thrown) {
    const error = asSyncError(thrown);
    const stop = io.stopCode();
    const code = error.code === "cancelled" && stop !== undefined ? stop : exitCodeOfError(error.code);
    return output.end({ kind: "failed", error, finished: undefined }, code);
  }
}

function refuseOthers(values: Values): void {
  const given = NOT_HERE.find((name) => values.isOn(name));
  if (given !== undefined) {
    throw new SyncError("usage", `Cannot use --${given} with --catalog and one directory: it looks at content alone`);
  }
  if (!selectsAll(filterOptions(values))) {
    throw new SyncError("usage", "Cannot filter with --catalog and one directory: all that the catalog knows is read");
  }
}

function scrubOptions(values: Values): ScrubOptions {
  const budget = values.text("budget");
  const repairFrom = values.text("repair-from");
  const jobs = values.number("jobs");
  return {
    catalog: values.text("catalog")!,
    ...algorithmOption(values),
    ...(budget === undefined ? {} : { budget }),
    ...(values.isOn("oldest-first") ? { oldestFirst: true } : {}),
    ...(repairFrom === undefined ? {} : { repairFrom }),
    ...(jobs === undefined ? {} : { jobs }),
    layer: (values.text("layer") ?? "auto") as "auto" | "native" | "portable",
  };
}

function tell(output: Output, event: ScrubEvent): void {
  switch (event.type) {
    case "action":
      output.finding(findingOf(event.action));
      if (event.action.repaired) output.note(`repaired "${printable(event.action.path)}"`);
      return;
    case "progress":
      return output.progress(event.progress);
    case "warning":
      return output.warning(event.warning, event.failure);
    case "failure":
      return output.failure(event.failure);
    case "start":
    case "end":
      return; // told by the command itself
  }
}

function findingOf({ path, verdict }: ScrubFinding): Finding {
  const isContent = verdict !== "new" && verdict !== "gone";
  return { finding: KINDS[verdict], path, differences: isContent ? ["content"] : [] };
}

function notesOf({ repaired, isComplete }: ScrubReport): string[] {
  return [
    ...(repaired > 0 ? [`${formatNumberOf(repaired, "file")} repaired`] : []),
    ...(isComplete ? [] : ["The budget is used up: the next run goes on from here"]),
  ];
}

function exitCodeOf({ outcome }: ScrubReport): number {
  if (outcome === "different") return EXIT.different;
  return outcome === "partial" ? EXIT.partial : EXIT.done;
}
