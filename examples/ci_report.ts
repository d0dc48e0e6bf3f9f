/**
 * Tells GitHub Actions what a saved plan would do: annotations in the log, a summary of the step, outputs for later
 * steps, and JUnit for the list of checks. Ends with 1 when the plan would be refused.
 *
 *     deno run --allow-read --allow-write --allow-ffi --allow-env --allow-sys \
 *       examples/ci_report.ts PLAN JUNIT
 */
import process from "node:process";
import { loadPlan, report } from "undrift";

const [file = "review/plan.ndjson", junit = "review/junit.xml"] = process.argv.slice(2);
const review = report(await loadPlan(file));
console.log(await review.github(process.env));
await review.save(junit);
const { error } = await review.summary();
process.exitCode = error === undefined ? 0 : 1;
