/**
 * Tells of errors that no test caught, in the words that Bun uses, so that the runner can see them.
 *
 * Imported by every test file through the façade. Under Deno, `node:test` takes such errors for dealt with as soon as a
 * test is declared: a file that throws while it loads, or in a timer, would pass with what it had declared until then.
 */
import { UNHANDLED_ERROR } from "./tally.ts";

if (!("Bun" in globalThis)) {
  globalThis.addEventListener("unhandledrejection", ({ reason }) => tell(reason));
  globalThis.addEventListener("error", ({ error }) => tell(error));
}

function tell(error: unknown): void {
  console.error(`${UNHANDLED_ERROR}\n${error instanceof Error ? error.stack : error}`);
}
