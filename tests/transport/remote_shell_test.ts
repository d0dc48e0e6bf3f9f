/** The command that reaches another machine. */
import fc from "fast-check";
import { SyncError } from "../../lib/errors.ts";
import { parseRemoteShell, quoted, remoteCommand } from "../../lib/transport/remote_shell.ts";
import { mustRun } from "../support/commands.ts";
import { assertEquals, assertThrows, describe, it } from "../support/test_api.ts";

const SERVER = ["--server", "-slogDtpre.iLsfxCIvu"];

describe("remoteCommand()", () => {
  it("is ssh with a connection of its own, and the words of the server", () => {
    const command = remoteCommand({ host: "web1", user: "me", port: 2222 }, { connectTimeout: 7.5 }, SERVER);

    assertEquals(command[0], "ssh");
    assertEquals(command.slice(-6), ["-l", "me", "web1", "rsync", ...SERVER]);
    for (const word of ["ConnectTimeout=8", "ControlMaster=no", "-T"]) assertEquals(command.includes(word), true, word);
  });

  it("tells another remote shell nothing that only ssh knows", () => {
    const shell = ["jump", "--via", "x y"];
    assertEquals(remoteCommand({ host: "web1" }, { shell, rsyncPath: "sudo rsync", connectTimeout: 3 }, SERVER), [
      ...shell,
      ...["web1", "sudo rsync", ...SERVER],
    ]);
  });

  it("takes no name for an option", () => {
    for (const endpoint of [{ host: "-oProxyCommand=x" }, { host: "a", user: "-x" }, { host: "" }, { host: "a\nb" }]) {
      const error = assertThrows(() => remoteCommand(endpoint, {}, SERVER), SyncError);
      assertEquals(error.code, "usage");
    }
  });
});

describe("quoted()", () => {
  it("leaves ordinary words alone", () => {
    assertEquals(SERVER.map(quoted), SERVER);
  });

  it("gives a shell any words as they are", () => {
    const word = fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replaceAll("\0", "")).filter((text) =>
      !/\p{Cs}/u.test(text)
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        const said = mustRun("sh", ["-c", `printf '%s\\0' ${words.map(quoted).join(" ")}`]);
        assertEquals(said, words.map((text) => `${text}\0`).join(""));
      }),
      { numRuns: 50 },
    );
  });
});

describe("parseRemoteShell()", () => {
  it("divides at spaces outside of quotes", () => {
    assertEquals(parseRemoteShell("ssh -p 2222"), ["ssh", "-p", "2222"]);
    assertEquals(parseRemoteShell(`  ssh  -i "my key" -o'A B'C ''`), ["ssh", "-i", "my key", "-oA BC", ""]);
    assertEquals(parseRemoteShell(`x "say ""hi""" 'it''s'`), ["x", `say "hi"`, "it's"]);
    assertEquals(parseRemoteShell("x $HOME *"), ["x", "$HOME", "*"]);
  });

  it("refuses what is empty or open", () => {
    for (const text of ["", "  ", `ssh "x`, "ssh 'x"]) {
      assertEquals(assertThrows(() => parseRemoteShell(text), SyncError).code, "usage");
    }
  });
});
