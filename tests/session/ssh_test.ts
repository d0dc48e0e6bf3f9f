import { writeFileSync } from "node:fs";
import { NUMERIC_IDS } from "../../lib/session/entry_conversion.ts";
import { remoteCommand } from "../../lib/transport/remote_shell.ts";
import { startSubprocess } from "../../lib/transport/subprocess.ts";
import { secludedArguments } from "../../lib/wire/server_command.ts";
import { mustRun } from "../support/commands.ts";
import { startSshServer } from "../support/ssh_server.ts";
import { assertEquals, describe, it, requires } from "../support/test_api.ts";
import { withWorkspace } from "../support/workspace.ts";
import { archiveCommand } from "./peers.ts";
import { pulledFrom } from "./pulled.ts";

describe("pull() over ssh", () => {
  it("brings paths of any name intact", requires("rsync", "ssh", "sshd"), () =>
    withWorkspace(async (at) => {
      const server = await startSshServer(at);
      try {
        const names = ["plain", "$(id) 'x' \"y\"; &", "new\nline", "we[i]rd*?", "back\\slash", "-rf", "\udcff bytes"];
        for (const name of names) {
          mustRun("rm", ["-rf", "from", "to"], { cwd: at.path });
          mustRun("mkdir", ["from", "to"], { cwd: at.path });
          // A name that is no UTF-8 is made by a shell.
          mustRun("bash", [
            "-c",
            'name=$(printf -- "$0"; echo .); mkdir -- "${name%.}"; cd -- "${name%.}"; echo "$1" > in',
            shown(name),
            "text",
          ], {
            cwd: at.at("from"),
          });
          writeFileSync(at.at("from/other"), "");
          const command = archiveCommand({ paths: [`${at.at("from")}/${name}/`] });
          const { visible, secluded } = secludedArguments(command);
          const duplex = startSubprocess({ command: remoteCommand(server, { shell: server.shell }, visible) });
          const { failures, report } = await pulledFrom(duplex, secluded, {
            to: at.at("to"),
            version: 32,
            checksums: ["md5"],
            ids: NUMERIC_IDS,
            command,
          });
          assertEquals([failures, report.files, report.end.exitCode], [[], 1, 0], name);
          assertEquals(mustRun("cat", ["to/in"], { cwd: at.path }), "text\n");
        }
      } finally {
        server.stop();
      }
    }));
});

/** A name as printf takes it. */
function shown(name: string): string {
  return name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\udcff", "\\xff").replaceAll("%", "%%");
}
