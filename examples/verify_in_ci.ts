/**
 * Checks what was deployed against the manifest of the build: annotations in the log and JUnit for the list of checks.
 * Without a manifest it makes one, which the job that builds keeps. Ends with 1 when anything differs.
 *
 *     deno run --allow-read --allow-write --allow-ffi --allow-env --allow-sys \
 *       examples/verify_in_ci.ts dist.sha256 dist             # after the build
 *     deno run ... examples/verify_in_ci.ts dist.sha256 /srv/site verify.xml
 */
import process from "node:process";
import { existsSync } from "node:fs";
import { manifest, report, verify } from "undrift";

const [file = "dist.sha256", directory = "dist", junit = "verify.xml"] = process.argv.slice(2);

if (!existsSync(file)) {
  const made = await manifest(directory).lines().writeTo(file);
  console.log(`${made.files} files, ${made.bytes} bytes: ${file}`);
  process.exitCode = made.failureCount === 0 ? 0 : 1;
} else {
  const found = await verify({ manifest: file }, directory, { exclude: ["/uploads/"] }).run();
  const review = report(found);
  console.log(await review.github(process.env));
  await review.save(junit);
  process.exitCode = found.outcome === "same" ? 0 : 1;
}
