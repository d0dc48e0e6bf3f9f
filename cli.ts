/**
 * The program `undrift`: arguments and streams of this process go in, its exit code comes out.
 *
 * The exit code is set and the process left to end by itself, so that nothing that was written is lost.
 *
 * @module
 */
import process from "node:process";
import { run } from "./lib/cli/run.ts";
import { isStandalone } from "./lib/os/standalone.ts";
import { processIo } from "./lib/os/terminal.ts";

const args = process.argv.slice(2);
const worksLong = args[0] === "mirror" || args[0] === "apply";
if (worksLong && isStandalone(import.meta.url)) (await import("./lib/os/restart.ts")).restartLean();

const io = processIo();
process.exitCode = await run(args, io);
await io.close();
