/**
 * Mirrors one folder into another: looks first, refuses surprises, then applies exactly what was shown.
 *
 *     deno run --allow-read --allow-write --allow-ffi examples/mirror_folder.ts SRC DST
 */
import process from "node:process";
import { mirror } from "undrift";

const [source = ".", destination = "mirror-copy"] = process.argv.slice(2);
const plan = await mirror(source, destination, { delete: true, maxDelete: 10 }).plan();
for await (const action of plan) console.log(action.op, action.path, action.reasons.join(" "));

const report = await plan.apply();
console.log(
  `${report.outcome}: ${report.done.files} files, ${report.copiedBytes} bytes, ${report.done.deleted} deleted`,
);
