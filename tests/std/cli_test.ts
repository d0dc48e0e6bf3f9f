import { parseArgs } from "@std/cli";
import { assertEquals, describe, it } from "../support/test_api.ts";

describe("parseArgs()", () => {
  it("reads flags, values, repeated options and operands", () => {
    const args = ["-n", "--exclude", "*.map", "--exclude=tmp", "--no-perms", "src", "dst", "--", "-x"];
    const options = {
      boolean: ["dry-run", "perms"],
      string: ["exclude"],
      collect: ["exclude"],
      negatable: ["perms"],
      alias: { n: "dry-run" },
      "--": true,
    };
    const parsed = parseArgs(args, options);
    assertEquals(parsed["dry-run"], true);
    assertEquals(parsed["exclude"], ["*.map", "tmp"]);
    assertEquals(parsed["perms"], false);
    assertEquals(parsed._, ["src", "dst"]);
    assertEquals(parsed["--"], ["-x"]);
  });

  it("tells unknown options to a callback", () => {
    const unknown: string[] = [];
    parseArgs(["--known", "--nope"], {
      boolean: ["known"],
      unknown: (arg) => {
        unknown.push(arg);
        return false;
      },
    });
    assertEquals(unknown, ["--nope"]);
  });
});
