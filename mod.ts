/**
 * Undrift takes the drift out of directory trees: typed tasks that mirror, and report before they act.
 *
 * @example Mirror a folder
 * ```ts
 * import { mirror } from "undrift";
 *
 * const report = await mirror("photos", "backup/photos", { delete: true }).run();
 * console.log(report.done.files, "files written");
 * ```
 *
 * @module
 */
export { doctor, type DoctorOptions, type DoctorReport, type DoctorTask } from "./tasks/doctor.ts";
export { diff, type DiffOptions, type DiffReport } from "./tasks/diff.ts";
export { du, type DuReport } from "./tasks/du.ts";
export { history, type HistoryReport } from "./tasks/history.ts";
export type { LookEvent, LookOptions, LookReport, LookTask, LookWatch } from "./tasks/looking/look.ts";
export type { FileVersion } from "./lib/snapshot/path_history.ts";
export { timelinePage, type ToldTimeline } from "./lib/snapshot/timeline_page.ts";
export { timelineText, type TimelineTextOptions } from "./lib/snapshot/timeline_text.ts";
export type { TimelineSnapshot } from "./lib/snapshot/timeline.ts";
export type { SnapshotUsage } from "./lib/snapshot/usage.ts";
export type { ChangeTotals, TreeChange } from "./lib/snapshot/tree_change.ts";
export type { SnapshotName } from "./lib/snapshot/name.ts";
export { prune, type PruneTask } from "./tasks/prune.ts";
export type { PruneOptions } from "./tasks/prune/options.ts";
export type { PrunePlan } from "./tasks/prune/plan.ts";
export type { PruneEvent, PruneReport, PruneSummary, PruneWatch } from "./tasks/prune/report.ts";
export type { CountingRule, KeepReason, LetGoReason, Verdict } from "./lib/snapshot/retention.ts";
export type { Period } from "./lib/snapshot/calendar.ts";
export { snapshot, type SnapshotInfo, snapshots, type SnapshotTask } from "./tasks/snapshot.ts";
export { restore, type RestoreOptions, type RestoreTask } from "./tasks/restore.ts";
export type { CarriedOption, ShareMode, SnapshotOptions } from "./tasks/snapshot/options.ts";
export type {
  SnapshotEvent,
  SnapshotPlan,
  SnapshotReport,
  SnapshotRunOptions,
  SnapshotWatch,
} from "./tasks/snapshot/report.ts";
export type { SnapshotRecord } from "./lib/snapshot/record.ts";
export { report, type ReportSubject, type TaskReport } from "./tasks/report.ts";
export {
  explain,
  type ExplainOptions,
  type ExplainReport,
  type ExplainTask,
  type Explanation,
} from "./tasks/explain.ts";
export { filter, type FilterFiles, type PathFilter } from "./tasks/filter.ts";
export { loadPlan, mirror, type MirrorTask } from "./tasks/mirror.ts";
export { scrub, type ScrubTask } from "./tasks/scrub.ts";
export type { CatalogOptions } from "./tasks/catalog/known_digests.ts";
export type { Budget } from "./tasks/scrub/budget.ts";
export type { ScrubOptions } from "./tasks/scrub/options.ts";
export type { ScrubCounts, ScrubEvent, ScrubFinding, ScrubReport, ScrubVerdict } from "./tasks/scrub/report.ts";
export type { ScrubRunOptions } from "./tasks/scrub/run_scrub.ts";
export type { FileVerdict } from "./lib/catalog/judge.ts";
export { manifest, type ManifestRunOptions, type ManifestTask } from "./tasks/manifest.ts";
export type { ManifestOptions } from "./tasks/manifest/options.ts";
export type { ManifestEvent, ManifestReport } from "./tasks/manifest/report.ts";
export type { ReadingOptions } from "./tasks/checking/options.ts";
export type { Told } from "./tasks/checking/teller.ts";
export { verify, type VerifyTask } from "./tasks/verify.ts";
export type { Expected, ManifestFile, VerifyOptions } from "./tasks/verify/options.ts";
export type { VerifyEvent, VerifyReport } from "./tasks/verify/report.ts";
export type { VerifyRunOptions } from "./tasks/verify/run_verify.ts";
export type { CheckTotals, Finding, FindingKind, KnownEntry } from "./lib/compare/finding.ts";
export type { HashAlgorithm } from "./lib/manifest/algorithm.ts";
export type { ManifestEntry, Recorded } from "./lib/manifest/entry.ts";
export {
  delta,
  type DeltaOptions,
  type DeltaReport,
  type Match,
  matches,
  patch,
  type PatchReport,
  signature,
  type SignatureOptions,
  type SignatureReport,
} from "./tasks/delta.ts";
export {
  type DeltaEvent,
  type DeltaExplanation,
  type DeltaWatch,
  explainDelta,
  type ExplainDeltaTask,
  type RangeTotals,
} from "./tasks/explain_delta.ts";
export type { DeltaRange, RangeKind } from "./lib/delta/range.ts";
export type { Strip } from "./lib/delta/strip.ts";
export {
  type CommandEvent,
  type CommandReport,
  type ComposedPlan,
  type ComposedTask,
  type DaxChild,
  type DaxCommand,
  type DefinedPlan,
  type DefineOptions,
  defineTask,
  type EventOf,
  type EventsOf,
  type HeardBy,
  type LeafEvent,
  parallel,
  type ParallelOptions,
  type PlannedStep,
  type PlanOf,
  type PlansOf,
  type ReportOf,
  type ReportsOf,
  retry,
  type RetryOptions,
  sequence,
  type SequenceOptions,
  type Step as TaskStep,
  type StepAction,
  StepError,
  type StepEvent,
  type StepPath,
  type Steps,
  type StepsReport,
  type Task,
  type TaskTools,
  type TaskWatch,
  when,
} from "./tasks/task.ts";
export type { BasisInput, ByteInput, RandomAccess } from "./tasks/delta/byte_source.ts";
export type { ByteTask, WriteOptions } from "./tasks/delta/byte_task.ts";
export type { RunOptions, WatchOptions } from "./tasks/mirror/options/watch.ts";
export type { MirrorOptions } from "./tasks/mirror/options/options.ts";
export type {
  Decision,
  DecisionCause,
  FilterEntry,
  FilterPredicate,
  PredicateEntry,
  Side as FilterSide,
} from "./lib/filter/decision.ts";
export type { DecideOptions } from "./lib/filter/filter.ts";
export type { FilterLimits, FilterSpec, ListedPath } from "./lib/filter/spec.ts";
export type {
  PatternRule,
  PerDirectoryRule,
  Place,
  Rule,
  RuleFileFormat,
  RuleModifiers,
  RuleSide,
} from "./lib/filter/rule.ts";
export type { ContentOptions } from "./tasks/mirror/options/content_options.ts";
export type { FilterItem, FilterOptions } from "./tasks/mirror/options/filter_options.ts";
export type { MirrorPlan } from "./tasks/mirror/plan/plan.ts";
export type { MirrorEvent, MirrorOutcome, MirrorReport } from "./tasks/mirror/report.ts";
export { type Side, SyncError, type SyncErrorCode, type SyncErrorInit } from "./lib/errors.ts";
export type {
  Action,
  Basis,
  CreateDirectory,
  CreateSpecial,
  CreateSymlink,
  Delete,
  LinkFile,
  Making,
  Move,
  Operation,
  Reason,
  RemoveSource,
  SetMetadata,
  Step,
  Sweep,
  WriteFile,
} from "./lib/plan/action.ts";
export type { Difference } from "./lib/compare/differences.ts";
export type { SkipCounts } from "./lib/plan/directory_plan.ts";
export type { LayerChoice } from "./lib/os/open_tree.ts";
export { whyText } from "./lib/report/why.ts";
export type { Ending, ReportSummary, SnapshotFacts } from "./lib/report/document.ts";
export type { Amount, Bounds, Expectations, Metric, UnmetExpectation } from "./lib/plan/expectation.ts";
export type { SpaceNeed } from "./lib/plan/space_need.ts";
export type { PlanSummary } from "./lib/plan/summary.ts";
export type { Cause, CausePolicy, Consequence } from "./lib/model/cause.ts";
export type { CauseCount, CauseCounts } from "./lib/model/cause_tally.ts";
export type { Capabilities, Degradation, Layer } from "./lib/model/capabilities.ts";
export type { FileSystemInfo, Probe, RuntimeInfo } from "./lib/os/probe.ts";
export type { Entry, Kind, Xattrs } from "./lib/model/entry.ts";
export type { Failure, Progress, SyncEvent } from "./lib/model/event.ts";
export type { RelPath } from "./lib/model/rel_path.ts";
