/** Temporary names are recognised, and nothing else is. */
import fc from "fast-check";
import { assert, assertEquals, describe, it } from "../support/test_api.ts";
import { encodeName } from "../../lib/bytes/name.ts";
import { isTemporaryName, TEMPORARY_PREFIX, temporaryName } from "../../lib/model/leftover.ts";
import { Listing } from "../../lib/model/listing.ts";

const run = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 12, maxLength: 12 });

/** Names that look nearly like temporary ones. Each could be a file of the user. */
const OTHERS = [
  ".undrift-",
  ".undrift-0123456789ab.tmp",
  ".undrift-0123456789ab-.tmp",
  ".undrift-0123456789ab-1.tmp.bak",
  ".undrift-0123456789ab-1.tmp\n",
  ".undrift-0123456789AB-1.tmp",
  ".undrift-0123456789a-1.tmp",
  ".undrift-0123456789abc-1.tmp",
  "undrift-0123456789ab-1.tmp",
  "x.undrift-0123456789ab-1.tmp",
  ".undrift-0123456789ab-1\udcff.tmp",
  "",
];

describe("isTemporaryName()", () => {
  it("recognises every name that temporaryName() makes", () => {
    fc.assert(fc.property(run, fc.nat(), (id, serial) => {
      const name = temporaryName(id, serial);
      assert(isTemporaryName(name) && name.startsWith(TEMPORARY_PREFIX));
      assert(name.length < 64);
    }));
    assert(isTemporaryName(temporaryName("0123456789ab", Number.MAX_SAFE_INTEGER)));
  });

  for (const name of OTHERS) {
    it(`leaves ${JSON.stringify(name)} alone`, () => assert(!isTemporaryName(name)));
  }
});

describe("Listing.isTemporary()", () => {
  it("agrees with isTemporaryName()", () => {
    const listing = new Listing();
    const names = [...OTHERS, temporaryName("0123456789ab", 7), "a", "."];
    for (const bytes of names.map(encodeName)) listing.add(bytes, 0, bytes.length);
    for (const [index, name] of names.entries()) {
      assertEquals(listing.isTemporary(index), isTemporaryName(name), JSON.stringify(name));
    }
  });
});
