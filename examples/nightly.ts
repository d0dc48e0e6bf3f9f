/**
 * The night's work as one task: a mirror, checked byte by byte, becomes a dated snapshot, and old snapshots go. A step
 * that does not end well ends the night; what comes after it would build on it. Interrupting it stops whatever runs, and
 * the next night finishes.
 *
 *     deno run --allow-read --allow-write --allow-ffi --allow-sys examples/nightly.ts SRC COPY STORE
 */
import process from "node:process";
import { mirror, prune, retry, sequence, snapshot, SyncError, verify } from "undrift";

/** The whole night. */
export function nightly(source: string, copy: string, store: string) {
  return sequence({
    mirror: retry(mirror(source, copy, { delete: true }), { attempts: 2 }),
    verify: verify(source, copy),
    snapshot: snapshot(copy, store, { verify: true, tags: ["nightly"], lockWait: 600 }),
    prune: prune(store, { keepLast: 3, keepDaily: 14, keepWeekly: 8, keepMonthly: 12 }),
  });
}

if (import.meta.main) {
  const [source = ".", copy = "nightly-copy", store = "nightly-store"] = process.argv.slice(2);
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  try {
    const { reports } = await nightly(source, copy, store).run({
      signal: stop.signal,
      onEvent: ({ type, step }) => type === "end" && step.length > 0 && console.log(`${step.join("/")}: done`),
    });
    console.log(`${reports.mirror.done.files} files mirrored, ${reports.snapshot.snapshot?.sharedFiles} shared`);
    console.log(`${reports.prune.summary.kept} snapshots kept, ${reports.prune.summary.removed} removed`);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    console.error(`${error.message}${error.hint === undefined ? "" : `\n${error.hint}`}`);
    process.exitCode = 1;
  }
}
