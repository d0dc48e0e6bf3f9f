/**
 * A program that swaps entries for symlinks and back, as fast as it can: `racer_program.ts FOLDER OUTSIDE NAME...`.
 * Each NAME in FOLDER is in turn what it was, a symlink to the same name in OUTSIDE, or not there at all.
 */
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // Somebody else changes the same names: that is the point.
  }
}

function swap(folder: string, outside: string, name: string): void {
  const at = join(folder, name);
  const [away, link] = [join(folder, `.away-${name}`), join(folder, `.link-${name}`)];
  if (!existsSync(link)) quietly(() => symlinkSync(join(outside, name), link));
  quietly(() => renameSync(at, away));
  quietly(() => renameSync(link, at));
  quietly(() => renameSync(at, link));
  quietly(() => renameSync(away, at));
  if (existsSync(at)) return;
  // A mirror may have replaced or removed what was aside.
  quietly(() => rmSync(at, { recursive: true, force: true }));
  quietly(() => mkdirSync(at));
}

if (import.meta.main) {
  const [folder = "", outside = "", ...names] = argv.slice(2);
  console.log("ready");
  for (;;) for (const name of names) swap(folder, outside, name);
}
