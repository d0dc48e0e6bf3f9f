import { SyncError } from "../../lib/errors.ts";
import { policyOf } from "../../lib/cli/policy_option.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

function complaint(value: string): string {
  const error = assertThrows(() => policyOf([value]), SyncError);
  assertEquals(error.code, "usage");
  return error.message;
}

describe("--on", () => {
  it("may be repeated, and its last word on a cause counts", () => {
    assertEquals(policyOf([]), {});
    assertEquals(policyOf(["vanished=ignore", "permission=warn", "vanished=fail"]), {
      vanished: "fail",
      permission: "warn",
    });
  });

  it("names the nearest cause or consequence", () => {
    const slip = "Cannot use --on vanish=ignore: there is no such cause; did you mean vanished?";
    assertEquals(complaint("vanish=ignore"), slip);
    assertEquals(complaint("permision=ignore").endsWith("; did you mean permission?"), true);
    assertEquals(
      complaint("io=wran"),
      "Cannot use --on io=wran: it must be ignore, warn or fail; did you mean io=warn?",
    );
    assertEquals(complaint("nonsense=warn").includes("causes are vanished, listed-missing, "), true);
  });

  it("needs both halves", () => {
    for (const value of ["io", "io=", "=warn", "", "io==warn", "io=warn=", "\x1b[0m=warn"]) {
      assertEquals(complaint(value).startsWith("Cannot use --on "), true);
      assertEquals(complaint(value).includes("\x1b"), false);
    }
  });

  it("cannot make light of want of space", () => {
    assertEquals(complaint("no-space=ignore"), "Cannot use --on no-space=ignore: want of space always fails");
  });
});
