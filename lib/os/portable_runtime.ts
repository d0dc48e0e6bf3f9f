/**
 * What `node:fs` can do under the runtime and platform of this process, and how names, errors and results pass through
 * it. Found by trial (Deno 2.9.6, Bun 1.4.5): Deno cuts times to milliseconds and turns bytes that are not UTF-8 into
 * U+FFFD, both ways; Bun keeps nanoseconds when it reads and takes names as bytes.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import { encodeName, isUnicodeName } from "../bytes/name.ts";
import { printable } from "../bytes/printable.ts";
import { SyncError } from "../errors.ts";
import type { Capabilities } from "../model/capabilities.ts";
import { nodeError } from "./system_error.ts";

/** Platforms that `node:fs` differs on. */
export type Platform = "linux" | "darwin" | "windows" | "other";

/** The platform of this process. Reading it needs no permission. */
export const PLATFORM: Platform = platformNamed(process.platform);

/** Whether `node:fs` takes and gives names as bytes. */
export const BYTE_NAMES: boolean = "Bun" in globalThis && PLATFORM === "linux";

/** Step of the times that come back as they were set, in nanoseconds. */
export const TIME_STEP: number = "Bun" in globalThis ? 1_000 : 1_000_000;

// Windows reads these as part of a path, of a stream or of a device, so they would leave the directory.
// deno-lint-ignore no-control-regex
const WINDOWS_UNSAFE_REGEXP = /[\x00-\x1f<>:"\\|?*]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

function platformNamed(name: string): Platform {
  if (name === "win32") return "windows";
  return name === "linux" || name === "darwin" ? name : "other";
}

/** What every portable tree of this process offers. Asking Deno for the user may be refused; then nobody is privileged. */
export function portableCapabilities(): Capabilities {
  return {
    layer: "portable",
    confined: false,
    byteNames: BYTE_NAMES,
    timeStepNanoseconds: TIME_STEP,
    privileged: allowed(() => process.getuid?.() === 0, false),
    groups: allowed(() => process.getgroups?.() ?? [], []),
    hardLinks: PLATFORM !== "windows",
    specials: false,
    holes: false,
    xattrs: false,
    kernelCopy: false,
    threads: false,
  };
}

function allowed<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}

/**
 * Whether the system may be asked about its file systems. Deno would ask the user, who did not ask for that.
 *
 * @returns `false` when Deno was started without the permission.
 */
export function mayAskSystem(): boolean {
  const globals = globalThis as { Deno?: DenoPermissions; Bun?: unknown };
  if (globals.Bun !== undefined || globals.Deno === undefined) return true;
  return globals.Deno.permissions.querySync({ name: "sys", kind: "statfs" }).state === "granted";
}

interface DenoPermissions {
  readonly permissions: { querySync(descriptor: { name: "sys"; kind: string }): { readonly state: string } };
}

/**
 * The form in which `node:fs` takes a path or the target of a symlink.
 *
 * @param path Text with escaped bytes.
 * @param name What an error is about.
 * @returns The same text, or its bytes where it is not UTF-8.
 * @throws {SyncError} code `"name-not-representable"` when this runtime cannot pass it on.
 */
export function systemPath(path: string, name: string): string | Buffer {
  if (isUnicodeName(path)) return path;
  if (BYTE_NAMES) return Buffer.from(encodeName(path));
  throw notRepresentable(name, "it is not UTF-8, which only the native layer can handle");
}

/**
 * Path of an entry.
 *
 * @param directory Path of its directory.
 * @param name Its name there.
 * @returns Both joined.
 */
export function joinPath(directory: string, name: string): string {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

/**
 * Checks that a name is a single name on this platform, so that no call can leave its directory by it.
 *
 * @param name Name of an entry.
 * @param platform Whose rules count.
 * @throws {SyncError} code `"path-escape"` or, for what only Windows refuses, `"name-not-representable"`.
 */
export function checkName(name: string, platform: Platform = PLATFORM): void {
  if (name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0")) {
    throw new SyncError("path-escape", `Cannot use name "${printable(name)}": it must be a single name`, {
      path: name,
    });
  }
  if (platform === "windows" && WINDOWS_UNSAFE_REGEXP.test(name)) {
    throw notRepresentable(name, "Windows does not allow it");
  }
}

/**
 * The error for a name that exists, or should, and that `node:fs` cannot address.
 *
 * @param name The name as far as it is known.
 * @param why The reason in words.
 * @returns An error with code `"name-not-representable"`.
 */
export function notRepresentable(name: string, why: string): SyncError {
  return new SyncError("name-not-representable", `Cannot use name "${printable(name)}": ${why}`, { path: name });
}

/**
 * The error for an exception of `node:fs`; what Deno's permissions refused is told apart.
 *
 * @param verb What was attempted.
 * @param name Name of the entry.
 * @param thrown What was thrown.
 * @returns The failure with our code.
 */
export function portableError(verb: string, name: string, thrown: unknown): SyncError {
  if (!(thrown instanceof Error) || thrown.name !== "NotCapable") return nodeError(verb, name, thrown);
  const what = name === "" ? "the directory" : `"${printable(name)}"`;
  return new SyncError("permission", `Cannot ${verb} ${what}: Deno was started without the permission`, {
    path: name,
    hint: printable(thrown.message),
    cause: thrown,
  });
}

/**
 * Runs a call of `node:fs`, again when a signal interrupted it, and translates what it throws.
 *
 * @param verb What is attempted.
 * @param name Name of the entry.
 * @param call The call.
 * @returns What the call returns.
 * @throws {SyncError} what the file system answered.
 */
export function attempt<T>(verb: string, name: string, call: () => T): T {
  for (;;) {
    try {
      return call();
    } catch (thrown) {
      if (!hasErrorName(thrown, "EINTR")) throw portableError(verb, name, thrown);
    }
  }
}

/** Whether something thrown carries an error name of the operating system. */
export function hasErrorName(thrown: unknown, name: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === name;
}
