/** Errors of the operating system as ours. */
import { assert, assertEquals, assertStrictEquals, describe, it } from "../support/test_api.ts";
import { SyncError } from "../../lib/errors.ts";
import { ERRNO, nodeError, systemError } from "../../lib/os/system_error.ts";

describe("systemError()", () => {
  it("gives every known number a code, words and its name", () => {
    for (const [name, number] of Object.entries(ERRNO)) {
      const error = systemError("open", "a\n", number);
      assert(error.message.startsWith('Cannot open "a\\n": ') && error.message.endsWith(`(${name})`), error.message);
      assertEquals(error.path, "a\n");
    }
  });

  it("says the number when it is not known", () => {
    const error = systemError("open", "", 4095);
    assertEquals([error.code, error.message], ["io", "Cannot open the directory: error 4095"]);
  });
});

describe("nodeError()", () => {
  it("reads the name of the error", () => {
    const error = nodeError("open", "f", Object.assign(new Error("x"), { code: "ENOSPC" }));
    assertEquals([error.code, error.path], ["no-space", "f"]);
  });

  it("returns an error that is ours already", () => {
    const error = new SyncError("drift", "x");
    assertStrictEquals(nodeError("open", "f", error), error);
  });

  it("escapes a message it does not know", () => {
    const error = nodeError("open", "f", new Error("bad \x1b[2J"));
    assertEquals([error.code, error.message], ["io", 'Cannot open "f": bad \\x1b[2J']);
    assertEquals(nodeError("open", "f", Object.assign(new Error("x"), { code: "toString" })).code, "io");
    assertEquals(nodeError("open", "f", "text").message, 'Cannot open "f": text');
  });
});
