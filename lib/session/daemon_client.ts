/**
 * What a client and a daemon say to each other before a session: greetings, which module, a password where one is asked
 * for, and arguments. The session follows on the same connection.
 *
 * @module
 */
import { encodeName } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import type { Duplex } from "../model/duplex.ts";
import {
  answerBytes,
  DAEMON_DIGESTS,
  type DaemonDigest,
  digestFor,
  encodeLine,
  formatAnswer,
  formatGreeting,
  type Greeting,
  parseDaemonLine,
  parseGreeting,
  readLine,
  settledVersion,
} from "../wire/daemon_text.ts";
import type { ProtocolVersion } from "../wire/dialect.ts";
import { WireInput } from "../wire/input.ts";
import { PEER_LIMITS } from "../wire/limits.ts";
import { daemonArguments, type ServerCommand } from "../wire/server_command.ts";

/** Who asks. */
export interface Credentials {
  /** Name of the user. */
  readonly user: string;
  /** The password; `undefined` when there is none. Asked for when the daemon asks. */
  password(): Promise<string | undefined>;
}

/** What is asked of a daemon. */
export interface DaemonRequest {
  /** A connection to it. */
  readonly duplex: Duplex;
  /** The version to speak at most. @default {32} */
  readonly version?: ProtocolVersion;
  /** Computes digests for passwords. */
  readonly digest: (name: DaemonDigest, bytes: Uint8Array) => Uint8Array;
  /** Hears of lines for people: the message of the day. @default {nobody} */
  readonly onText?: (line: string) => void;
}

/** A session that is to begin in a module. */
export interface ModuleRequest extends DaemonRequest {
  /** Name of the module. */
  readonly module: string;
  /** What the server is told; paths begin with the name of the module. */
  readonly command: ServerCommand;
  /** Who asks. @default {nobody in particular} */
  readonly credentials?: Credentials;
}

/** A module that is open. */
export interface OpenModule {
  /** The connection, on which the session comes next. */
  readonly duplex: Duplex;
  /** The version of the session. */
  readonly settledVersion: number;
}

/** A module as a daemon lists it. */
export interface ListedModule {
  /** Its name. */
  readonly name: string;
  /** What it is, in the words of whoever runs the daemon. */
  readonly comment: string;
}

/**
 * Opens a module, and starts a server in it.
 *
 * @param request What is asked.
 * @returns The connection, and the version that both speak.
 * @throws {SyncError} code `"connection"` when the daemon refuses or ends, code `"peer-protocol"` when it is none, code
 * `"usage"` when the path cannot be said to a daemon.
 */
export async function openModule(request: ModuleRequest): Promise<OpenModule> {
  const { duplex, module, command, credentials } = request;
  const sent = daemonArguments(command);
  const talk = new DaemonTalk(request);
  const theirs = await talk.greet();
  talk.say(module);
  for (;;) {
    const line = await talk.hear();
    if (line.kind === "ok") break;
    if (line.kind === "exit") throw talk.refused(`the module "${printable(module)}" was not opened`);
    if (line.kind === "text") request.onText?.(line.text);
    else if (line.kind === "authenticate") {
      talk.say(await answer(line.challenge, theirs, credentials, request));
    }
  }
  duplex.write(sent);
  return { duplex: talk.rest(), settledVersion: talk.version };
}

/**
 * Lists the modules of a daemon.
 *
 * @param request The daemon.
 * @returns The modules that it shows.
 * @throws {SyncError} code `"connection"` when it refuses or ends, code `"peer-protocol"` when it is none.
 */
export async function listModules(request: DaemonRequest): Promise<ListedModule[]> {
  const talk = new DaemonTalk(request);
  await talk.greet();
  talk.say("#list");
  const modules: ListedModule[] = [];
  try {
    for (;;) {
      const line = await talk.hear();
      if (line.kind === "exit") return modules;
      if (line.kind !== "text") throw talk.refused("it sends no list of modules");
      const [, name, comment] = /^(\S[^\t]*?) *\t(.*)$/.exec(line.text) ?? [];
      if (name === undefined || comment === undefined) request.onText?.(line.text);
      else modules.push({ name, comment });
    }
  } finally {
    request.duplex.close();
  }
}

/** The line of a user. */
async function answer(
  challenge: string,
  { digests }: Greeting,
  credentials: Credentials | undefined,
  { digest }: DaemonRequest,
): Promise<string> {
  const name = digestFor(challenge, digests);
  const password = await credentials?.password();
  if (credentials === undefined || password === undefined) {
    throw new SyncError("connection", "Cannot open the module: the daemon asks for a password", {
      hint: "set RSYNC_PASSWORD, or name a password file, and a user before the machine's name",
    });
  }
  if (name === undefined) throw new SyncError("peer-protocol", "Cannot answer the daemon: its digest is not known");
  return formatAnswer(credentials.user, digest(name, answerBytes(encodeName(password), challenge)));
}

/** Lines in both directions. */
class DaemonTalk {
  readonly #duplex: Duplex;
  readonly #input = new WireInput("the daemon's text");
  readonly #ours: Greeting;
  /** The version that both speak, once both have said theirs. */
  version = 0;
  #lines = 0;

  constructor({ duplex, version = 32 }: DaemonRequest) {
    this.#duplex = duplex;
    this.#ours = { version, subversion: 0, digests: DAEMON_DIGESTS };
  }

  async greet(): Promise<Greeting> {
    this.say(formatGreeting(this.#ours));
    const theirs = parseGreeting(await this.#line(), this.#input);
    this.version = settledVersion(this.#ours, theirs);
    return theirs;
  }

  say(line: string): void {
    const bytes = encodeName(line);
    if (bytes.length > PEER_LIMITS.daemonLine || /[\r\n\0]/.test(line)) {
      throw new SyncError("usage", `Cannot say "${printable(line)}" to a daemon: it must be one short line`);
    }
    this.#duplex.write(Uint8Array.of(...bytes, ...encodeLine("")));
  }

  /** The next line; what the daemon refuses is an error. */
  async hear() {
    const line = parseDaemonLine(await this.#line());
    if (line.kind === "error") throw this.refused(line.text);
    return line;
  }

  async #line(): Promise<string> {
    if (++this.#lines > PEER_LIMITS.daemonLines) throw this.#input.breach("the end of the daemon's text", "more lines");
    for (;;) {
      const line = this.#input.attempt(readLine);
      if (line !== undefined) return line;
      const bytes = await this.#duplex.read();
      if (bytes === undefined) throw this.refused("it ended the connection");
      this.#input.push(bytes);
    }
  }

  refused(why: string): SyncError {
    return new SyncError("connection", `Cannot use the daemon: ${printable(why)}`);
  }

  /** The connection with what came behind the text. */
  rest(): Duplex {
    const inner = this.#duplex;
    let early: Uint8Array | undefined = this.#input.some(this.#input.available).slice();
    return {
      ended: inner.ended,
      read: () => {
        const bytes = early;
        early = undefined;
        return bytes === undefined || bytes.length === 0 ? inner.read() : Promise.resolve(bytes);
      },
      write: (bytes) => inner.write(bytes),
      finish: () => inner.finish(),
      close: (reason) => inner.close(reason),
    };
  }
}
