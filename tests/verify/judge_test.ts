/** What is found for single pairs, with what reading them said: the cases that real trees rarely show. */
import { SyncError } from "../../lib/errors.ts";
import type { ManifestEntry } from "../../lib/manifest/entry.ts";
import type { Entry } from "../../lib/model/entry.ts";
import { parseRelPath } from "../../lib/model/rel_path.ts";
import type { Paired } from "../../lib/scan/merge_ordered.ts";
import type { FileResult } from "../../tasks/checking/job.ts";
import { manifestJudge, treeJudge } from "../../tasks/verify/judge.ts";
import { entry } from "../report/actions.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";

const PATH = parseRelPath("d/f");
const FILE = entry("file", { size: 10 });
const LATER = { ...FILE, mtimeNanoseconds: FILE.mtimeNanoseconds + 1_000 };
const RULES = { metadata: false, windowNanoseconds: 0 };
const OTHER: FileResult = { same: false };

function between(source: Entry | undefined, destination: Entry | undefined): Paired<Entry, Entry> {
  return {
    path: PATH,
    ...(source === undefined ? {} : { source }),
    ...(destination === undefined ? {} : { destination }),
  };
}

/** Kind and differences of what is found between two entries. */
function found(paired: Paired<Entry, Entry>, results: readonly FileResult[] = [], rules = RULES): string {
  const { finding, differences } = treeJudge(rules).judge(paired, results);
  return [finding, ...differences].join(" ");
}

describe("treeJudge()", () => {
  it("has contents read where nothing else tells the two apart", () => {
    const { readingOf } = treeJudge(RULES);
    assertEquals(readingOf(between(FILE, LATER))?.work, "compare");
    const others = [undefined, { ...FILE, size: 11 }, entry("symlink", { target: "x" })];
    for (const other of others) assertEquals(readingOf(between(FILE, other)), undefined);
    assertEquals(readingOf(between(entry(), entry())), undefined);
    assertEquals(readingOf(between(undefined, FILE)), undefined);
  });

  it("tells what changed from what only differs, by the times", () => {
    assertEquals(found(between(FILE, FILE), [{ same: true }]), "same");
    assertEquals(found(between(FILE, FILE), [{ same: true }, OTHER]), "content content");
    assertEquals(found(between(FILE, LATER), [OTHER]), "changed content");
    assertEquals(found(between(FILE, LATER), [OTHER], { ...RULES, windowNanoseconds: 999 }), "changed content");
    assertEquals(found(between(FILE, LATER), [OTHER], { ...RULES, windowNanoseconds: 1_000 }), "content content");
    assertEquals(found(between(FILE, { ...LATER, size: 9 })), "changed size");
  });

  it("compares what symlinks and devices are", () => {
    const link = (target: string) => entry("symlink", { target });
    const device = (minor: number) => entry("block-device", { device: [8, minor] });
    assertEquals(found(between(link("a"), link("b"))), "content target");
    assertEquals(found(between(device(1), device(2))), "content device");
    assertEquals(found(between(device(1), device(1))), "same");
    assertEquals(found(between(device(1), entry("character-device", { device: [8, 1] }))), "type");
  });

  it("compares metadata on request, and not what symlinks do not have", () => {
    const rules = { ...RULES, metadata: true };
    const other = { ...LATER, mode: 0o600, uid: 1, gid: 2, xattrs: { "user.a": "" } };
    assertEquals(found(between(FILE, other), [], rules), "metadata time mode owner group xattrs");
    assertEquals(found(between(FILE, other), [OTHER], rules), "changed content time mode owner group xattrs");
    const link = entry("symlink", { target: "a", mode: 0o777 });
    assertEquals(found(between(link, { ...link, mode: 0o755 }), [], rules), "same");
  });

  it("calls nothing missing or different that could not be read", () => {
    const failure = { path: PATH, code: "io", message: "Cannot read", side: "destination" } as const;
    const judged = treeJudge(RULES).judge(between(FILE, FILE), [OTHER, { failure }]);
    assertEquals([judged.finding, judged.failure], ["unreadable", failure]);
    const error = new SyncError("permission", "Cannot list");
    const blind = treeJudge(RULES).judge({ path: PATH, unreadable: { side: "source", error } }, []);
    assertEquals([blind.finding, blind.failure?.side, blind.failure?.code], ["unreadable", "source", "permission"]);
  });
});

describe("manifestJudge()", () => {
  const { readingOf, judge } = manifestJudge(RULES);
  const known: ManifestEntry = { path: PATH, kind: "file", digest: "aa" };
  const { size, mtimeSeconds, mtimeNanoseconds } = FILE;
  const recorded = { size, mtimeSeconds, mtimeNanoseconds };
  const judged = (source: ManifestEntry, destination: Entry, digest?: string) => {
    const results = digest === undefined ? [] : [{ digest, entry: destination, stamp: undefined }];
    return judge({ path: PATH, source, destination }, results as FileResult[]).finding;
  };

  it("reads no file that is of another size than it was", () => {
    assertEquals(readingOf({ path: PATH, source: known, destination: FILE })?.work, "hash");
    const other = { ...FILE, size: 11 };
    assertEquals(readingOf({ path: PATH, source: { ...known, recorded }, destination: other }), undefined);
    assertEquals(judged({ ...known, recorded }, other), "content");
    assertEquals(judged({ ...known, recorded }, { ...LATER, size: 11 }), "changed");
  });

  it("tells what changed only where it knows of a time", () => {
    assertEquals(judged(known, LATER, "aa"), "same");
    assertEquals(judged(known, LATER, "ab"), "content");
    assertEquals(judged({ ...known, recorded }, LATER, "ab"), "changed");
    assertEquals(judged({ ...known, recorded }, FILE, "ab"), "content");
    assertEquals(judged({ ...known, recorded }, LATER, "aa"), "same");
  });
});
