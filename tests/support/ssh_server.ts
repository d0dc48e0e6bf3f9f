/**
 * A real sshd on the loopback interface, for the user who runs the tests, with keys of its own: it reads nothing of the
 * user's configuration and writes nothing to it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { mustRun } from "./commands.ts";
import { findProgram } from "./programs.ts";
import { isRoot } from "./test_api.ts";
import type { Workspace } from "./workspace.ts";

const START_MS = 20_000;
const STEP_MS = 50;

/** A server that answers, and how it is reached. */
export interface SshServer {
  /** The remote shell: ssh with the keys of this server. */
  readonly shell: readonly string[];
  /** The same, without the machine's key being known. */
  readonly strangerShell: readonly string[];
  /** The same, with a key that is not accepted. */
  readonly wrongKeyShell: readonly string[];
  /** Where it listens. */
  readonly host: string;
  /** Port it listens on. */
  readonly port: number;
  /** Ends it, and every session. */
  stop(): void;
}

/**
 * Starts a server; commands run with the given shell profile.
 *
 * @param at Where its files are.
 * @param forcedCommand What is run instead of what a client asks for. @default {what the client asks for}
 */
export async function startSshServer(at: Workspace, forcedCommand?: string): Promise<SshServer> {
  const folder = at.directory("sshd");
  chmodSync(folder, 0o700);
  if (isRoot()) mkdirSync("/run/sshd", { recursive: true });
  for (const name of ["host", "client", "wrong"]) {
    mustRun("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", `${folder}/${name}`]);
  }
  const port = await freePort();
  writeFileSync(`${folder}/authorized`, readFileSync(`${folder}/client.pub`));
  const hostKey = readFileSync(`${folder}/host.pub`, "utf8").split(" ").slice(0, 2).join(" ");
  writeFileSync(`${folder}/known`, `[127.0.0.1]:${port} ${hostKey}\n`);
  writeFileSync(`${folder}/unknown`, "");
  writeFileSync(
    `${folder}/config`,
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${folder}/host
PidFile none
AuthorizedKeysFile ${folder}/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
${forcedCommand === undefined ? "" : `ForceCommand ${forcedCommand}`}
`,
  );
  const child = spawn(findProgram("sshd")!, ["-D", "-e", "-f", `${folder}/config`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (bytes) => said += String(bytes));
  await answering(child, port, () => said);
  const shellWith = (key: string, known: string) => [
    ...["ssh", "-F", "none", "-i", `${folder}/${key}`, "-o", `UserKnownHostsFile=${folder}/${known}`],
    ...["-o", "GlobalKnownHostsFile=none", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"],
    ...["-o", "StrictHostKeyChecking=yes", "-l", mustRun("id", ["-un"]).trim()],
  ];
  return {
    shell: shellWith("client", "known"),
    strangerShell: shellWith("client", "unknown"),
    wrongKeyShell: shellWith("wrong", "known"),
    host: "127.0.0.1",
    port,
    stop: () => void child.kill("SIGTERM"),
  };
}

/** A port that nobody listens on; the system does not give it to others at once. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function answering(child: ChildProcess, port: number, said: () => string): Promise<void> {
  for (let waited = 0; waited < START_MS; waited += STEP_MS) {
    if (child.exitCode !== null) throw new Error(`sshd ended with ${child.exitCode}: ${said()}`);
    if (await accepts(port)) return;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  child.kill("SIGKILL");
  throw new Error(`sshd does not answer: ${said()}`);
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
