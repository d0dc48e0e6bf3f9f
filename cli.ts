/**
 * The program `undrift`: arguments and streams of this process go in, its exit code comes out.
 *
 * The exit code is set and the process left to end by itself, so that nothing that was written is lost.
 *
 * @module
 */
import process from "node:process";
import { isStandalone } from "./lib/os/standalone.ts";

const args = process.argv.slice(2);
const worksLong = args[0] === "mirror" || args[0] === "apply";
// Before anything else is loaded, since that would be loaded twice.
if (worksLong && isStandalone(import.meta.url)) (await import("./lib/os/restart.ts")).restartLean();

const [{ run }, { processIo }] = await Promise.all([import("./lib/cli/run.ts"), import("./lib/os/terminal.ts")]);
const io = processIo();
process.exitCode = await run(args, io);
await io.close();
