/**
 * A folder for trees with everything in them: in memory where the system offers that, since the tests make thousands of
 * files; and removed by a program that copes with any path and any permissions.
 */
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun, runCommand } from "./commands.ts";
import { isRoot } from "./test_api.ts";

/** A folder and how it goes away. */
export interface Workspace {
  /** Its absolute path; every user may pass through it. */
  readonly path: string;
  /** Path of something in it. */
  at(name: string): string;
  /** Makes a directory in it. */
  directory(name: string): string;
  /** Mounts something in it, until the end. */
  mount(name: string, ...args: string[]): string;
  /** Makes a file system in a file of a size by a command, and mounts it, until the end. */
  loop(name: string, size: string, mkfs: readonly string[]): string;
  /** Unmounts and removes everything. */
  remove(): void;
}

/** Makes an empty folder; `onDisk` puts it where ordinary temporary files are. */
export function workspace(where: "memory" | "onDisk" = "memory"): Workspace {
  const memory = "/dev/shm";
  const path = mkdtempSync(join(where === "memory" && existsSync(memory) ? memory : tmpdir(), "undrift-test-"));
  const mounts: string[] = [];
  mustRun("chmod", ["755", path]);
  return {
    path,
    at: (name) => join(path, name),
    directory(name) {
      mkdirSync(join(path, name), { recursive: true });
      return join(path, name);
    },
    mount(name, ...args) {
      const at = this.directory(name);
      mustRun("mount", [...args, at]);
      mounts.push(at);
      return at;
    },
    loop(name, size, [program = "", ...args]) {
      const image = join(path, `${name}.image`);
      mustRun("truncate", ["-s", size, image]);
      mustRun(program, [...args, image]);
      return this.mount(name, "-o", "loop", image);
    },
    remove() {
      for (const at of mounts.reverse()) mustRun("umount", ["--lazy", at]);
      if (!isRoot()) runCommand("chmod", ["-R", "u+rwx", path]);
      mustRun("rm", ["-rf", path]);
    },
  };
}

/** Runs a test in a workspace that is removed afterwards, whatever happens. */
export async function withWorkspace(
  body: (at: Workspace) => void | Promise<void>,
  where: "memory" | "onDisk" = "memory",
): Promise<void> {
  const space = workspace(where);
  try {
    await body(space);
  } finally {
    space.remove();
  }
}
