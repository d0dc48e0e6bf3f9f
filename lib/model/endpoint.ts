/**
 * Where a tree is: here, on a machine that a remote shell reaches, or in a module of an rsync daemon. Text is parsed
 * once, at the edge; an endpoint that is given as a value is never taken apart as text.
 *
 * @module
 */
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";

/** A tree of this machine. */
export interface LocalEndpoint {
  /** Tells the kinds apart. */
  readonly kind: "local";
  /** Its path. */
  readonly path: string;
}

/** A tree that is reached through a remote shell, where rsync is started for it. */
export interface ShellEndpoint {
  /** Tells the kinds apart. */
  readonly kind: "shell";
  /** Name or address of the machine, as the remote shell knows it. */
  readonly host: string;
  /** Who logs in. @default {the remote shell decides} */
  readonly user?: string;
  /** Port of the remote shell. @default {the remote shell decides} */
  readonly port?: number;
  /** Path there; relative to the home directory when it does not begin with a slash. */
  readonly path: string;
}

/** A tree in a module of an rsync daemon. */
export interface DaemonEndpoint {
  /** Tells the kinds apart. */
  readonly kind: "daemon";
  /** Name or address of the machine. */
  readonly host: string;
  /** Who asks. @default {nobody in particular} */
  readonly user?: string;
  /** Port of the daemon. @default {873} */
  readonly port?: number;
  /** Name of the module; empty when a list of modules is meant. */
  readonly module: string;
  /** Path in the module, without a slash before it. */
  readonly path: string;
}

/** Where a tree is. */
export type Endpoint = LocalEndpoint | ShellEndpoint | DaemonEndpoint;

/** The port of rsync daemons. */
export const DAEMON_PORT = 873;

const MOST_PORT = 65_535;
/** What comes before a path or a module: `user@host`, with an address of IPv6 in brackets. */
const AUTHORITY = /^(?:([^@/]*)@)?(\[[^\]/]*\]|[^:/@[\]]*)(?::(\d+))?$/;

/**
 * Reads where a tree is from text.
 *
 * `host:path`, `user@host:path` and `ssh://user@host:port/path` name a machine that a remote shell reaches;
 * `host::module/path` and `rsync://user@host:port/module/path` name a daemon. Everything else is a path of this machine,
 * and so is what has a slash before its first colon: `./a:b`.
 *
 * @param text What was given.
 * @returns The endpoint.
 * @throws {SyncError} code `"usage"` when the machine is not named as machines are.
 */
export function parseEndpoint(text: string): Endpoint {
  const url = /^(rsync|ssh):\/\/([^/]*)(?:\/(.*))?$/s.exec(text);
  if (url !== null) {
    const [, scheme, authority = "", rest = ""] = url;
    const at = parseAuthority(text, authority);
    if (scheme === "rsync") return { kind: "daemon", ...at, ...moduleOf(rest) };
    return { kind: "shell", ...at, path: rest.startsWith("~/") ? rest.slice(2) : `/${rest}` };
  }
  const [, before, colons, rest = ""] = /^((?:[^/:@]*@)?(?:\[[^\]/]*\]|[^/:[\]]*))(::?)(.*)$/s.exec(text) ?? [];
  if (before === undefined) return { kind: "local", path: text };
  const at = parseAuthority(text, before);
  return colons === "::" ? { kind: "daemon", ...at, ...moduleOf(rest) } : { kind: "shell", ...at, path: rest };
}

function parseAuthority(text: string, authority: string): Pick<ShellEndpoint, "host" | "user" | "port"> {
  const [, user, host = "", port] = AUTHORITY.exec(authority) ?? [];
  // What begins with a dash would be an option to the remote shell.
  if (host === "" || host === "[]" || host.startsWith("-") || user === "" || user?.startsWith("-") === true) {
    throw unusable(text, "it names no machine");
  }
  if (/\s|\p{Cc}/u.test(authority)) throw unusable(text, "the name of its machine has spaces or control characters");
  const number = port === undefined ? undefined : Number(port);
  if (number !== undefined && (number < 1 || number > MOST_PORT)) {
    throw unusable(text, `its port is not between 1 and ${MOST_PORT}`);
  }
  return {
    host: host.startsWith("[") ? host.slice(1, -1) : host,
    ...(user === undefined ? {} : { user }),
    ...(number === undefined ? {} : { port: number }),
  };
}

function moduleOf(rest: string): Pick<DaemonEndpoint, "module" | "path"> {
  const slash = rest.indexOf("/");
  return slash < 0 ? { module: rest, path: "" } : { module: rest.slice(0, slash), path: rest.slice(slash + 1) };
}

function unusable(text: string, why: string): SyncError {
  return new SyncError("usage", `Cannot understand "${printable(text)}": ${why}`, {
    hint: "write HOST:PATH, USER@HOST:PATH or rsync://HOST/MODULE/PATH; for a path of this machine put ./ before it",
  });
}

/**
 * Writes an endpoint for people; it can be parsed again.
 *
 * @param endpoint The endpoint.
 * @returns For example `"me@web1:/srv/site"`.
 */
export function formatEndpoint(endpoint: Endpoint): string {
  if (endpoint.kind === "local") return formatLocal(endpoint.path);
  const { host, user, port } = endpoint;
  const machine = `${user === undefined ? "" : `${user}@`}${host.includes(":") ? `[${host}]` : host}`;
  if (endpoint.kind === "shell") {
    if (port === undefined) return `${machine}:${endpoint.path}`;
    return `ssh://${machine}:${port}/${endpoint.path.startsWith("/") ? endpoint.path.slice(1) : `~/${endpoint.path}`}`;
  }
  const { module, path } = endpoint;
  return `rsync://${machine}${port === undefined ? "" : `:${port}`}/${module}${path === "" ? "" : `/${path}`}`;
}

/** A path that looks like a machine gets what makes it look like a path. */
function formatLocal(path: string): string {
  return /^[^/]*:/.test(path) ? `./${path}` : path;
}
