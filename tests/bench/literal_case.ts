/**
 * The bytes of a new file that a delta has to bring, beside those that rsync sends with blocks of the same length. They
 * are the same in every round, so there is one.
 */
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { makeFiles } from "./delta_case.ts";
import { run } from "./measure.ts";
import { type CaseResult, FORMS, judged, type Row } from "./results.ts";

const MEBIBYTES = 1024;
/** What rsync takes for a file of this size. */
const BLOCK_LENGTH = 32_768;
const MEGABYTE = 1e6;

/** Compares literal bytes. */
export function literalCase(bench: Bench): CaseResult {
  const mebibytes = Math.floor(MEBIBYTES / bench.shrink);
  const folder = join(bench.stage, "literal");
  mkdirSync(folder, { recursive: true });
  bench.say("making the files of the case literal");
  makeFiles(folder, mebibytes);
  const what = `literal bytes, 1 % edited, ${mebibytes} MiB`;
  bench.say(what);
  const [old, edited] = [join(folder, "old"), join(folder, "edited")];
  const rows = FORMS.map((form): Omit<Row, "rivals" | "met"> => {
    const told = run([
      ...bench.forms[form],
      "delta",
      "--explain",
      "--json",
      `--block-size=${BLOCK_LENGTH}`,
      old,
      edited,
    ]);
    const { literal } = told.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line))
      .find(({ type }) => type === "delta") as { literal: { bytes: number } };
    return { what, form, unit: "MB", value: literal.bytes / MEGABYTE, targets: [{ rival: "rsync", most: 1 }] };
  });
  const sent = literalOfRsync(folder, old, edited) / MEGABYTE;
  rmSync(folder, { recursive: true });
  const withRival = rows.map((row) => judged({ ...row, rivals: { rsync: { value: sent, ratio: row.value / sent } } }));
  return { name: "literal", table: "delta", rows: withRival, samples: {} };
}

/** What rsync sends as data to make the new file of the old one. */
function literalOfRsync(folder: string, old: string, fresh: string): number {
  const copy = join(folder, "copy");
  copyFileSync(old, copy);
  const options = ["--no-whole-file", "--ignore-times", "--stats", "--no-h", `--block-size=${BLOCK_LENGTH}`];
  const told = run(["rsync", ...options, fresh, copy]);
  rmSync(copy);
  return Number(/^Literal data: (\d+) bytes$/m.exec(told)![1]);
}
