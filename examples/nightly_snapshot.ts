/**
 * Takes a verified snapshot, thins out old ones, and tells how much was shared. Fails when a snapshot of an unchanged
 * disk turns out to be a full copy.
 *
 *     deno run --allow-read --allow-write --allow-ffi --allow-sys examples/nightly_snapshot.ts SRC STORE
 */
import process from "node:process";
import { prune, snapshot, snapshots, SyncError } from "undrift";

const [source = ".", store = "snapshots"] = process.argv.slice(2);
try {
  const isFirst = (await snapshots(store).catch(() => [])).length === 0;
  const report = await snapshot(source, store, {
    verify: true,
    tags: ["nightly"],
    lockWait: 600,
    expect: isFirst ? {} : { linked: { atLeast: "50%" } },
  }).run();
  const { name, sharedFiles, newFiles, newBytes } = report.snapshot!;
  console.log(`${name}: ${sharedFiles} files shared, ${newFiles} new (${newBytes} bytes)`);
  for (const { expected, found } of report.unmet) console.log(`expected ${expected}, but it is ${found}`);

  const { summary } = await prune(store, { keepDaily: 14, keepWeekly: 8, keepMonthly: 12 }).run();
  console.log(`${summary.kept} snapshots kept, ${summary.removed} removed`);
  process.exitCode = report.failureCount + report.unmet.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof SyncError)) throw error;
  console.error(`${error.message}${error.hint === undefined ? "" : `\n${error.hint}`}`);
  process.exitCode = 1;
}
