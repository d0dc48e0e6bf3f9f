/**
 * The program `undrift`: arguments and streams of this process go in, its exit code comes out.
 *
 * The exit code is set and the process left to end by itself, so that nothing that was written is lost.
 *
 * @module
 */
import process from "node:process";
import { run } from "./lib/cli/run.ts";
import { processIo } from "./lib/os/terminal.ts";

const io = processIo();
process.exitCode = await run(process.argv.slice(2), io);
await io.close();
