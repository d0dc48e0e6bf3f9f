/** Tells reports in the tests. */
import type { Failure } from "../../lib/model/event.ts";
import { addFinding, type Finding, FINDING_KINDS, noTotals } from "../../lib/compare/finding.ts";
import { parseRelPath, type RelPath } from "../../lib/model/rel_path.ts";
import type { Action } from "../../lib/plan/action.ts";
import { addAction, emptySummary } from "../../lib/plan/summary.ts";
import type { ReportDocument, ReportSummary } from "../../lib/report/document.ts";
import { HOSTILE_NAMES } from "./hostile.ts";
import { action, entry } from "./actions.ts";

/** What is told; totals are counted. */
export interface Story {
  readonly actions?: readonly Action[];
  readonly findings?: readonly Finding[];
  readonly failures?: readonly Failure[];
  readonly warnings?: readonly string[];
  readonly summary?: Partial<ReportSummary>;
  readonly source?: string;
}

/** Returns the whole text of a report: a plan, unless said otherwise. */
export function tellAll(document: ReportDocument, story: Story): string {
  const { actions = [], findings = [], failures = [], warnings = [], summary = {}, source = "from" } = story;
  const totals = emptySummary();
  for (const each of actions) addAction(totals, each);
  const parts = [document.start({ task: "mirror", source, destination: "to" })];
  for (const message of warnings) parts.push(document.warning({ name: "w", message }));
  for (const each of actions) parts.push(document.action(each));
  for (const each of findings) parts.push(document.finding(each));
  for (const each of failures) parts.push(document.failure(each));
  parts.push(
    document.end({
      outcome: "planned",
      ...(summary.checked === undefined ? { totals } : {}),
      failures: failures.length,
      ...summary,
    }),
  );
  return parts.join("");
}

/** A plan, failures and warnings in which every name is hostile. */
export function hostileStory(): Story {
  const file = entry("file", { size: 10 });
  return {
    source: HOSTILE_NAMES.join(" "),
    actions: HOSTILE_NAMES.flatMap((path) => [
      action("write-file", file, undefined, ["missing"], { path }),
      action("create-symlink", entry("symlink", { target: path }), undefined, ["missing"], { path: `link/${path}` }),
      action("delete", undefined, file, ["extraneous"], { path: `gone/${path}` }),
      action("link", file, undefined, ["missing"], { path: `name/${path}`, to: path }),
      action("move", file, file, ["moved"], { path: `moved/${path}`, from: path }),
      action("remove-source", file, undefined, ["arrived"], { path }),
    ]),
    failures: HOSTILE_NAMES.map((path) => ({ path, code: "io", message: `Cannot read ${path}`, hint: path })),
    warnings: [...HOSTILE_NAMES],
    summary: { error: { code: "too-many-deletions", message: HOSTILE_NAMES.join(" "), hint: HOSTILE_NAMES.join(" ") } },
  };
}

/** A verification in which every name is hostile: a finding of every kind for each. */
export function hostileFindings(): Story {
  const findings = HOSTILE_NAMES.flatMap((name) => findingsAt(parseRelPath(name)));
  const totals = noTotals();
  for (const each of findings) addFinding(totals, each);
  return { findings, summary: { outcome: "different", checked: totals, durationMs: 5 } };
}

function findingsAt(path: RelPath): Finding[] {
  const file = entry("file", { size: 10 });
  const failure = { path, code: "io", message: `Cannot read ${path}` } as const;
  return FINDING_KINDS.map((finding) => ({
    finding,
    path,
    ...(finding === "extra" ? {} : { want: file }),
    ...(finding === "missing" ? {} : { have: entry("symlink", { target: path }) }),
    differences: ["content"],
    ...(finding === "unreadable" ? { failure } : {}),
  }));
}
