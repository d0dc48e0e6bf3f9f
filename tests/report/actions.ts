/** Actions for the tests of reports, made from the few fields that matter. */
import type { Entry, Kind } from "../../lib/model/entry.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import type { Action, Operation, Reason } from "../../lib/plan/action.ts";

/** Returns an entry: an empty file of root from 2020, unless said otherwise. */
export function entry(kind: Kind = "file", fields: Partial<Entry> = {}): Entry {
  return {
    kind,
    mode: kind === "directory" ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    size: 0,
    mtimeSeconds: 1_577_934_245,
    mtimeNanoseconds: 123_456_789,
    allocated: 0,
    ...fields,
  };
}

/** Returns an action on "a" or another path. */
export function action(
  op: Operation,
  want: Entry | undefined,
  have: Entry | undefined,
  reasons: readonly Reason[],
  { path = "a", to, from }: { path?: string; to?: string; from?: string } = {},
): Action {
  const fields = {
    op,
    path: parseRelPath(path),
    ...(to === undefined ? {} : { to: parseRelPath(to) }),
    ...(from === undefined ? {} : { from: parseRelPath(from), entries: 1, bytes: 0 }),
    ...(want === undefined ? {} : { want }),
    ...(have === undefined ? {} : { have }),
    reasons,
  };
  return fields as Action;
}
