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

/** What a person adds to the built-in list; the word `!` clears what came before it, the built-in list included. */
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
  const builtIn = excludes(encodeName(BUILT_IN), "--cvs-exclude").map((rule) => ({
    ...rule,
    perishable: true as const,
  }));
  const added = [
    ...(home === undefined ? [] : excludes(home, "~/.cvsignore")),
    ...(variable === undefined ? [] : excludes(encodeName(variable), "CVSIGNORE")),
  ];
  const all = [...builtIn, ...added];
  return all.slice(all.findLastIndex(({ pattern }) => pattern === "!") + 1);
}

/** The rule that reads `.cvsignore` in every directory. */
export const CVSIGNORE_RULE: PerDirectoryRule = {
  type: "per-directory",
  file: ".cvsignore",
  inherited: false,
  format: { only: "exclude", words: true, cvs: true, side: "unsaid" },
  place: { source: "--cvs-exclude" },
};

function excludes(bytes: Uint8Array, source: string): PatternRule[] {
  return cutWords(bytes, { source, isSecret: true }, false)
    .map(({ text, place }) => ({ type: "exclude", pattern: text, side: "unsaid", place }));
}
