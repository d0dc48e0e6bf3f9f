import { SyncError } from "../../lib/errors.ts";
import { readArguments } from "../../lib/wire/argument_list.ts";
import {
  daemonArguments,
  secludedArguments,
  serverArguments,
  type ServerCommand,
} from "../../lib/wire/server_command.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";
import { plainDialect } from "./entry_arbitrary.ts";
import { inputOf, readWhole } from "./wire.ts";

const { carried: PLAIN } = plainDialect();
const ARCHIVE: ServerCommand = {
  isSender: true,
  carried: { ...PLAIN, owners: true, groups: true, devices: true, specials: true },
  modes: true,
  times: true,
  recursive: true,
  isListed: false,
  offersIncremental: true,
  longOptions: [],
  paths: ["src/"],
};

describe("serverArguments()", () => {
  it("says what rsync -a says", () => {
    assertEquals(serverArguments(ARCHIVE), ["--server", "--sender", "-logDtpre.iLsfxCIvu", ".", "src/"]);
    assertEquals(serverArguments({ ...ARCHIVE, isSender: false, paths: ["dst/"] }), [
      "--server",
      "-logDtpre.iLsfxCIvu",
      ".",
      "dst/",
    ]);
  });

  it("says all else in the order of other clients", () => {
    const carried = {
      ...ARCHIVE.carried,
      hardLinks: true,
      acls: true,
      xattrs: true,
      accessTimes: true,
      checksums: true,
      numericIds: true,
      specials: false,
    };
    const command = { ...ARCHIVE, carried, isListed: true, offersIncremental: false, longOptions: ["--partial"] };
    assertEquals(serverArguments(command), [
      "--server",
      "--sender",
      "-nlHogDtUpAXrce.LsfxCIvu",
      "--no-specials",
      "--numeric-ids",
      "--partial",
      ".",
      "src/",
    ]);
  });
});

describe("paths", () => {
  it("are no options", () => {
    assertEquals(serverArguments({ ...ARCHIVE, paths: ["-rf/", "a-b"] }).slice(-3), [".", "./-rf/", "a-b"]);
  });
});

describe("secludedArguments()", () => {
  it("shows a shell nothing that a user wrote", () => {
    const path = "a b\n$(x)'\udcff";
    const { visible, secluded } = secludedArguments({ ...ARCHIVE, paths: [path, ""] });
    assertEquals(visible, ["--server", "--sender", "-slogDtpre.iLsfxCIvu"]);
    assertEquals(readWhole(secluded ?? new Uint8Array(0), readArguments), ["rsync", ".", path, "."]);
  });

  it("sends no path that a server would take for a pattern", () => {
    for (const path of ["a*", "a?", "a[b]"]) {
      const { visible, secluded } = secludedArguments({ ...ARCHIVE, paths: [path] });
      assertEquals([visible, secluded], [serverArguments({ ...ARCHIVE, paths: [path] }), undefined]);
    }
  });
});

describe("daemonArguments()", () => {
  it("says what is told at once, and then all else", () => {
    const input = inputOf(daemonArguments({ ...ARCHIVE, paths: ["pub/a[1]*\\x"] }));
    assertEquals(input.attempt(readArguments), ["--server", "--sender", "-slogDtpre.iLsfxCIvu"]);
    assertEquals(input.attempt(readArguments), ["rsync", ".", "pub/a\\[1\\]\\*\\\\x"]);
    assertEquals(input.available, 0);
  });

  it("pushes to no path that a daemon would take for a pattern", () => {
    const push = { ...ARCHIVE, isSender: false };
    daemonArguments({ ...push, paths: ["in/a\\x"] });
    assertEquals(assertThrows(() => daemonArguments({ ...push, paths: ["in/a*"] }), SyncError).code, "usage");
  });
});
