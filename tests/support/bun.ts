/**
 * Finds the Bun executable that the installed npm packages bring.
 *
 * `node_modules/.bin/bun` is no use: it is a placeholder which the `bun` package replaces in its postinstall script,
 * and Deno runs no such scripts. The executable is in the platform's own package, which every installer fetches.
 */
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { arch, platform } from "node:process";

/** What decides which of Bun's packages fits a machine. */
export interface BunPlatform {
  /** As in `process.platform`. */
  readonly os: string;
  /** As in `process.arch`. */
  readonly arch: string;
  /** Whether the C library is musl. Only Linux has the choice. */
  readonly musl: boolean;
}

/** The platform of this process. */
export function thisPlatform(): BunPlatform {
  return { os: platform, arch, musl: platform === "linux" && usesMusl() };
}

/** Returns the name of the npm package that holds Bun for a platform, `@oven/bun-linux-x64` for example. */
export function bunPackageName(on: BunPlatform): string {
  const os = on.os === "win32" ? "windows" : on.os;
  const cpu = on.arch === "arm64" ? "aarch64" : on.arch;
  return `@oven/bun-${os}-${cpu}${on.musl ? "-musl" : ""}`;
}

/**
 * Returns the absolute path of the Bun executable below a project's `node_modules`.
 *
 * @throws {Error} when Bun's package for this platform is not installed
 */
export function findBun(projectRoot: string, on: BunPlatform = thisPlatform()): string {
  const name = bunPackageName(on);
  const bun = realpathOr(join(projectRoot, "node_modules", "bun")); // a link in a layout made by Deno
  const fromBun = createRequire(join(bun, "package.json"));
  try {
    const folder = join(fromBun.resolve(`${name}/package.json`), "..");
    return join(folder, "bin", on.os === "win32" ? "bun.exe" : "bun");
  } catch (cause) {
    throw new Error(`Cannot find Bun: package "${name}" is not installed, run "deno install"`, { cause });
  }
}

function usesMusl(): boolean {
  if (!existsSync("/lib")) return false;
  const loaders = readdirSync("/lib").filter((name) => name.startsWith("ld-musl-"));
  return loaders.length > 0 && !existsSync("/lib64/ld-linux-x86-64.so.2") && !existsSync("/lib/ld-linux-aarch64.so.1");
}

function realpathOr(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}
