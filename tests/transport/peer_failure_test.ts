/** Why a session did not begin: what real shells, ssh and stand-ins for rsync say, and what is made of it. */
import type { Duplex } from "../../lib/model/duplex.ts";
import type { SyncError } from "../../lib/errors.ts";
import { explainStart, wayOfEnding } from "../../lib/transport/peer_failure.ts";
import { remoteCommand } from "../../lib/transport/remote_shell.ts";
import { startSubprocess } from "../../lib/transport/subprocess.ts";
import { freePort, type SshServer, startSshServer } from "../support/ssh_server.ts";
import { after, assertEquals, assertStringIncludes, before, describe, it, requires } from "../support/test_api.ts";
import { type Workspace, workspace } from "../support/workspace.ts";

async function explained(command: readonly string[], peer = "web1"): Promise<SyncError> {
  const duplex: Duplex = startSubprocess({ command });
  const received = await duplex.read() ?? new Uint8Array();
  return explainStart({ peer, command, end: await duplex.ended, received });
}

function assertTells(error: SyncError, code: SyncError["code"], message: string, hint: string): void {
  assertEquals(error.code, code, error.message);
  assertStringIncludes(error.message, message);
  assertStringIncludes(error.hint ?? "", hint);
}

const sh = (script: string) => ["sh", "-c", script];

describe("explainStart()", () => {
  it("tells a remote shell that is not there", async () => {
    assertTells(await explained(["/nowhere/ssh", "web1"]), "connection", `Cannot start "/nowhere/ssh"`, "--rsh");
  });

  it("tells a machine without rsync", async () => {
    assertTells(await explained(sh("no-such-rsync --server")), "connection", "it is not there", "--rsync-path");
    assertTells(await explained(sh("/etc/passwd --server")), "connection", "may not be executed", "--rsync-path");
  });

  it("tells a login script that prints", async () => {
    const error = await explained(sh("printf 'Welcome to \\033[1mweb1\\n'"));
    assertTells(error, "peer-protocol", 'something else said "Welcome to \\x1b[1mweb1" first', "ssh HOST true");
    assertTells(await explained(sh("printf hi")), "peer-protocol", 'said "hi" first', "login scripts");
  });

  it("tells an rsync that is too old, and openrsync", async () => {
    assertTells(await explained(sh("printf '\\033\\0\\0\\0'")), "peer-protocol", "protocol 27 (openrsync", "rsync 3.0");
    assertTells(await explained(sh("printf '\\034\\0\\0\\0'")), "peer-protocol", "protocol 28 (an rsync", "rsync 3.0");
  });

  it("tells how else it ended, with its last words", async () => {
    const error = await explained(sh("echo first >&2; echo 'rsync error: \\033x' >&2; exit 1"));
    assertTells(
      error,
      "connection",
      "code 1 (it does not understand its command line): first; rsync error: \\x1bx",
      "",
    );
    assertTells(await explained(sh("kill -9 $$")), "connection", "it was ended by SIGKILL", "");
    assertEquals(wayOfEnding({ words: "" }), "it closed the connection");
  });

  it("has nothing to explain where rsync answered", async () => {
    const error = await explained(sh("printf '\\040\\0\\0\\0'; exit 12"));
    assertTells(error, "connection", "code 12 (the connection ended in the middle", "");
  });
});

describe("explainStart() with a real ssh", () => {
  let at: Workspace;
  let server: SshServer;
  let silent: SshServer;
  before(async () => {
    at = workspace();
    server = await startSshServer(at);
  });
  after(() => {
    server?.stop();
    silent?.stop();
    at?.remove();
  });
  const reach = (shell: readonly string[], args: readonly string[], rsyncPath = "rsync", port = server.port) =>
    remoteCommand({ host: "127.0.0.1", port }, { shell, rsyncPath, connectTimeout: 20 }, args);

  it("is reached, and answers with its version", requires("ssh", "sshd", "rsync"), async () => {
    const duplex = startSubprocess({ command: reach(server.shell, ["--server", "--sender", "-e.LsfxCIvu", ".", "/"]) });
    const version = (await duplex.read())?.subarray(0, 4);
    assertEquals(version, Uint8Array.of(32, 0, 0, 0));
    duplex.close();
    await duplex.ended;
  });

  it("hands words over that a shell would divide and expand", requires("ssh", "sshd"), async () => {
    const words = ["a b", "$(id)", "'\"`", "*", "", "\n", "-n", "ä\t"];
    const duplex = startSubprocess({ command: reach(server.shell, words, "printf '[%s]'") });
    let said = "";
    for (let part = await duplex.read(); part !== undefined; part = await duplex.read()) {
      said += new TextDecoder().decode(part);
    }
    assertEquals(said, words.map((word) => `[${word}]`).join(""));
    assertEquals((await duplex.ended).exitCode, 0);
  });

  it("tells a key of the machine that is not known", requires("ssh", "sshd"), async () => {
    const error = await explained(reach(server.strangerShell, ["--server"]));
    assertTells(error, "connection", "Host key verification failed", "known_hosts");
  });

  it("tells a user who is not let in", requires("ssh", "sshd"), async () => {
    assertTells(await explained(reach(server.wrongKeyShell, ["--server"])), "connection", "Permission denied", "key");
  });

  it("tells a port where nobody listens", requires("ssh", "sshd"), async () => {
    const port = await freePort();
    const error = await explained(reach(server.shell, ["--server"], "rsync", port));
    assertTells(error, "connection", "Connection refused", "check the port");
  });

  it("tells a machine without rsync", requires("ssh", "sshd"), async () => {
    const error = await explained(reach(server.shell, ["--server"], "no-such-rsync"));
    assertTells(error, "connection", "it is not there", "--rsync-path");
  });

  it("tells a login that prints", requires("ssh", "sshd"), async () => {
    silent = await startSshServer(workspaceIn(at), "echo Have a nice day");
    const error = await explained(reach(silent.shell, ["--server"], "rsync", silent.port));
    assertTells(error, "peer-protocol", "Have a nice day", "login scripts");
  });
});

/** A second server in the same workspace. */
function workspaceIn(at: Workspace): Workspace {
  return { ...at, directory: (name) => at.directory(`second/${name}`) };
}
