/** A real rsync daemon on the loopback interface, for the user who runs the tests, with a configuration of its own. */
import { spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { findProgram } from "./programs.ts";
import { freePort } from "./ssh_server.ts";
import type { Workspace } from "./workspace.ts";

const START_MS = 20_000;
const STEP_MS = 30;

/** A daemon that answers. */
export interface RsyncDaemon {
  /** Where it listens. */
  readonly host: string;
  /** Port it listens on. */
  readonly port: number;
  /** Ends it. */
  stop(): void;
}

/**
 * Starts a daemon.
 *
 * @param at Where its files are.
 * @param modules The modules of its configuration; `%s` in it is the file of secrets, in which joe has the password pw.
 */
export async function startRsyncDaemon(at: Workspace, modules: string): Promise<RsyncDaemon> {
  const port = await freePort();
  const [config, secrets, motd] = ["daemon.conf", "daemon.secrets", "daemon.motd"].map((name) => at.at(name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(secrets, "joe:pw\n");
  chmodSync(secrets, 0o600);
  writeFileSync(motd, "Welcome\n");
  writeFileSync(
    config,
    `port = ${port}\naddress = 127.0.0.1\nuse chroot = no\nmotd file = ${motd}\nlog file = ${at.at("daemon.log")}\n` +
      `pid file = ${at.at("daemon.pid")}\n${modules.replaceAll("%s", secrets)}`,
  );
  const child = spawn(findProgram("rsync")!, ["--daemon", "--no-detach", `--config=${config}`], { stdio: "ignore" });
  for (let waited = 0; !(await accepts(port)); waited += STEP_MS) {
    if (child.exitCode !== null || waited > START_MS) {
      throw new Error(`rsync --daemon does not answer: ${child.exitCode}`);
    }
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  return { host: "127.0.0.1", port, stop: () => void child.kill("SIGTERM") };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}
