/**
 * The rules of one run as plain data, the same in every thread.
 *
 * @module
 */
import { resolveRules } from "../../lib/compare/rules.ts";
import type { ApplyRules } from "../../lib/apply/context.ts";
import type { KeepRules } from "../../lib/apply/preserver.ts";
import type { StoreRules } from "../../lib/apply/store_folders.ts";
import type { Capabilities } from "../../lib/model/capabilities.ts";
import type { BasisRules } from "../../lib/plan/basis.ts";
import type { LensRules } from "../../lib/compare/lens.ts";
import type { ReachRules } from "../../lib/scan/reach.ts";
import type { XattrScope } from "../../lib/model/tree.ts";
import { choiceOf } from "../../lib/plan/choice.ts";
import type { PlanRules } from "../../lib/plan/directory_plan.ts";
import type { KeptRules } from "../../lib/scan/kept_selection.ts";
import type { SpaceRules } from "../../lib/plan/space_need.ts";
import type { ChecksumRules } from "./checksums/rules.ts";
import type { ResolvedOptions } from "./options/options.ts";
import { contentRules } from "./options/content_options.ts";
import type { SelectionRules } from "./selection/selector.ts";

/** Everything that decides, made once and sent to each worker. */
export interface MirrorRules {
  /** What is planned. */
  readonly plan: PlanRules;
  /** What is set. */
  readonly apply: ApplyRules;
  /** Whether symlinks of the destination may stand for directories. */
  readonly keepDirlinks: boolean;
  /** What is done with files that other trees hold; absent when there are none. */
  readonly basis?: BasisRules | undefined;
  /** What is seen differently in the source; absent for nothing. */
  readonly lens?: LensRules | undefined;
  /** How far the run reaches; absent for everywhere. */
  readonly reach?: ReachRules | undefined;
  /** Which extended attributes are read. */
  readonly xattrs: XattrScope | undefined;
  /** Whether deletions are carried out although the source could not be read completely. */
  readonly ignoreErrors: boolean;
  /** What is done with a catalog; absent without one. */
  readonly checksums?: ChecksumRules | undefined;
  /** How much room an entry takes; absent when nobody asks. */
  readonly space?: SpaceRules | undefined;
  /** Where old entries are kept, if they are. */
  readonly keep: KeepRules | undefined;
  /** Whether everything is switched at once. */
  readonly delays: boolean;
  /** What is left alone because old entries are kept there. */
  readonly kept: KeptRules | undefined;
  /** What takes part, when it is not everything. */
  readonly selection?: SelectionRules | undefined;
  /** Whether the metadata of the root itself is left alone. */
  readonly leavesRoot: boolean;
}

/** What takes part in a run. */
export interface Taking {
  /** The rules, when it is not everything. */
  readonly selection?: SelectionRules | undefined;
  /** Whether the root itself takes no part. */
  readonly leavesRoot: boolean;
}

const EVERYTHING: Taking = { leavesRoot: false };

/**
 * The rules for one pair of trees.
 *
 * @param options What the caller wants.
 * @param source What the source can tell.
 * @param destination What the destination can hold.
 * @param store Where old entries go. @default {beside the new ones, if they are kept}
 * @param taking What takes part. @default {everything}
 * @returns The rules.
 */
export function mirrorRules(
  options: ResolvedOptions,
  source: Capabilities,
  destination: Capabilities,
  store?: StoreRules,
  taking: Taking = EVERYTHING,
): MirrorRules {
  const wantsXattrs = options.xattrs || options.acls;
  const compare = resolveRules(
    {
      content: options.checksum,
      times: options.times,
      modifyWindowSeconds: options.modifyWindow,
      modes: options.perms,
      owners: options.owner,
      groups: options.group,
      xattrs: wantsXattrs,
    },
    source,
    destination,
  );
  const xattrs = compare.xattrs ? { attributes: options.xattrs, lists: options.acls } : undefined;
  const keep = options.backup || store !== undefined ? { suffix: options.suffix, store } : undefined;
  return {
    xattrs,
    ignoreErrors: options.ignoreErrors,
    keepDirlinks: options.keepDirlinks,
    keep,
    delays: options.delayUpdates,
    kept: keep === undefined
      ? undefined
      : { suffix: store === undefined ? keep.suffix : undefined, within: store?.within },
    ...taking,
    plan: {
      compare,
      deletes: options.delete,
      removesSources: options.removeSourceFiles,
      choice: choiceOf({
        update: options.update,
        existing: options.existing,
        ignoreExisting: options.ignoreExisting,
        sizeOnly: options.sizeOnly,
        ignoreTimes: options.ignoreTimes,
        appends: options.append || options.appendVerify,
      }),
      carried: {
        symlinks: options.links,
        specials: options.specials && destination.specials,
        devices: options.specials && destination.specials && destination.privileged,
        hardLinks: options.hardLinks && source.hardLinks && destination.hardLinks,
      },
    },
    apply: {
      modes: options.perms,
      times: options.times,
      owners: compare.owners,
      groups: compare.groups,
      settableGroups: compare.settableGroups,
      sparse: options.sparse && source.holes && destination.holes,
      xattrs,
      deletes: options.delete,
      privileged: destination.privileged,
      content: contentRules(options),
    },
  };
}

/**
 * Whether old entries stay in their directory, under another name.
 *
 * @param rules Rules of the run.
 * @returns `true` for backups with a suffix and no directory of their own.
 */
export function keepsBeside({ kept }: MirrorRules): boolean {
  return kept?.suffix !== undefined;
}
