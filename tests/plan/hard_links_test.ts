/** Hard links: after all changes each group is one file, and nothing that was right is copied or lost. */
import fc from "fast-check";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import type { Entry } from "../../lib/model/entry.ts";
import { comparePaths, parentPath, parseRelPath } from "../../lib/model/rel_path.ts";
import type { Change } from "../../lib/plan/action.ts";
import type { LinkCandidate } from "../../lib/plan/directory_plan.ts";
import { planHardLinks } from "../../lib/plan/hard_links.ts";
import { changeFor } from "../../lib/plan/plan_directory.ts";

const WANT: Entry = {
  ...{ kind: "file", mode: 0o644, uid: 0, gid: 0, size: 5, mtimeSeconds: 9, mtimeNanoseconds: 0, allocated: 0 },
};

/** What a name is at the destination, before: nothing, right, lacking metadata, or another file. */
type State = "missing" | "right" | "metadata" | "stale";

function candidate(path: string, state: State, existing = path, identity = "1:0:1"): LinkCandidate {
  const at = parseRelPath(path);
  const have = { missing: undefined, right: WANT, metadata: { ...WANT, mode: 0 }, stale: { ...WANT, size: 1 } }[state];
  const found = state === "metadata" ? 4 : 1;
  const alone = state === "right" ? undefined : changeFor(at, WANT, have, found, false);
  return { path: at, identity, existing: have === undefined ? undefined : existing, alone, want: WANT, have };
}

function told(changes: readonly Change[]): string[] {
  return changes.map((change) => `${change.op} ${change.path}${change.op === "link" ? ` to ${change.to}` : ""}`);
}

describe("planHardLinks()", () => {
  it("does nothing with names that are links of one file already", () => {
    assertEquals(planHardLinks([candidate("a", "right", "x"), candidate("b", "right", "x")]), []);
  });

  it("writes one and links the others", () => {
    const changes = planHardLinks([candidate("b", "missing"), candidate("a", "missing"), candidate("c", "stale")]);
    assertEquals(told(changes), ["write-file a", "link b to a", "link c to a"]);
    assertEquals(changes.map(({ reasons }) => reasons), [["missing"], ["missing"], ["link", "size"]]);
    assertEquals(changes[2]!.have, { ...WANT, size: 1 });
  });

  it("copies nothing when one is up to date", () => {
    assertEquals(told(planHardLinks([candidate("a", "missing"), candidate("b", "right")])), ["link a to b"]);
  });

  it("does not replace what is right by a link to what is not", () => {
    assertEquals(told(planHardLinks([candidate("a", "stale"), candidate("b", "right")])), ["link a to b"]);
  });

  it("sets metadata of all names at once", () => {
    const changes = planHardLinks([candidate("a", "metadata", "x"), candidate("b", "metadata", "x")]);
    assertEquals(told(changes), ["set-metadata a"]);
  });

  it("joins names that are right but are separate files", () => {
    assertEquals(told(planHardLinks([candidate("a", "right"), candidate("b", "right")])), ["link b to a"]);
  });

  it("makes files of their own of names that only the destination links", () => {
    const one = [candidate("a", "metadata", "x", "1:0:1"), candidate("b", "right", "x", "1:0:2")];
    const changes = planHardLinks(one);
    assertEquals(told(changes), ["write-file a"]);
    assertEquals([changes[0]!.reasons, changes[0]!.have], [["link", "mode"], { ...WANT, mode: 0 }]);
    const both = [candidate("a", "right", "x", "1:0:1"), candidate("b", "right", "x", "1:0:2")];
    assertEquals(told(planHardLinks([...both, candidate("c", "right", "x", "1:0:2")])), [
      "write-file b",
      "link c to b",
    ]);
    const [, link] = planHardLinks([...both, candidate("c", "right", "x", "1:0:2")]);
    assertEquals(link!.reasons, ["link"]);
    assertEquals(planHardLinks([candidate("a", "right", "x")]), []);
  });

  it("keeps groups apart", () => {
    const changes = planHardLinks([
      ...[candidate("a", "missing"), candidate("b", "missing", "b", "1:0:2")],
      ...[candidate("c", "missing"), candidate("d", "missing", "d", "1:0:2")],
    ]);
    assertEquals(told(changes), ["write-file a", "link c to a", "write-file b", "link d to b"]);
  });

  it("writes in the directory that is changed first", () => {
    const changes = planHardLinks([candidate("b/x", "missing"), candidate("c", "missing")]);
    assertEquals(told(changes), ["write-file c", "link b/x to c"]);
  });

  it("makes every group one right file, directory by directory, whatever was there", () => {
    const states = fc.constantFrom<State>("missing", "right", "metadata", "stale");
    const paths = fc.uniqueArray(fc.constantFrom("a", "b", "b/a", "b/x", "b!/y", "c", "c/d/e", "z/a"), {
      minLength: 1,
    });
    const groups = paths.chain((names) =>
      fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), states, fc.nat(2))))
    );
    fc.assert(fc.property(groups, (members) => {
      const candidates = members.map(([name, state, inode]) => candidate(name, state, `${state}${inode}`));
      const changes = planHardLinks(candidates);
      assertEquals(carriedOut(candidates, changes).size, 1);
      const copies = changes.filter(({ op }) => op === "write-file").length;
      assertEquals(copies, members.some(([, state]) => state === "right" || state === "metadata") ? 0 : 1);
    }));
  });
});

interface Inode {
  right: boolean;
}

/** Carries changes out as an apply does, on a map of names to inodes; returns the inodes that are left. */
function carriedOut(candidates: readonly LinkCandidate[], changes: readonly Change[]): Set<Inode> {
  const inodes = new Map<string, Inode>();
  const names = new Map<string, Inode>();
  for (const { path, existing, alone } of candidates) {
    if (existing === undefined) continue;
    const inode = inodes.get(existing) ?? { right: alone === undefined };
    inodes.set(existing, inode);
    names.set(path, inode);
  }
  const order = changes.toSorted((a, b) => comparePaths(parentPath(a.path), parentPath(b.path)));
  const lacking = new Set<Inode>();
  for (const change of order) {
    if (change.op === "write-file") names.set(change.path, { right: true });
    else if (change.op === "set-metadata") names.get(change.path)!.right = true;
    else if (change.op === "link") {
      const inode = names.get(change.to);
      assert(inode !== undefined, `${change.to} is not there yet`);
      names.set(change.path, inode);
      if (!inode.right) lacking.add(inode);
    }
  }
  for (const inode of lacking) assert(inode.right, "a link to a file that is not right");
  for (const { path } of candidates) assertEquals(names.get(path)?.right, true, path);
  return new Set(names.values());
}
