import { mirror, type MirrorOptions } from "../../mod.ts";
import { assertThrows, describe, it } from "../support/test_api.ts";

/** Options that make no sense together, and what is said of them. */
const CLASHES: readonly (readonly [MirrorOptions, string])[] = [
  [{ sizeOnly: true, ignoreTimes: true }, "--size-only with --ignore-times (API: sizeOnly, ignoreTimes)"],
  [{ sizeOnly: true, checksum: true }, "--size-only with --checksum (API: sizeOnly, checksum)"],
  [{ ignoreTimes: true, checksum: true }, "--ignore-times with --checksum (API: ignoreTimes, checksum)"],
];

describe("mirror()", () => {
  for (const [options, names] of CLASHES) {
    it(`refuses ${names}`, () => {
      assertThrows(() => mirror("a", "b", options), RangeError, `Cannot use ${names}: `);
    });
  }

  it("takes options that only look as if they clashed", () => {
    mirror("a", "b", { existing: true, ignoreExisting: true, delete: true });
    mirror("a", "b", { update: true, ignoreTimes: true, sizeOnly: false, checksum: false });
  });
});
