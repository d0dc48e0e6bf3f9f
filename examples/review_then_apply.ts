/**
 * First a plan that people can look at, later exactly that plan and nothing else.
 *
 *     deno run --allow-read --allow-write --allow-ffi --allow-env --allow-sys \
 *       examples/review_then_apply.ts plan SRC DST FOLDER
 *     deno run --allow-read --allow-write --allow-ffi --allow-env --allow-sys \
 *       examples/review_then_apply.ts apply FOLDER
 *
 * `FOLDER` gets the plan, a page to look at (`plan.html`) and a text for a pull request (`plan.md`). When an entry of
 * either side has moved since, `apply` changes nothing and says which.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { loadPlan, mirror, report, SyncError } from "undrift";

async function review(source: string, destination: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const plan = await mirror(source, destination, { delete: true }).plan();
  await plan.save(join(folder, "plan.ndjson"));
  const review = report(plan);
  await review.save(join(folder, "plan.html"));
  await review.save(join(folder, "plan.md"));
  console.log(await review.text());
}

async function apply(folder: string): Promise<void> {
  const plan = await loadPlan(join(folder, "plan.ndjson"));
  const done = await plan.apply();
  await report(done).save(join(folder, "done.md"));
  console.log(await report(done).text());
}

const [step, ...operands] = process.argv.slice(2);
const [first = "", second = "", third = "review"] = operands;
try {
  if (step === "plan" && second !== "") await review(first, second, third);
  else if (step === "apply" && first !== "") await apply(first);
  else throw new SyncError("usage", "Cannot tell what to do: plan SRC DST FOLDER or apply FOLDER is wanted");
} catch (thrown) {
  if (!(thrown instanceof SyncError)) throw thrown;
  console.error(`${thrown.code}: ${thrown.message}`);
  process.exitCode = thrown.code === "drift" ? 5 : 1;
}
