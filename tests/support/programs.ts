/**
 * The programs that tests compare with or need, and the Debian package that brings each.
 *
 * One list: the set-up installs from it, `requires()` looks programs up by it, and what is missing is named from it.
 */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { env } from "node:process";

/** Program by name, to its Debian package. */
export const DEBIAN_PACKAGES = {
  "b2sum": "coreutils",
  "b3sum": "b3sum",
  "chromium": "chromium",
  "cp": "coreutils",
  "getfacl": "acl",
  "getfattr": "attr",
  "git": "git",
  "md5sum": "coreutils",
  "mkfs.ext4": "e2fsprogs",
  "rdiff": "rdiff",
  "rsync": "rsync",
  "setfacl": "acl",
  "setfattr": "attr",
  "sha1sum": "coreutils",
  "sha256sum": "coreutils",
  "ssh": "openssh-client",
  "sshd": "openssh-server",
  "strace": "strace",
  "sudo": "sudo",
  "tmux": "tmux",
  "xxh128sum": "xxhash",
  "xxhsum": "xxhash",
} as const;

/** Name of a program that tests may require. */
export type Program = keyof typeof DEBIAN_PACKAGES;

/** All names in the list, in order. */
export const PROGRAMS: readonly Program[] = Object.keys(DEBIAN_PACKAGES) as Program[];

/** Folders that hold programs for administrators; often not on an ordinary user's PATH. */
const ADMINISTRATORS_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** Returns the absolute path of a program, or `undefined` when it is not installed. */
export function findProgram(name: string, path: string = env["PATH"] ?? ""): string | undefined {
  const folders = [...path.split(delimiter), ...ADMINISTRATORS_FOLDERS];
  return folders.filter((folder) => folder !== "").map((folder) => join(folder, name)).find(isExecutable);
}

/** Returns the programs of the list that are not installed. */
export function missingPrograms(): Program[] {
  return PROGRAMS.filter((name) => findProgram(name) === undefined);
}

/** Returns the Debian packages that bring some programs, each once, in order. */
export function packagesOf(programs: readonly Program[]): string[] {
  return [...new Set(programs.map((name) => DEBIAN_PACKAGES[name]))].sort();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
