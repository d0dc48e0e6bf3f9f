/** The error class. */
import { assert, assertEquals, assertInstanceOf, assertStrictEquals, describe, it } from "./support/test_api.ts";
import { asSyncError, atPath, SyncError } from "../lib/errors.ts";

describe("SyncError", () => {
  it("carries what a program branches on", () => {
    const cause = new Error("underneath");
    const error = new SyncError("no-space", "Cannot write", { path: "a", hint: "free some", cause });
    assertInstanceOf(error, Error);
    assertEquals([error.name, error.code, error.path, error.hint], ["SyncError", "no-space", "a", "free some"]);
    assertStrictEquals(error.cause, cause);
  });

  it("has no cause when none is given", () => {
    const error = new SyncError("io", "Cannot read");
    assert(!("cause" in error));
    assertEquals([error.path, error.hint], [undefined, undefined]);
  });
});

describe("asSyncError()", () => {
  it("returns the same error when it is one already", () => {
    const error = new SyncError("io", "x");
    assertStrictEquals(asSyncError(error), error);
  });

  it("makes a foreign error an internal one", () => {
    const cause = new TypeError("bad");
    const error = asSyncError(cause);
    assertEquals([error.code, error.message], ["internal", "bad"]);
    assertStrictEquals(error.cause, cause);
    assertEquals(asSyncError("text").message, "text");
  });
});

describe("atPath()", () => {
  it("keeps all but the path", () => {
    const before = new SyncError("io", "Cannot read", { path: "b", hint: "h", cause: 1 });
    const after = atPath(before, "a/b");
    assertEquals([after.code, after.message, after.path, after.hint, after.cause], [
      "io",
      "Cannot read",
      "a/b",
      "h",
      1,
    ]);
  });

  it("says the whole path in the message, too, escaped", () => {
    const error = new SyncError("io", 'Cannot write "b\\n": it is full of "b\\n"', { path: "b\n" });
    assertEquals(atPath(error, "a/b\n").message, 'Cannot write "a/b\\n": it is full of "b\\n"');
    const own = new SyncError("permission", "Cannot list the directory: permission denied", { path: "" });
    assertEquals(atPath(own, "a/$&").message, 'Cannot list directory "a/$&": permission denied');
    assertEquals(atPath(own, "").message, own.message);
  });
});
