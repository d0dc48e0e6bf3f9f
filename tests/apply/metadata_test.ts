import { assertEquals, describe, it } from "../support/test_api.ts";
import type { ApplyRules } from "../../lib/apply/context.ts";
import { patchForExisting, patchForNew, setMetadata } from "../../lib/apply/metadata.ts";
import { type Entry, KEEP_OWNER, type MetadataPatch } from "../../lib/model/entry.ts";
import { RULES } from "./fixture.ts";

const WANT: Entry = {
  ...{ kind: "file", mode: 0o4751, uid: 1, gid: 2, size: 3, mtimeSeconds: 4, mtimeNanoseconds: 5, allocated: 6 },
};
const HAVE: Entry = { ...WANT, mode: 0o600, uid: 10, gid: 20, mtimeSeconds: 40, mtimeNanoseconds: 50 };
const TIMES = { mtimeSeconds: 4, mtimeNanoseconds: 5 };
const NOTHING: Partial<ApplyRules> = { modes: false, times: false, owners: false, groups: false };
const ORDINARY: Partial<ApplyRules> = { privileged: false, owners: false, settableGroups: new Set([2]) };

describe("patchForNew()", () => {
  const patch = (have: Entry | undefined, rules: Partial<ApplyRules>, want = WANT) =>
    patchForNew(want, have, { ...RULES, ...rules });

  it("sets everything that is carried", () => {
    assertEquals(patch(undefined, {}), { uid: 1, gid: 2, mode: 0o4751, ...TIMES });
    assertEquals(patch(HAVE, {}), { uid: 1, gid: 2, mode: 0o4751, ...TIMES });
    assertEquals(patch(undefined, {}, { ...WANT, kind: "symlink" }), { uid: 1, gid: 2, ...TIMES });
  });

  it("keeps of the old entry what is not carried", () => {
    assertEquals(patch(HAVE, NOTHING), { uid: 10, gid: 20, mode: 0o600 });
    assertEquals(patch(undefined, NOTHING), {});
  });

  it("takes nothing from an old entry of another kind", () => {
    assertEquals(patch({ ...HAVE, kind: "directory" }, NOTHING), {});
  });

  it("gives only groups that can be given", () => {
    assertEquals(patch(HAVE, ORDINARY), { uid: KEEP_OWNER, gid: 2, mode: 0o4751, ...TIMES });
    const none = { ...ORDINARY, settableGroups: new Set([7]) };
    assertEquals(patch(HAVE, none), { mode: 0o4751, ...TIMES });
    assertEquals(patch(undefined, none), { mode: 0o4751, ...TIMES });
    assertEquals(patch({ ...HAVE, gid: 7 }, none), { uid: KEEP_OWNER, gid: 7, mode: 0o4751, ...TIMES });
  });
});

describe("patchForExisting()", () => {
  const patch = (have: Entry, rules: Partial<ApplyRules> = {}, want = WANT) =>
    patchForExisting(want, have, { ...RULES, ...rules });

  it("sets only what differs", () => {
    assertEquals(patch(WANT), {});
    assertEquals(patch({ ...WANT, mode: 0 }), { mode: 0o4751 });
    assertEquals(patch({ ...WANT, mtimeNanoseconds: 0 }), TIMES);
  });

  it("sets permissions again after the owner, which clears setuid", () => {
    assertEquals(patch({ ...WANT, uid: 9 }), { uid: 1, gid: KEEP_OWNER, mode: 0o4751 });
    assertEquals(patch({ ...WANT, gid: 9 }), { uid: KEEP_OWNER, gid: 2, mode: 0o4751 });
    assertEquals(patch({ ...WANT, uid: 9, mode: 0o4700 }, { modes: false }), {
      ...{ uid: 1, gid: KEEP_OWNER, mode: 0o4700 },
    });
  });

  it("leaves what is not carried", () => {
    assertEquals(patch(HAVE, NOTHING), {});
    assertEquals(patch(HAVE, { ...ORDINARY, settableGroups: new Set() }), { mode: 0o4751, ...TIMES });
  });

  it("sets no permissions of a symlink", () => {
    const link: Entry = { ...WANT, kind: "symlink" };
    assertEquals(patch({ ...link, mode: 0, uid: 9 }, {}, link), { uid: 1, gid: KEEP_OWNER });
  });
});

describe("setMetadata()", () => {
  /** What is called, in its order. */
  function calls(rules: Partial<ApplyRules>, patch: MetadataPatch, want = WANT): unknown[] {
    const seen: unknown[] = [];
    const target = {
      setMetadata: (part: MetadataPatch) => void seen.push(part),
      setXattrs: (_scope: unknown, xattrs: unknown) => void seen.push({ xattrs }),
    };
    setMetadata(target, patch, want, { ...RULES, ...rules });
    return seen;
  }

  it("sets all at once when there are no extended attributes", () => {
    assertEquals(calls({}, { uid: 1, gid: 2, mode: 3, ...TIMES }), [{ uid: 1, gid: 2, mode: 3, ...TIMES }]);
  });

  it("sets the owner, then extended attributes, then permissions and times", () => {
    const xattrs = { attributes: true, lists: true };
    const want = { ...WANT, xattrs: { "user.a": "AA==" } };
    assertEquals(calls({ xattrs }, { uid: 1, gid: 2, mode: 3, ...TIMES }, want), [
      ...[{ uid: 1, gid: 2 }, { xattrs: want.xattrs }, { mode: 3, ...TIMES }],
    ]);
    assertEquals(calls({ xattrs }, { mode: 3 }), [{ xattrs: {} }, { mode: 3 }]);
  });
});
