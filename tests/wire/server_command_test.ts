import { readArguments } from "../../lib/wire/argument_list.ts";
import { secludedArguments, serverArguments, type ServerCommand } from "../../lib/wire/server_command.ts";
import { assertEquals, describe, it } from "../support/test_api.ts";
import { plainDialect } from "./entry_arbitrary.ts";
import { readWhole } from "./wire.ts";

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

describe("secludedArguments()", () => {
  it("shows a shell nothing that a user wrote", () => {
    const path = "a b\n$(x)'\udcff";
    const { visible, secluded } = secludedArguments({ ...ARCHIVE, paths: [path, ""] });
    assertEquals(visible, ["--server", "--sender", "-slogDtpre.iLsfxCIvu"]);
    assertEquals(readWhole(secluded, readArguments), ["rsync", ".", path, "."]);
  });
});
