/**
 * The first thing to run. With a source and a destination it mirrors the one to the other; without, it mirrors an
 * example tree into a temporary folder, changes a file, shows the plan of the next run and applies it.
 *
 *     npx -y deno@2.9.6 task start [SRC DST]
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { mirror, type MirrorReport, SyncError } from "undrift";

/** Makes a small tree to play with. */
function makeExample(folder: string): void {
  mkdirSync(join(folder, "photos", "2026"), { recursive: true });
  writeFileSync(join(folder, "notes.txt"), "first version\n");
  writeFileSync(join(folder, "old-draft.txt"), "not needed any more\n");
  writeFileSync(join(folder, "photos", "2026", "sea.jpg"), new Uint8Array(250_000).fill(7));
  symlinkSync("photos/2026/sea.jpg", join(folder, "latest.jpg"));
}

function say(report: MirrorReport): void {
  const { created, updated, deleted, files } = report.done;
  const milliseconds = Math.round(report.durationMs);
  console.log(
    `  ${report.outcome}: ${created} made, ${updated} replaced, ${deleted} removed; ` +
      `${files} files, ${report.copiedBytes} bytes, ${milliseconds} ms`,
  );
  for (const { message } of report.warnings) console.log(`  note: ${message}`);
  for (const { path, message } of report.failures) console.log(`  failed: ${path}: ${message}`);
}

async function showExample(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "undrift-example-"));
  const [source, destination] = [join(folder, "source"), join(folder, "copy")];
  makeExample(source);
  const task = mirror(source, destination, { delete: true });
  console.log("1. A first mirror of an example tree:");
  say(await task.run());

  writeFileSync(join(source, "notes.txt"), "second version, a little longer\n");
  rmSync(join(source, "old-draft.txt"));
  console.log("2. One file changed and one was removed; the plan of the next run:");
  const plan = await task.plan();
  for await (const { op, path, reasons } of plan) {
    console.log(`  ${op.padEnd(13)} ${path || "."} (${reasons.join(", ")})`);
  }

  console.log("3. Exactly this plan, applied:");
  say(await plan.apply());
  console.log(`\nLook at it: ${folder}`);
  console.log("Next: npx -y deno@2.9.6 task start SRC DST, or undrift mirror --help");
}

const [source, destination] = process.argv.slice(2);
try {
  if (source === undefined) await showExample();
  else if (destination === undefined) throw new SyncError("usage", "Cannot mirror: the destination is missing");
  else say(await mirror(source, destination).run());
} catch (thrown) {
  if (!(thrown instanceof SyncError)) throw thrown;
  console.error(`undrift: ${thrown.message}`);
  if (thrown.hint !== undefined) console.error(`hint: ${thrown.hint}`);
  process.exitCode = 1;
}
