/**
 * What `--cvs-exclude` leaves out: the list in the rsync manual, and what a person adds to it.
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import { cutWords } from "./rule_entries.ts";
import type { PatternRule, PerDirectoryRule } from "./rule.ts";

const BUILT_IN =
  "RCS SCCS CVS CVS.adm RCSLOG cvslog.* tags TAGS .make.state .nse_depinfo *~ #* .#* ,* _$* *$ *.old *.bak *.BAK " +
  "*.orig *.rej .del-* *.a *.olb *.o *.obj *.so *.exe *.Z *.elc *.ln core .svn/ .git/ .hg/ .bzr/";

/** What a person adds to the built-in list. */
export interface CvsAdditions {
  /** What is in `~/.cvsignore`. @default {undefined} */
  readonly home?: Uint8Array | undefined;
  /** Value of the variable `CVSIGNORE`. @default {undefined} */
  readonly variable?: string | undefined;
}

/**
 * The rules that `-C` stands for.
 *
 * @param additions What is added to the built-in list.
 * @returns Exclude rules; those of the built-in list do not hold in directories that are being deleted.
 * @throws {SyncError} code `"filter-invalid"` when the file of additions is too large.
 */
export function cvsRules({ home, variable }: CvsAdditions = {}): PatternRule[] {
  return [
    ...wordsOf(encodeName(BUILT_IN), "--cvs-exclude").map((rule) => ({ ...rule, perishable: true as const })),
    ...(home === undefined ? [] : wordsOf(home, "~/.cvsignore")),
    ...(variable === undefined ? [] : wordsOf(encodeName(variable), "CVSIGNORE")),
  ];
}

/** The rule that reads `.cvsignore` in every directory. */
export const CVSIGNORE_RULE: PerDirectoryRule = {
  type: "per-directory",
  file: ".cvsignore",
  inherited: false,
  format: { only: "exclude", words: true, cvs: true, side: "unsaid" },
  place: { source: "--cvs-exclude" },
};

function wordsOf(bytes: Uint8Array, source: string): PatternRule[] {
  let rules: PatternRule[] = [];
  for (const { text, place } of cutWords(bytes, { source, isSecret: true }, false)) {
    if (text === "!") rules = [];
    else rules.push({ type: "exclude", pattern: text, side: "unsaid", place });
  }
  return rules;
}
