import { mirror, type MirrorOptions } from "../../mod.ts";
import { assertThrows, describe, it } from "../support/test_api.ts";

/** Options that make no sense together, and what is said of them. */
const CLASHES: readonly (readonly [MirrorOptions, string])[] = [
  [{ sizeOnly: true, ignoreTimes: true }, "--size-only with --ignore-times (API: sizeOnly, ignoreTimes)"],
  [{ sizeOnly: true, checksum: true }, "--size-only with --checksum (API: sizeOnly, checksum)"],
  [{ ignoreTimes: true, checksum: true }, "--ignore-times with --checksum (API: ignoreTimes, checksum)"],
  [{ copyLinks: true, safeLinks: true }, "--copy-links with --safe-links (API: copyLinks, safeLinks)"],
  [
    { copyLinks: true, copyUnsafeLinks: true },
    "--copy-links with --copy-unsafe-links (API: copyLinks, copyUnsafeLinks)",
  ],
  [
    { copyUnsafeLinks: true, safeLinks: true },
    "--copy-unsafe-links with --safe-links (API: copyUnsafeLinks, safeLinks)",
  ],
  [{ keepDirlinks: true, delete: true }, "--keep-dirlinks with --delete (API: keepDirlinks, delete)"],
  [{ inplace: true, delayUpdates: true }, "--inplace with --delay-updates (API: inplace, delayUpdates)"],
  [{ inplace: true, update: true }, "--inplace with --update (API: inplace, update)"],
  [{ append: true, appendVerify: true }, "--append with --append-verify (API: append, appendVerify)"],
  [{ append: true, inplace: true }, "--append with --inplace (API: append, inplace)"],
  [{ append: true, delayUpdates: true }, "--append with --delay-updates (API: append, delayUpdates)"],
  [
    { appendVerify: true, delayUpdates: true },
    "--append-verify with --delay-updates (API: appendVerify, delayUpdates)",
  ],
  [{ append: true, update: true }, "--append with --update (API: append, update)"],
  [{ appendVerify: true, update: true }, "--append-verify with --update (API: appendVerify, update)"],
  [{ delta: true, inplace: true }, "--delta with --inplace (API: delta, inplace)"],
  [{ delta: true, append: true }, "--delta with --append (API: delta, append)"],
  [{ delta: true, appendVerify: true }, "--delta with --append-verify (API: delta, appendVerify)"],
  [{ fuzzy: true }, "--fuzzy without --delta (API: fuzzy, delta)"],
  [{ chown: "a", usermap: "b:c" }, "--chown with --usermap (API: chown, usermap)"],
  [{ chown: ":a", groupmap: "b:c" }, "--chown with --groupmap (API: chown, groupmap)"],
  [{ chown: "a", owner: false }, "--chown with --no-owner (API: chown, owner: false)"],
  [{ groupmap: "a:b", group: false }, "--groupmap with --no-group (API: groupmap, group: false)"],
];

/** Texts that are not understood, and what is said of them. */
const UNREADABLE: readonly (readonly [MirrorOptions, string])[] = [
  [{ chmod: "u+w,64x" }, 'Cannot use chmod "64x": it must be like D755, F644 or ug+rwX'],
  [{ chown: "a:b:c" }, 'Cannot use chown "a:b:c": it must be USER, USER:GROUP or :GROUP'],
  [{ chown: ":" }, 'Cannot use chown ":": it must be USER, USER:GROUP or :GROUP'],
  [{ usermap: "a" }, 'Cannot use usermap "a": it must be FROM:TO'],
  [{ groupmap: "a:b,c:" }, 'Cannot use groupmap "c:": it must be FROM:TO'],
  [{ usermap: "1-:3" }, 'Cannot use usermap "1-:3": a range has a number at both ends'],
  [{ usermap: "0:4294967295" }, 'Cannot use usermap "0:4294967295": numbers go up to 4294967294'],
];

describe("mirror()", () => {
  for (const [options, names] of CLASHES) {
    it(`refuses ${names}`, () => {
      assertThrows(() => mirror("a", "b", options), RangeError, `Cannot use ${names}: `);
    });
  }

  for (const [options, message] of UNREADABLE) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assertThrows(() => mirror("a", "b", options), RangeError, message);
    });
  }

  it("takes options that only look as if they clashed", () => {
    mirror("a", "b", { existing: true, ignoreExisting: true, delete: true });
    mirror("a", "b", { update: true, ignoreTimes: true, sizeOnly: false, checksum: false });
  });
});
