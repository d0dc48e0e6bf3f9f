import type { Entry } from "../../lib/model/entry.ts";
import type { Operation, Reason, WriteFile } from "../../lib/plan/action.ts";
import { itemRecord } from "../../lib/report/ndjson.ts";
import { explainedText } from "../../lib/report/text.ts";
import { whyText } from "../../lib/report/why.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { action, entry } from "./actions.ts";

/** Why a step on "a" is done for one reason, when both sides differ in some fields. */
function why(op: Operation, reason: Reason, want?: Partial<Entry>, have?: Partial<Entry>, to?: string): string {
  const side = (fields: Partial<Entry> | undefined) => fields === undefined ? undefined : entry(fields.kind, fields);
  return whyText(action(op, side(want), side(have), [reason], to === undefined ? {} : { to }));
}

/** Every reason, by the type: one that is added has to be added here, too. */
const SENTENCES: Readonly<Record<Reason, readonly [said: string, expected: string]>> = {
  missing: [why("write-file", "missing", {}), "not in the destination"],
  kind: [
    why("create-symlink", "kind", { kind: "symlink" }, { kind: "directory" }),
    "the source has a symlink here, the destination a directory",
  ],
  link: [
    why("link", "link", {}, {}, "b\n"),
    'linked to "b\\n", as the source has it; the destination has a file of its own there',
  ],
  extraneous: [why("delete", "extraneous", undefined, {}), "not in the source, deleted because of --delete"],
  excluded: [why("delete", "excluded", undefined, {}), "excluded from the source, deleted because of --delete"],
  leftover: [why("sweep", "leftover", undefined, {}), "left by a run that was interrupted"],
  arrived: [
    why("remove-source", "arrived", {}),
    "removed from the source because of --remove-source-files, once the destination has it",
  ],
  moved: [
    whyText(action("move", entry("file"), entry("file"), ["moved"], { from: "old\n" })),
    'the destination has it as "old\\n", which is not in the source',
  ],
  forced: [why("write-file", "forced", {}, {}), "written whatever it holds, because of --ignore-times"],
  size: [
    why("write-file", "size", { size: 1 }, { size: 1_200 }),
    "size differs: 1 byte in the source, 1,200 bytes in the destination",
  ],
  time: [why("write-file", "time", { mtimeSeconds: 8 }, { mtimeSeconds: 5 }), "the source is newer by 3 s"],
  mode: [
    why("set-metadata", "mode", { mode: 0o4755 }, { mode: 0o1 }),
    "permissions differ: 4755 in the source, 0001 in the destination",
  ],
  owner: [why("set-metadata", "owner", { uid: 7 }, {}), "owner differs: 7 in the source, 0 in the destination"],
  group: [why("set-metadata", "group", { gid: 7 }, {}), "group differs: 7 in the source, 0 in the destination"],
  xattrs: [
    why("set-metadata", "xattrs", { xattrs: { "user.a": "eA==", "user.same": "" } }, {
      xattrs: { "user.same": "", "user.\x1b": "" },
    }),
    "attributes differ: user.a, user.\\x1b",
  ],
  target: [
    why("create-symlink", "target", { kind: "symlink", target: "x" }, { kind: "symlink", target: "\x1b[1m" }),
    'target differs: "x" in the source, "\\x1b[1m" in the destination',
  ],
  device: [
    why("create-special", "device", { kind: "block-device", device: [8, 1] }, { kind: "block-device", device: [8, 2] }),
    "device differs: 8:1 in the source, 8:2 in the destination",
  ],
  content: [
    why("write-file", "content", { size: 5 }, { size: 5 }),
    "content differs, although the size of 5 bytes is the same and the source is of the same time",
  ],
};

describe("whyText()", () => {
  for (const [reason, [said, expected]] of Object.entries(SENTENCES)) {
    it(`has a sentence for "${reason}"`, () => {
      assertEquals(said, expected);
    });
  }

  it("tells all reasons in their order", () => {
    const both = [entry("file", { size: 2, mtimeSeconds: 9 }), entry("file", { size: 1, mtimeSeconds: 10 })] as const;
    assertEquals(
      whyText(action("write-file", ...both, ["size", "time"])),
      "size differs: 2 bytes in the source, 1 byte in the destination; the source is older by 1 s",
    );
    assertEquals(
      whyText(action("link", entry(), undefined, ["missing"], { to: "b" })),
      'linked to "b", as the source has it; not in the destination',
    );
  });

  it("says where the content comes from when it is not the source", () => {
    const plain = action("write-file", entry("file", { size: 3 }), undefined, ["missing"]) as WriteFile;
    const from = (index: number, links: boolean) => whyText({ ...plain, basis: { index, found: entry(), links } });
    assertEquals(from(0, true), "linked to the same file in the first other tree; not in the destination");
    assertEquals(from(3, false), "copied from the same file in the 4th other tree; not in the destination");
  });

  it("says why a name gets a file of its own", () => {
    assertEquals(
      why("write-file", "link", {}, {}),
      "the destination has another name of a file there that belongs to others",
    );
  });

  it("shortens a long list of attributes", () => {
    const xattrs = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`user.${at}`, ""]));
    const said = why("set-metadata", "xattrs", { xattrs }, {});
    assertEquals(said, "attributes differ: user.0, user.1, user.2, user.3, user.4 and 4 more");
  });

  it("does without what a saved plan may lack", () => {
    assertEquals(
      why("create-symlink", "target", { kind: "symlink" }, { kind: "symlink", target: "x" }),
      'target differs: unknown in the source, "x" in the destination',
    );
    assertEquals(why("delete", "size", undefined, {}), "size differs");
  });
});

describe("explained reports", () => {
  const step = action("write-file", entry("file", { size: 3 }), undefined, ["missing"], { path: "d/f" });

  it("have the reason below the path, in text", () => {
    const [head = "", reason = ""] = explainedText(step).split("\n");
    assertEquals(reason.indexOf("not in"), head.indexOf("d/f") + 2);
  });

  it("have it as a field, in NDJSON", () => {
    assertEquals(JSON.parse(itemRecord(step, true)).why, "not in the destination");
    assertEquals("why" in JSON.parse(itemRecord(step)), false);
  });
});
