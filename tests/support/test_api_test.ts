import {
  assertEquals,
  assertThrows,
  describe,
  it,
  type Machine,
  type Need,
  requiresOn,
  runtimeName,
} from "./test_api.ts";
import { existsSync } from "node:fs";
import { bunPackageName } from "./bun.ts";
import { findProgram, packagesOf, PROGRAMS } from "./programs.ts";
import { runtimeExecutable, RUNTIMES } from "./runtimes.ts";

function machine(has: readonly Need[], strict = false): Machine {
  return { strict, has: (need) => has.includes(need) };
}

describe("requires()", () => {
  it("skips nothing when all is there", () => {
    assertEquals(requiresOn(machine(["rsync", "root"]), ["rsync", "root"]), { skip: false });
  });

  it("names what is missing", () => {
    assertEquals(requiresOn(machine(["rsync"]), ["root", "rsync", "rdiff"]), { skip: "needs root, rdiff" });
  });

  it("fails on a strict machine, except for what no set-up can bring", () => {
    assertThrows(() => requiresOn(machine([], true), ["rsync"]), Error, "rsync must be there");
    assertThrows(() => requiresOn(machine([], true), ["root"]), Error, "root must be there");
    assertEquals(requiresOn(machine([], true), ["Bun"]), { skip: "needs Bun" });
  });
});

describe("runtimeName", () => {
  it("is the runtime that runs this test", () => {
    assertEquals(runtimeName, "Bun" in globalThis ? "bun" : "deno");
  });
});

describe("findProgram()", () => {
  it("finds a program on the PATH and nothing that is not there", () => {
    assertEquals(findProgram("sh")?.endsWith("/sh"), true);
    assertEquals(findProgram("no-such-program-anywhere"), undefined);
    assertEquals(findProgram("bin", "/usr"), undefined); // a folder is no program
  });
});

describe("packagesOf()", () => {
  it("names each package once", () => {
    assertEquals(packagesOf(["setfacl", "getfacl", "rsync"]), ["acl", "rsync"]);
    assertEquals(packagesOf(PROGRAMS).length, new Set(packagesOf(PROGRAMS)).size);
  });
});

describe("bunPackageName()", () => {
  it("follows the names that Bun publishes", () => {
    assertEquals(bunPackageName({ os: "linux", arch: "x64", musl: false }), "@oven/bun-linux-x64");
    assertEquals(bunPackageName({ os: "linux", arch: "arm64", musl: true }), "@oven/bun-linux-aarch64-musl");
    assertEquals(bunPackageName({ os: "darwin", arch: "arm64", musl: false }), "@oven/bun-darwin-aarch64");
    assertEquals(bunPackageName({ os: "win32", arch: "x64", musl: false }), "@oven/bun-windows-x64");
  });
});

describe("runtimeExecutable()", () => {
  for (const name of RUNTIMES) {
    it(`finds ${name} from either runtime`, () => {
      assertEquals(existsSync(runtimeExecutable(name)), true);
    });
  }
});
